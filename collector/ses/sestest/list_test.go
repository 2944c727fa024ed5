package sestest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/ses/sestest"
)

// listing is a request for the list, which is signed if any keys will do.
func listing(method, query string) *http.Request {
	r := httptest.NewRequest(method, "/api/v2"+sestest.ListCall+query, nil)
	r.Header = good().Header
	return r
}

func listAnswer(number int, result string) string {
	return fmt.Sprintf(`{"code":0,"message":"SUCCESS","result":%s,"requestId":"00000000-0000-4000-8000-%012d"}`, result, number)
}

func TestList(t *testing.T) {
	var three []sestest.Cluster
	for i := range 3 {
		three = append(three, sestest.Cluster{Number: strconv.Itoa(i), Name: fmt.Sprint("c", i)})
	}
	entry := func(i int) string {
		return fmt.Sprintf(`{"clusterName":"c%d","clusterStatus":"running","serviceGroupInstanceNo":"%d"}`, i, i)
	}
	page := func(current, size, pages int, first, last bool, clusters ...string) string {
		return listAnswer(0, fmt.Sprintf(`{"currentPage":%d,"isFirst":%t,"isLast":%t,"pageSize":%d,"totalCount":3,"totalPage":%d,"allowedClusters":[%s],"disallowedClusters":[]}`,
			current, first, last, size, pages, strings.Join(clusters, ",")))
	}
	for _, tc := range []struct {
		name   string
		req    *http.Request
		status int
		body   string
	}{
		{"all", listing("GET", ""), 200, page(1, 10, 1, true, true, entry(0), entry(1), entry(2))},
		{"the first of two pages", listing("GET", "?pageNo=1&pageSize=2"), 200, page(1, 2, 2, true, false, entry(0), entry(1))},
		{"the second", listing("GET", "?pageNo=2&pageSize=2"), 200, page(2, 2, 2, false, true, entry(2))},
		{"behind the last", listing("GET", "?pageNo=9&pageSize=2"), 200, page(9, 2, 2, false, true)},
		{"numbers that are none", listing("GET", "?pageNo=0&pageSize=x"), 200, page(1, 10, 1, true, true, entry(0), entry(1), entry(2))},
		{"POST, as in v1", listing("POST", ""), 404, notFound},
		{"GET of the upgrade", httptest.NewRequest("GET", path, nil), 404, notFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &sestest.Server{Now: clock, Clusters: three}
			collectortest.WantAnswer(t, ask(s, tc.req), tc.status, tc.body)
		})
	}
	t.Run("not signed for the list", func(t *testing.T) {
		s := &sestest.Server{Now: clock, AccessKey: accessKey, SecretKey: secretKey}
		collectortest.WantAnswer(t, ask(s, listing("GET", "")), 401, unauthenticated)
	})
}

// Each cluster has its own story and name; without a list of them there is one.
func TestClusters(t *testing.T) {
	s := &sestest.Server{Now: clock, Nodes: []sestest.Node{{Hostname: "n", Role: "M"}}}
	collectortest.WantAnswer(t, ask(s, listing("GET", "")), 200, listAnswer(0, `{"currentPage":1,"isFirst":true,"isLast":true,"pageSize":10,"totalCount":1,"totalPage":1,
		"allowedClusters":[{"clusterName":"logs-prod","clusterStatus":"running","serviceGroupInstanceNo":"3427188"}],"disallowedClusters":[]}`))
	s.SetClusters([]sestest.Cluster{{"3427188", "other", drill.Drill{Scenario: drill.Vanish, Start: moment.Add(-time.Hour), Length: time.Hour, Now: clock}}})
	collectortest.WantAnswer(t, ask(s, good()), 200, listAnswer(1, "null"))
	s.SetClusters([]sestest.Cluster{})
	collectortest.WantAnswer(t, ask(s, listing("GET", "")), 200, listAnswer(2, `{"currentPage":1,"isFirst":true,"isLast":true,"pageSize":10,"totalCount":0,"totalPage":0,"allowedClusters":[],"disallowedClusters":[]}`))
	collectortest.WantAnswer(t, ask(s, good()), 200, `{"code":1001,"message":"FAIL","result":null}`)
}
