package described_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

// list is what testdata/queue.yml describes: a product with many jobs.
var list = collectortest.Product{API: func() progress.API { return parsed("testdata/queue.yml") }, Options: "{token: " + token + "}"}

func parsed(file string) progress.API {
	content, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	d, err := described.Parse(file, content, nil)
	if err != nil {
		panic(err)
	}
	return d.API
}

// queue plays the product: it answers whoever knows the token.
func queue(t testing.TB, token string) http.Handler {
	t.Helper()
	answer, err := os.ReadFile("testdata/lists/happy/response.json")
	if err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("key") != token {
			http.Error(w, "who are you?", http.StatusForbidden)
			return
		}
		_, _ = w.Write(answer)
	})
}

func TestGoldenOfLists(t *testing.T) { collectortest.GoldenIn(t, list, "testdata/lists") }

func TestConformOfLists(t *testing.T) { collectortest.Conform(t, list, queue(t, token), token) }

func TestBoundsOfLists(t *testing.T) { collectortest.Bounds(t, list, queue(t, token)) }

func TestHidesInLists(t *testing.T) {
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := list
		p.Options = `{token: "` + collectortest.Quoted(secret) + `"}`
		return p, queue(t, strings.TrimSpace(secret))
	})
}

func FuzzList(f *testing.F) { collectortest.Fuzz(f, list) }

// What is wrong with a list is said when it is loaded.
func TestKeysOfLists(t *testing.T) {
	for keys, want := range map[string]string{
		"jobs: .a[]":            `a.yml:1:1: job is missing`,
		"job_name: .n\njob: .i": `a.yml:4:11: job_name: is for the jobs of a list, which jobs gives`,
		"jobs: .a[] |\njob: .i": `a.yml:4:7: jobs: is not jq: unexpected EOF`,
		"jobs: .a[]\njob: .i\nmetrics: [{name: m, help: h, value: .v, labels: {job_name: .n}}]": `a.yml:6:49: metrics[0].labels: "job_name" is set by the exporter or by Prometheus; choose another name`,
		"jobs: .a[]\njob: .i\noptions: {id: {job: true}}":                                       `a.yml:4:7: jobs: the option id has job: true already; a target is one job or a list of them`,
	} {
		_, err := described.Parse("a.yml", []byte("name: a\nrequest: {path: /}\nstate: .s\n"+keys), nil)
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%s\n%s\nwant\n%s", keys, got, want)
		}
	}
}
