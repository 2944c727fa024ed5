package sestest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The gateway's error answers, as its page shows their shape. The codes are a
// string in one and a number in another: its table and its sample differ.
const (
	notFound        = `{"error":{"errorCode":"300","message":"Not Found Exception","details":"URL not found."}}`
	badRequest      = `{"error":{"errorCode":"100","message":"Bad Request Exception"}}`
	unauthenticated = `{"error":{"errorCode":"200","message":"Authentication Failed","details":"Invalid authentication information."}}`
	throttled       = `{"error":{"errorCode":410,"message":"Throttle Limited"}}`
	// unknownCluster is invented: no page has the service's own errors.
	unknownCluster = `{"code":1001,"message":"FAIL","result":null}`
	outage         = `{"error":{"errorCode":"500","message":"Endpoint Error"}}`
)

// maxClockError is by how much the clock of a request may be off.
const maxClockError = 5 * time.Minute

// refused is a request that the gateway does not pass on.
type refused struct {
	status int
	body   string
}

// check returns why a request is refused, or nil.
func (s *Server) check(r *http.Request, body string, now time.Time) *refused {
	lists := r.Method == http.MethodGet && isCall(r.URL.Path, ListCall)
	switch {
	case !lists && (r.Method != http.MethodPost || !isCall(r.URL.Path, Call)):
		return &refused{http.StatusNotFound, notFound}
	case !s.authentic(r, now):
		return &refused{http.StatusUnauthorized, unauthenticated}
	case lists:
		return nil
	case r.Header.Get("Content-Type") != "application/json" || !isQuestion(body):
		return &refused{http.StatusBadRequest, badRequest}
	}
	return nil
}

// authentic reports whether a request is signed, in time, with the right keys.
func (s *Server) authentic(r *http.Request, now time.Time) bool {
	timestamp := r.Header.Get("x-ncp-apigw-timestamp")
	access := r.Header.Get("x-ncp-iam-access-key")
	signature := r.Header.Get("x-ncp-apigw-signature-v2")
	milliseconds, err := strconv.ParseInt(timestamp, 10, 64)
	switch {
	case err != nil || access == "" || signature == "":
		return false
	case now.Sub(time.UnixMilli(milliseconds)).Abs() >= maxClockError:
		return false
	case s.AccessKey != "" && s.AccessKey != access:
		return false
	case s.SecretKey == "":
		return true
	}
	mac := hmac.New(sha256.New, []byte(s.SecretKey))
	_, _ = mac.Write([]byte(r.Method + " " + r.RequestURI + "\n" + timestamp + "\n" + access))
	return signature == base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// isQuestion reports whether a body is what the vendor's page asks for: an object
// with the number of a cluster as a string, and perhaps that of a region, each under
// exactly the name in the vendor's samples.
func isQuestion(body string) bool {
	var fields map[string]string
	d := json.NewDecoder(strings.NewReader(body))
	if d.Decode(&fields) != nil || d.More() {
		return false
	}
	for name, value := range fields {
		if value == "" || name != "serviceGroupInstanceNo" && name != "regionNo" {
			return false
		}
	}
	return fields["serviceGroupInstanceNo"] != ""
}
