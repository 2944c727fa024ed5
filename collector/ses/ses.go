// Package ses reads the rolling upgrade of a cluster of NAVER Cloud's Search Engine
// Service (VPC): POST …/cluster/getRollingUpgradeProgress
// (https://api.ncloud-docs.com/docs/ses-getrollingupgradeprogress).
//
// A job is one upgrade, and its key is the number of the cluster
// (serviceGroupInstanceNo); all clusters of the keys are a list of jobs. The answer has no total progress: it is the share of the
// nodes that are done.
package ses

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
	// The default time zone has to be known in a container without zoneinfo, too.
	_ "time/tzdata"

	"progress_exporter/collector/progress"
)

// The product's own families, as indexes into API().Families.
const (
	familyNodes = iota
	familyUpdated
)

// API returns the product, with the clock that dates signatures. Its pages document no
// error codes.
func API(now func() time.Time) progress.API {
	return progress.API{
		Name: "ses",
		Families: []progress.Family{
			familyNodes: {Name: "nodes", Labels: []string{"phase"},
				Help: "Listed nodes of a cluster that is upgraded, by how the exporter reads their status: waiting, working, done, failed (only words that states: names) or unknown."},
			familyUpdated: {Name: "node_updated_timestamp_seconds", Labels: []string{"node_name"},
				Help: "When the status of the node changed last (updatedDate), read in the target's time_zone."},
		},
		Open: func(t progress.Target) (progress.Source, error) { return open(t, now) },
	}
}

// cluster is one cluster and how to ask for it.
type cluster struct {
	address     string // of the endpoint
	listed      bool   // the number is from the list of clusters, not from the options
	question    question
	access, key progress.Credential // the access key id and the secret key
	zone        *time.Location      // of the dates, which have none
	words       map[string]phase    // what the target's states: says
	now         func() time.Time
}

// Progress asks for the upgrade of the cluster. A cluster without one is a report
// with the state None.
func (c *cluster) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	k, err := c.keys()
	if err != nil {
		return progress.Report{}, err
	}
	return c.ask(ctx, fetch, k)
}

// keys reads the keys.
func (c *cluster) keys() (keys, error) {
	access, err := c.access()
	if err != nil {
		return keys{}, err
	}
	if !visible.MatchString(access) {
		return keys{}, progress.Errorf(progress.Internal,
			"the file of options.access_key_file does not hold an access key id and nothing else; put the one there that the portal shows")
	}
	secret, err := c.key()
	return keys{access, secret}, err
}

// ask asks for the upgrade of the cluster with these keys.
func (c *cluster) ask(ctx context.Context, fetch progress.Fetch, k keys) (progress.Report, error) {
	req, err := c.request(ctx, k)
	if err != nil {
		return progress.Report{}, err
	}
	resp, err := fetch(req)
	if err != nil {
		return progress.Report{}, err
	}
	return c.read(resp)
}

// The headers of a signed request, as the page
// https://api.ncloud-docs.com/docs/en/analytics-vpcsearchengine names them.
const (
	headerTimestamp = "X-Ncp-Apigw-Timestamp"
	headerAccessKey = "X-Ncp-Iam-Access-Key"
	headerSignature = "X-Ncp-Apigw-Signature-V2"
)

// request makes the request, signed for this moment.
func (c *cluster) request(ctx context.Context, k keys) (*http.Request, error) {
	body, err := json.Marshal(c.question)
	if err != nil {
		return nil, progress.Errorf(progress.Internal, "cannot write the request: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return nil, progress.Errorf(progress.Internal, "cannot make the request, check the target's url: %w", err)
	}
	k.put(req, c.now())
	// This POST only reads. With the key net/http repeats it when the gateway has
	// closed a kept connection meanwhile; a nil value is never sent.
	req.Header["X-Idempotency-Key"] = nil
	return req, nil
}

// put signs a request for a moment.
func (k keys) put(req *http.Request, at time.Time) {
	req.Header = http.Header{
		"Content-Type":  {"application/json"},
		headerTimestamp: {strconv.FormatInt(at.UnixMilli(), 10)},
		headerAccessKey: {k.access},
		headerSignature: {k.sign(req.Method, req.URL.RequestURI(), at)},
	}
}

// job identifies one upgrade of the cluster.
func (c *cluster) job(actionDate string) string {
	return fmt.Sprint(c.question.ServiceGroupInstanceNo, " ", actionDate)
}
