package ses

import (
	"encoding/json"
	"reflect"
	"strconv"

	"progress_exporter/collector/progress"
)

// The shapes of the question and the answer follow the page of the call
// (https://api.ncloud-docs.com/docs/ses-getrollingupgradeprogress), those of the
// gateway's errors https://api-gov.ncloud-docs.com/docs/api-call-lgc-errorhandling.

// question is the body of the request. Newer pages call regionNo required, older
// ones do not know it, so it is sent only when it is configured.
type question struct {
	ServiceGroupInstanceNo string `json:"serviceGroupInstanceNo"`
	RegionNo               string `json:"regionNo,omitempty"`
}

// answer is the body of every answer: the service's with its result, or an error of the
// gateway before it.
type answer[Result any] struct {
	Code    code    `json:"code" progress:"essential"` // 0 in every documented sample
	Message string  `json:"message"`                   // SUCCESS in every documented sample
	Result  *Result `json:"result" progress:"essential"`

	Error *gatewayError `json:"error"`
	// Other Ncloud services have this shape instead.
	ResponseError *struct {
		ReturnCode    code   `json:"returnCode"`
		ReturnMessage string `json:"returnMessage"`
	} `json:"responseError"`
}

// gatewayError is an error of the gateway. The page of legacy APIs, to which SES belongs, has
// details; that of standardized ones has detail and fieldErrors
// (https://api.ncloud-docs.com/docs/type-error-response). Both are read, whichever comes.
type gatewayError struct {
	ErrorCode   code         `json:"errorCode"` // a number or digits; of standardized APIs a name, such as NotFound
	Message     string       `json:"message"`
	Details     string       `json:"details"`
	Detail      string       `json:"detail"`
	FieldErrors []fieldError `json:"fieldErrors"`
}

// fieldError is what is wrong with one field of the request.
type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// result is a cluster and its upgrade.
type result struct {
	Name      string   `json:"name"`
	NodeCount *count   `json:"nodeCount" progress:"essential"` // an integer; a float64 so that 3.0 does not cost the answer
	Version   *version `json:"versionVo" progress:"essential"` // without it there is no upgrade
	Nodes     []*node  `json:"nodeStatusVoList" progress:"essential"`
}

// page is a part of the list of clusters
// (https://api.ncloud-docs.com/docs/en/analytics-vpcsearchengine-cluster-getclusterinfolist).
// What is in disallowedClusters is taken for clusters that the key may not see.
type page struct {
	IsLast    *bool   `json:"isLast" progress:"essential"`
	TotalPage *count  `json:"totalPage" progress:"essential"`
	Clusters  []*item `json:"allowedClusters" progress:"essential"`
}

// item is a cluster in the list, with the names of its fields as the vendor's SDK has them
// (NaverCloudPlatform/ncloud-sdk-go-v2, services/vses2). There the number is a string. The
// words of its clusterStatus are documented nowhere, so they do not tell which one is upgraded.
type item struct {
	Name   string `json:"clusterName"`
	Number code   `json:"serviceGroupInstanceNo" progress:"essential"`
}

// version is what is upgraded to what.
type version struct {
	Current    string `json:"currentVersionCode"`
	Target     string `json:"targetVersionCode"`
	ActionDate string `json:"actionDate"` // when the upgrade was requested
}

// node is one machine of the cluster.
type node struct {
	Hostname    string `json:"hostname"`
	Status      string `json:"status" progress:"essential"` // an open set; see phaseOf
	Role        string `json:"nodeRoleCode"`                // M, D; other types of clusters may have more
	UpdatedDate string `json:"updatedDate"`                 // of Status
}

// code is an error code, which comes as a number or as a string; empty if there is
// none.
type code string

// UnmarshalJSON takes a number as it is written, and a string's content.
func (c *code) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case 'n': // null
		return nil
	case '"':
		return json.Unmarshal(b, (*string)(c))
	case '{', '[', 't', 'f':
		kind := map[byte]string{'{': "object", '[': "array", 't': "bool", 'f': "bool"}[b[0]]
		return &json.UnmarshalTypeError{Value: kind, Type: reflect.TypeFor[code]()}
	}
	*c = code(b)
	return nil
}

// wrong reports whether the code stands for an error: whether it is not 0.
func (c code) wrong() bool {
	if c == "" {
		return false
	}
	n, err := strconv.ParseFloat(string(c), 64)
	return err != nil || n != 0
}

// count is a number that may stand in a text, where it can mean nothing else.
type count float64

// UnmarshalJSON takes a number, or a text that is one.
func (c *count) UnmarshalJSON(b []byte) error {
	if b[0] != '"' {
		return json.Unmarshal(b, (*float64)(c))
	}
	var text string
	_ = json.Unmarshal(b, &text)
	n, err := progress.ParseNumber(text)
	if err != nil {
		return &json.UnmarshalTypeError{Value: "string", Type: reflect.TypeFor[count]()}
	}
	*c = count(n)
	return nil
}
