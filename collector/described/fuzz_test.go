package described

import (
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// FuzzDescription reads whatever answer with whatever description: it is refused, or it
// is a product that fails with a reason or reports, and never at more than a read's cost.
func FuzzDescription(f *testing.F) {
	description, err := os.ReadFile("testdata/cluster-request.yml")
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range []string{"running", "null", "refused"} {
		answer, err := os.ReadFile("testdata/" + c + "/response.json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(description), 200, answer)
	}
	for _, e := range []string{`.a[] as $x | .a[] | $x`, `"\(.a)" | split("")[]`, `[.[]? | test("a+")] | any`, `{a: .} | to_entries[].value`, `. as {a: [$x]} | -$x % 2`,
		`[.a[1:], .a[:-1], .a[.b]] | flatten | sort | join(",")`, `try (.a | time) catch .`, `.a * 1e9 + "x" / 0`, `first(.a[]?) // empty`, `.a | with_entries(.value)`} {
		text, err := yaml.Marshal(map[string]any{"name": "a", "state": e, "request": map[string]any{"path": "/"}, "work": []string{e}, "metrics": []any{map[string]any{"name": "m", "help": "h", "each": e, "value": "."}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text), 200, []byte(`{"a":[1,"b",{"c":null}],"b":1}`))
	}
	base, err := url.Parse("http://h/base")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, status int, body []byte) {
		d, err := Parse("a.yml", []byte(text), session.New(time.Now))
		if err != nil {
			return
		}
		source, err := d.API.Open(progress.Target{Name: "t", URL: base, Job: "7",
			Options:  func(any) error { return nil },
			ReadFile: func(string) ([]byte, error) { return []byte("secret"), nil },
		})
		if err != nil {
			source, err = d.API.Open(progress.Target{Name: "t", URL: base, Options: func(any) error { return nil }})
		}
		if err != nil {
			return
		}
		r, err := source.Progress(t.Context(), func(req *http.Request) (progress.Response, error) {
			return progress.Response{Status: status, Body: body, Request: req}, nil
		})
		if err != nil {
			if e := progress.AsError(err); e.Reason == progress.Internal {
				t.Errorf("a fault of ours: %v", err)
			}
			return
		}
		for _, s := range r.Samples {
			if len(s.Labels) != len(d.API.Families[s.Family].Labels) {
				t.Errorf("a sample of %s has the labels %v", d.API.Families[s.Family].Name, s.Labels)
			}
		}
	})
}
