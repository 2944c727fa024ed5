package ses_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// pagesOf is a product that answers the list with these results, one after the other, and
// has no upgrades.
func pagesOf(pages ...string) (progress.Fetch, *int) {
	asked := 0
	return func(r *http.Request) (progress.Response, error) {
		body := `{"code":0,"message":"SUCCESS","result":null}`
		if r.Method == http.MethodGet {
			body = `{"code":0,"message":"SUCCESS","result":` + pages[min(asked, len(pages)-1)] + `}`
			asked++
		}
		return progress.Response{Status: 200, Body: []byte(body), Request: r}, nil
	}, &asked
}

func page(end string, numbers ...string) string {
	var list []string
	for _, n := range numbers {
		list = append(list, `{"clusterName":"c","serviceGroupInstanceNo":`+n+`}`)
	}
	return `{` + end + `"allowedClusters":[` + strings.Join(list, ",") + `]}`
}

const (
	onward = `"isLast":false,`
	last   = `"isLast":true,`
)

// The pages of a list, as odd as they may come.
func TestPages(t *testing.T) {
	for _, tc := range []struct {
		name  string
		pages []string
		want  string
	}{
		{"one", []string{page(last, `"1"`, `"2"`)}, "1 c none; 2 c none"},
		{"two, with fewer clusters than were asked for", []string{page(onward, `"1"`), page(last, `"2"`)}, "1 c none; 2 c none"},
		{"a cluster that moved from one to the next", []string{page(onward, `"1"`, `"2"`), page(last, `"2"`, `"3"`)}, "1 c none; 2 c none; 3 c none"},
		{"the number of pages alone", []string{page(`"totalPage":2,`, `"1"`), page(`"totalPage":2,`, `"2"`)}, "1 c none; 2 c none"},
		{"no pages, as their number says", []string{page(`"totalPage":0,`)}, ""},
		{"both, which contradict each other", []string{page(`"totalPage":9,`+last, `"1"`)}, "1 c none"},
		{"an empty page that is not the last", []string{page(onward), page(last, `"1"`)}, "1 c none"},
		{"a number that is none", []string{page(last, `1`)}, "1 c none"},
		{"a name that is missing", []string{`{"isLast":true,"allowedClusters":[{"serviceGroupInstanceNo":"1"}]}`}, "1  none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fetch, asked := pagesOf(tc.pages...)
			r, err := open(t, target(t, every)).Progress(t.Context(), fetch)
			if got := said(r); err != nil || got != tc.want || *asked != len(tc.pages) {
				t.Errorf("%v, %s by %d pages; want %s by %d", err, got, *asked, tc.want, len(tc.pages))
			}
		})
	}
}

// A list of which a part may be missing is none.
func TestListsThatFail(t *testing.T) {
	for _, tc := range []struct{ name, result, text string }{
		{"no list", `{"isLast":true}`, "contract: the answer has no list of clusters (result.allowedClusters); is options.path or options.region the right one?"},
		{"no result", `null`, "contract: the answer has no list of clusters (result.allowedClusters); is options.path or options.region the right one?"},
		{"no end", page(""), "contract: the answer does not say whether the list of clusters goes on (result.isLast, result.totalPage)"},
		{"an end that is none", page(`"isLast":"yes",`), "contract: field result.isLast is a JSON string, which the product does not document"},
		{"no number", page(last, `null`), "contract: a cluster in the list has no number (result.allowedClusters.serviceGroupInstanceNo) of 1 to 32 digits"},
		{"a number that is a word", page(last, `"../1"`), "contract: a cluster in the list has no number (result.allowedClusters.serviceGroupInstanceNo) of 1 to 32 digits"},
		{"a cluster that is null", `{"isLast":true,"allowedClusters":[null]}`, "contract: a cluster in the list has no number (result.allowedClusters.serviceGroupInstanceNo) of 1 to 32 digits"},
		{"no end after 20 pages", page(onward, `"1"`), "too_large: the list of clusters has more than 20 pages; give each cluster that is upgraded a target with its service_group_instance_no"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fetch, asked := pagesOf(tc.result)
			_, err := open(t, target(t, every)).Progress(t.Context(), fetch)
			wantError(t, err, progress.AsError(err).Reason, "", tc.text)
			if *asked > 20 {
				t.Errorf("%d pages are asked for", *asked)
			}
		})
	}
	t.Run("refused with a bad status", func(t *testing.T) {
		_, err := open(t, target(t, every)).Progress(t.Context(), collectortest.Answering(500, `{"code":7,"message":"no"}`))
		wantError(t, err, progress.APIError, "7", `api "7": the product refused to list the clusters, HTTP 500; have the keys the right to see them?; the product says "no"`)
	})
	t.Run("refused", func(t *testing.T) {
		_, err := open(t, target(t, every)).Progress(t.Context(), collectortest.Answering(200, `{"code":7,"message":"no"}`))
		wantError(t, err, progress.APIError, "7", `api "7": the product refused to list the clusters, HTTP 200; have the keys the right to see them?; the product says "no"`)
	})
}

// All that fail alike are a list that fails.
func TestEveryOneFails(t *testing.T) {
	fetch, _ := pagesOf(page(last, `"1"`, `"2"`))
	_, err := open(t, target(t, every)).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		resp, err := fetch(r)
		if r.Method == http.MethodPost {
			resp.Body = fmt.Appendf(nil, `{"code":%d}`, 7)
		}
		return resp, err
	})
	wantError(t, err, progress.APIError, "7", `api "7": the product refused to tell the upgrade of the cluster 1, HTTP 200`)
}
