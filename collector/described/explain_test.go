package described

import (
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
)

func TestExplain(t *testing.T) {
	d, err := Parse("backup.yml", []byte(`
name: backup
request: {path: /}
also: {more: {when: .id, request: {path: /more}}}
state: if .done then "succeeded" else "running" end
ratio: .part / 100
lag: .late + 1
nodes: {each: ".disks[]", id: .name, ratio: .part}
metrics: [{name: size, help: Its size., value: $also.more.size}]
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := d.API.Open(progress.Target{
		URL: &url.URL{Scheme: "http", Host: "127.0.0.1"}, Secrets: new(progress.Secrets),
		Options: func(into any) error { return yaml.Unmarshal([]byte("{}"), into) },
	})
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{
		"/":     `{"id": 1, "done": false, "part": 42, "late": ["a secret"], "disks": [{"name": "a", "part": 0}, {"name": "b", "bay": 7}], "odd key": null}`,
		"/more": `{"size": 5, "unit": "GB"}`,
	}
	x, err := Explain(t.Context(), s, func(req *http.Request) (progress.Response, error) {
		return progress.Response{Status: http.StatusOK, Body: []byte(answers[req.URL.Path]), Request: req}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]Value{}
	for _, k := range x.Keys {
		got[k.Key] = k.Values
		if failed := k.Err != nil; failed != (k.Key == "lag") {
			t.Errorf("%s: error %v", k.Key, k.Err)
		}
	}
	want := map[string][]Value{
		"also.more.when":   {{"number", "1"}},
		"state":            {{"string", `"running"`}},
		"ratio":            {{"number", "0.42"}},
		"lag":              nil,
		"nodes.each":       {{"object", `{"name":"a","part":0}`}, {"object", `{"bay":7,"name":"b"}`}},
		"nodes.id":         {{"string", `"a"`}, {"string", `"b"`}},
		"nodes.ratio":      {{"number", "0"}, {"null", "null"}},
		"metrics[0].value": {{"number", "5"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{".disks[].bay", ".late[]", `.["odd key"]`, "$also.more.unit"}, x.Unused); diff != "" {
		t.Errorf("unused (-want +got):\n%s", diff)
	}
}

// A product that is a program, and a target without a job, have nothing to explain.
func TestExplainNothing(t *testing.T) {
	if _, err := Explain(t.Context(), onlyProbed{}, nil); !errors.Is(err, ErrNotDescribed) {
		t.Errorf("error %v, want ErrNotDescribed", err)
	}
}
