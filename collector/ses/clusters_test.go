package ses_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses/sestest"
)

const every = "service_group_instance_no: '*'\n" + inline

// upgrading returns clusters with these numbers, whose upgrades are halfway.
func upgrading(numbers ...string) []sestest.Cluster {
	list := []sestest.Cluster{}
	for _, n := range numbers {
		list = append(list, sestest.Cluster{Number: n, Name: "logs-" + n, Drill: drill.Drill{Scenario: drill.Happy, Start: moment.Add(-time.Hour), Length: 2 * time.Hour, Now: clock}})
	}
	return list
}

func withClusters(list []sestest.Cluster) *sestest.Server {
	return &sestest.Server{AccessKey: accessKey, SecretKey: secretKey, Now: clock, Clusters: list}
}

// said says of each job of a list its name and state, or why it could not be read.
func said(r progress.Report) string {
	var words []string
	for _, j := range r.Jobs {
		state := j.Report.State.String()
		if j.Err != nil {
			e := progress.AsError(j.Err)
			state = strings.TrimSpace(string(e.Reason) + " " + e.Code)
		}
		words = append(words, j.ID+" "+j.Name+" "+state)
	}
	return strings.Join(words, "; ")
}

// Clusters come and go, and one that has no upgrade is a job all the same.
func TestClusters(t *testing.T) {
	source := open(t, target(t, every))
	if !progress.Lists(source) || progress.Lists(open(t, target(t, options))) {
		t.Fatal("a target is a list with '*', and with nothing else")
	}
	idle := sestest.Cluster{Number: "7", Name: "idle"}
	for _, tc := range []struct {
		clusters []sestest.Cluster
		want     string
	}{
		{upgrading("22"), "22 logs-22 running"},
		{append(upgrading("22", "3"), idle), "3 logs-3 running; 7 idle none; 22 logs-22 running"}, // by number, not by text
		{[]sestest.Cluster{idle}, "7 idle none"},
		{[]sestest.Cluster{}, ""},
	} {
		r, err := source.Progress(t.Context(), collectortest.Served(withClusters(tc.clusters)))
		if got := said(r); err != nil || got != tc.want || r.Jobs == nil {
			t.Errorf("%v, %s; want %s", err, got, tc.want)
		}
	}
}

// bodyOf returns the body of a request, which can still be sent.
func bodyOf(t *testing.T, r *http.Request) string {
	t.Helper()
	if r.GetBody == nil {
		return ""
	}
	body, err := r.GetBody()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each request is signed for its own path and query, and asks for its own cluster.
func TestRequestsOfAList(t *testing.T) {
	var mu sync.Mutex
	var got []string
	product := collectortest.Served(withClusters(upgrading("22", "3")))
	tg := target(t, every+"region: SGN\nregion_no: 7")
	tg.URL = &url.URL{Scheme: "https", Host: "gw.example", Path: "/a b"}
	_, err := open(t, tg).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		mu.Lock()
		got = append(got, strings.TrimSpace(r.Method+" "+r.URL.String()+" "+bodyOf(t, r)))
		mu.Unlock()
		if want := sign(r.Method + " " + r.URL.RequestURI()); r.Header.Get("x-ncp-apigw-signature-v2") != want {
			t.Errorf("%s %s is not signed as %s", r.Method, r.URL, want)
		}
		return product(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	call := "POST https://gw.example/a%20b/api/sgn-v2/cluster/getRollingUpgradeProgress "
	want := []string{
		"GET https://gw.example/a%20b/api/sgn-v2/cluster/getClusterInfoList?pageNo=1&pageSize=100",
		call + `{"serviceGroupInstanceNo":"22","regionNo":"7"}`,
		call + `{"serviceGroupInstanceNo":"3","regionNo":"7"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// Of many clusters as many are asked for as jobs are shown, those with the lowest numbers,
// and the list costs a request for each hundred.
func TestManyClusters(t *testing.T) {
	var numbers []string
	for i := range 203 {
		numbers = append(numbers, strconv.Itoa(203-i))
	}
	for most, want := range map[int][]string{200: {"201", "202", "203"}, 202: {"203"}, 203: nil, 1000: nil} {
		tg := target(t, every)
		tg.MaxJobs = most
		product := withClusters(upgrading(numbers...))
		r, err := open(t, tg).Progress(t.Context(), collectortest.Served(product))
		if diff := cmp.Diff(want, r.Unasked); err != nil || diff != "" {
			t.Errorf("at most %d: %v; not asked for (-want +got):\n%s", most, err, diff)
		}
		if asked := min(most, len(numbers)); len(r.Jobs) != asked || product.Requests() != asked+3 || r.Jobs[0].ID != "1" {
			t.Errorf("at most %d: %d jobs by %d requests, the first is %s", most, len(r.Jobs), product.Requests(), r.Jobs[0].ID)
		}
	}
}

// What is wrong with one cluster is so for it alone, but not what is wrong with the keys.
func TestOneOfManyFails(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		status     int
		broken     error
		want       string // of cluster 3
		list       string // the reason why the list cannot be read
	}{
		{"refused", `{"code":7,"message":"no"}`, 200, nil, "api 7", ""},
		{"not JSON", `<html>`, 200, nil, "decode", ""},
		{"in trouble", `<html>`, 503, nil, "http_5xx", ""},
		{"not found", `{"error":{"errorCode":"300"}}`, 404, nil, "http_4xx 300", ""},
		{"no right to see it", `{"error":{"errorCode":"210"}}`, 401, nil, "auth 210", ""},
		{"hangs", "", 0, progress.Errorf(progress.Timeout, "no answer"), "timeout", ""},
		{"wrong keys", `{"error":{"errorCode":"200"}}`, 401, nil, "", "auth"},
		{"one too many", `{"error":{"errorCode":"410"}}`, 429, nil, "", "rate_limited"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			good := collectortest.Served(withClusters(upgrading("3", "5")))
			fetch := func(r *http.Request) (progress.Response, error) {
				if strings.Contains(bodyOf(t, r), `"3"`) {
					return progress.Response{Status: tc.status, Body: []byte(tc.body), Request: r}, tc.broken
				}
				return good(r)
			}
			r, err := open(t, target(t, every)).Progress(t.Context(), fetch)
			if tc.list != "" {
				if e := progress.AsError(err); err == nil || string(e.Reason) != tc.list {
					t.Errorf("%v, want the list to fail with %s", err, tc.list)
				}
				return
			}
			if got, want := said(r), "3 logs-3 "+tc.want+"; 5 logs-5 running"; err != nil || got != want {
				t.Errorf("%v, %s; want %s", err, got, want)
			}
		})
	}
}

// Once the keys or the number of requests are refused, what was not asked yet is not asked.
func TestRefusalEndsTheRead(t *testing.T) {
	var numbers []string
	for i := range 100 {
		numbers = append(numbers, strconv.Itoa(i))
	}
	good := collectortest.Served(withClusters(upgrading(numbers...)))
	var mu sync.Mutex
	asked := 0
	_, err := open(t, target(t, every)).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		if r.Method == http.MethodGet {
			return good(r)
		}
		if err := r.Context().Err(); err != nil {
			return progress.Response{}, progress.Errorf(progress.Timeout, "%w", err)
		}
		mu.Lock()
		defer mu.Unlock()
		asked++
		return progress.Response{Status: 429, Body: []byte(`{"error":{"errorCode":"410"}}`), Header: http.Header{"Retry-After": {"90"}}, Request: r}, nil
	})
	var e *progress.Error
	if !errors.As(err, &e) || e.Reason != progress.RateLimited || e.RetryAfter != 90*time.Second {
		t.Errorf("%v, want rate_limited and a pause of 90 s", err)
	}
	if asked > 20 {
		t.Errorf("%d clusters were asked for after the first refusal", asked)
	}
}
