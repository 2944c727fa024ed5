package described_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

// More is asked only if the first answer wants it, and what fails then fails the read.
func TestFurther(t *testing.T) {
	source, err := parse(t, `
name: a
options: {id: {default: 7}}
request: {path: /job}
also:
  stats: {when: .id, request: {path: '/stats/{{id}}', accept: [404]}}
  never: {when: .no, request: {path: /never}}
state: .s
copied_bytes: $also.stats.bytes
total_bytes: $also.never.bytes
`).Open(collectortest.Target(t, "http://h", "{}", nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		first, second string
		status        int
		asked, want   string
		copied        *float64
	}{
		"both":    {`{"id":1,"s":"running"}`, `{"bytes":5}`, 200, "/job /stats/7", "", progress.Ptr(5.0)},
		"one":     {`{"s":"running"}`, ``, 200, "/job", "", nil},
		"gone":    {`{"id":1,"s":"running"}`, `{}`, 404, "/job /stats/7", "", nil},
		"broken":  {`{"id":1,"s":"running"}`, `{}`, 500, "/job /stats/7", "http_5xx: GET http://h/stats/7: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble", nil},
		"no JSON": {`{"id":1,"s":"running"}`, `x`, 200, "/job /stats/7", "decode: GET http://h/stats/7: not JSON: invalid character 'x' looking for beginning of value at byte 1", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			r, err := source.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
				if asked = append(asked, r.URL.Path); len(asked) > 1 {
					return progress.Response{Status: tc.status, Body: []byte(tc.second), Request: r}, nil
				}
				return progress.Response{Status: 200, Body: []byte(tc.first), Request: r}, nil
			})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want || strings.Join(asked, " ") != tc.asked {
				t.Errorf("asked %v: %s; want %s: %s", asked, got, tc.asked, tc.want)
			}
			if diff := cmp.Diff(tc.copied, r.CopiedBytes); diff != "" {
				t.Errorf("copied (-want +got):\n%s", diff)
			}
		})
	}
}

// A target that names no job is there to be probed, wherever the job stands in the request.
func TestWithoutAJob(t *testing.T) {
	api := parse(t, "name: x\noptions: {job: {job: true}}\nrequest: {path: /, body: {id: '{{job}}'}}\nstate: .state")
	source, err := api.Open(collectortest.Target(t, "http://product.example.com", "", nil))
	if err != nil {
		t.Fatal(err)
	}
	if r, err := source.Progress(t.Context(), collectortest.Unreachable(t)); err != nil || r.State != progress.None {
		t.Errorf("report %+v, %v; want no job", r, err)
	}
}

func TestFurtherNames(t *testing.T) {
	const head = "name: x\nrequest: {path: /}\nstate: .s\n"
	tests := map[string]struct{ text, want string }{
		"one that nothing has":  {head + "also: {stats: {request: {path: /s}}}\nratio: $also.stat.x", "x.yml:5:8: ratio: there is no $also.stat; also names the requests beside the first one"},
		"none at all":           {head + "ratio: 1 - $also.stats.x", "ratio: there is no $also.stats"},
		"all at once":           {head + "also: {stats: {request: {path: /s}}}\nratio: '[$also] | length'", "ratio: $also wants the name of a further answer behind it, such as $also.stats"},
		"before they are asked": {head + "also: {stats: {request: {path: /s}}}\nrefusal: {when: $also.stats.x}", "refusal.when: there is no $also.stats"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := described.Parse("x.yml", []byte(tt.text), nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}
