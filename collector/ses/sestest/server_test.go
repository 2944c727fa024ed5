package sestest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/ses/sestest"
)

const (
	accessKey = "EXAMPLEACCESSKEY0001"
	secretKey = "exampleSecretKey-for-tests-only"
	signature = "zJmigLtkUGW/V3QRXzUzRkzOssP7DBOBl+L+oHPEw5w=" // of a good request, made with openssl
	path      = "/api/v2" + sestest.Call
	question  = `{"serviceGroupInstanceNo":"3427188"}`
)

var moment = time.UnixMilli(1700000000000)

func clock() time.Time { return moment }

// good is a request that the gateway passes on.
func good() *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(question))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("x-ncp-apigw-timestamp", strconv.FormatInt(moment.UnixMilli(), 10))
	r.Header.Set("x-ncp-iam-access-key", accessKey)
	r.Header.Set("x-ncp-apigw-signature-v2", signature)
	return r
}

func ask(s *sestest.Server, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

const (
	notFound        = `{"error":{"errorCode":"300","message":"Not Found Exception","details":"URL not found."}}`
	badRequest      = `{"error":{"errorCode":"100","message":"Bad Request Exception"}}`
	unauthenticated = `{"error":{"errorCode":"200","message":"Authentication Failed","details":"Invalid authentication information."}}`
	idle            = `{"code":0,"message":"SUCCESS","result":{"name":"logs-prod","nodeCount":1,"versionVo":null,
		"nodeStatusVoList":[{"hostname":"n","status":"running","nodeRoleCode":"M","updatedDate":"2026-05-11 18:22:40"}]},
		"requestId":"00000000-0000-4000-8000-000000000000"}`
)

func TestGateway(t *testing.T) {
	at := func(d time.Duration) string { return strconv.FormatInt(moment.Add(d).UnixMilli(), 10) }
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	request := func(method, target, body string) func(*http.Request) {
		return func(r *http.Request) {
			n := httptest.NewRequest(method, target, strings.NewReader(body))
			n.Header = r.Header
			*r = *n
		}
	}
	for _, tc := range []struct {
		name   string
		server *sestest.Server
		change func(*http.Request)
		status int
		body   string
	}{
		{"good", nil, func(*http.Request) {}, 200, idle},
		{"GET", nil, request("GET", path, ""), 404, notFound},
		{"another path", nil, request("POST", "/api/xx-v2"+sestest.Call, question), 404, notFound},
		{"another call", nil, request("POST", "/api/v2/cluster/rollingUpgradeCluster", question), 404, notFound},
		{"a query that is not signed", nil, request("POST", path+"?x=1", question), 401, unauthenticated},
		{"another region's path is signed", nil, request("POST", "/api/sgn-v2"+sestest.Call, question), 401, unauthenticated},
		{"wrong signature", nil, header("x-ncp-apigw-signature-v2", "x"+signature), 401, unauthenticated},
		{"no signature", nil, header("x-ncp-apigw-signature-v2", ""), 401, unauthenticated},
		{"wrong access key", nil, header("x-ncp-iam-access-key", "OTHER"), 401, unauthenticated},
		{"no access key", nil, header("x-ncp-iam-access-key", ""), 401, unauthenticated},
		{"no timestamp", nil, header("x-ncp-apigw-timestamp", ""), 401, unauthenticated},
		{"timestamp is no number", nil, header("x-ncp-apigw-timestamp", "now"), 401, unauthenticated},
		{"timestamp is signed", nil, header("x-ncp-apigw-timestamp", at(time.Millisecond)), 401, unauthenticated},
		{"any keys, too early", &sestest.Server{}, header("x-ncp-apigw-timestamp", at(-5*time.Minute)), 401, unauthenticated},
		{"any keys, too late", &sestest.Server{}, header("x-ncp-apigw-timestamp", at(5*time.Minute)), 401, unauthenticated},
		{"any keys, in time", &sestest.Server{}, header("x-ncp-apigw-timestamp", at(-5*time.Minute+time.Millisecond)), 200, idle},
		{"any keys, but some", &sestest.Server{}, header("x-ncp-iam-access-key", ""), 401, unauthenticated},
		{"no content type", nil, header("Content-Type", ""), 400, badRequest},
		{"form", nil, header("Content-Type", "application/x-www-form-urlencoded"), 400, badRequest},
		{"empty body", nil, request("POST", path, ""), 400, badRequest},
		{"two bodies", nil, request("POST", path, question+question), 400, badRequest},
		{"capital letter", nil, request("POST", path, `{"ServiceGroupInstanceNo":"3427188"}`), 400, badRequest},
		{"a number", nil, request("POST", path, `{"serviceGroupInstanceNo":3427188}`), 400, badRequest},
		{"no number", nil, request("POST", path, `{"serviceGroupInstanceNo":""}`), 400, badRequest},
		{"region alone", nil, request("POST", path, `{"regionNo":"1"}`), 400, badRequest},
		{"empty region", nil, request("POST", path, `{"serviceGroupInstanceNo":"1","regionNo":""}`), 400, badRequest},
		{"region", nil, request("POST", path, `{"serviceGroupInstanceNo":"1","regionNo":"1"}`), 200, idle},
		{"another field", nil, request("POST", path, `{"serviceGroupInstanceNo":"1","x":"1"}`), 400, badRequest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := tc.server
			if s == nil {
				s = &sestest.Server{AccessKey: accessKey, SecretKey: secretKey}
			}
			s.Now, s.Nodes = clock, []sestest.Node{{Hostname: "n", Role: "M"}}
			r := good()
			tc.change(r)
			collectortest.WantAnswer(t, ask(s, r), tc.status, tc.body)
		})
	}
}

func TestKnobs(t *testing.T) {
	s := &sestest.Server{Now: clock, Nodes: []sestest.Node{{Hostname: "n", Role: "M"}}}
	w := ask(s, good())
	collectortest.WantAnswer(t, w, 200, idle)
	if got, want := w.Header().Get("Date"), "Tue, 14 Nov 2023 22:13:20 GMT"; got != want {
		t.Errorf("Date %q, want %q: it is the gateway's clock", got, want)
	}
	s.SetThrottle(90 * time.Second)
	w = ask(s, good())
	collectortest.WantAnswer(t, w, 429, `{"error":{"errorCode":410,"message":"Throttle Limited"}}`)
	if got := w.Header().Get("Retry-After"); got != "90" {
		t.Errorf("Retry-After %q, want 90", got)
	}
	s.SetBody(func() (int, string) { return 418, fmt.Sprint(s.Requests()) })
	collectortest.WantAnswer(t, ask(s, good()), 418, "3")
	s.SetBody(nil)
	s.SetThrottle(0)
	s.SetDrill(drill.Drill{Scenario: drill.Vanish, Start: moment.Add(-time.Hour), Length: time.Hour, Now: clock})
	collectortest.WantAnswer(t, ask(s, good()), 200, `{"code":0,"message":"SUCCESS","result":null,"requestId":"00000000-0000-4000-8000-000000000003"}`)
	if got := s.Requests(); got != 4 {
		t.Errorf("%d requests counted, want 4", got)
	}
}

func TestConcurrentUse(t *testing.T) {
	s := &sestest.Server{Now: clock}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				ask(s, good())
			}
		})
	}
	s.SetDrill(drill.Drill{Scenario: drill.Happy, Start: moment, Length: time.Hour, Now: clock})
	s.SetThrottle(time.Second)
	s.SetBody(func() (int, string) { return 500, "{}" })
	wg.Wait()
	if got := s.Requests(); got != 200 {
		t.Errorf("%d requests counted, want 200", got)
	}
}
