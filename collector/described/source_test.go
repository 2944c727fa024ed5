package described_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

func parse(t testing.TB, text string) progress.API {
	t.Helper()
	d, err := described.Parse("a.yml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d.API
}

// read asks a described product that answers with this.
func read(t testing.TB, description string, status int, body string) (progress.Report, error) {
	t.Helper()
	source, err := parse(t, "name: a\nrequest: {path: /, accept: [404]}\n"+description).Open(collectortest.Target(t, "http://h", "{}", nil))
	if err != nil {
		t.Fatal(err)
	}
	return source.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		return progress.Response{Status: status, Body: []byte(body), Request: r}, nil
	})
}

// What the options of a target make of the request, each value escaped for its place.
func TestRequests(t *testing.T) {
	const description = `
name: a
state: .s
options:
  id: {job: true}
  at: {type: path, default: x/y}
  n: {type: number}
  key: {secret: true}
  word: {}
request:
  path: /v1/{{at}}/tasks('{{id}}')/
  query: {id: "{{id}}", absent: "{{n}}{{word}}", fixed: "a b"}
  headers: {X-Key: "Key {{key}}", X-Absent: "{{word}}"}
  body: {id: "{{id}}", n: "{{n}}", text: "n={{n}}", list: [1, true, null, "{{word}}"], word: "{{word}}", in: {a: "{{at}}"}}
`
	for name, tc := range map[string]struct{ options, job, want string }{
		"least": {"{id: a}", "", `POST http://h/base/v1/x/y/tasks%28%27a%27%29/?fixed=a+b&id=a [] {"id":"a","in":{"a":"x/y"},"list":[1,true,null]}`},
		"all": {`{id: 'a/b?c&"d', at: p q/r, n: 12, key: hunter2, word: w}`, "", `POST http://h/base/v1/p%20q/r/tasks%28%27a%2Fb%3Fc&%22d%27%29/?absent=12w&fixed=a+b&id=a%2Fb%3Fc%26%22d [Key hunter2] ` +
			`{"id":"a/b?c\u0026\"d","in":{"a":"p q/r"},"list":[1,true,null,"w"],"n":12,"text":"n=12","word":"w"}`},
		"a job":  {"{id: a, key_file: f}", "j", `POST http://h/base/v1/x/y/tasks%28%27j%27%29/?fixed=a+b&id=j [Key hunter2-of-a-file] {"id":"j","in":{"a":"x/y"},"list":[1,true,null]}`},
		"no job": {"{}", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			target := collectortest.Target(t, "http://h/base", tc.options, map[string]string{"f": "hunter2-of-a-file\n"})
			target.Job = tc.job
			source, err := parse(t, description).Open(target)
			if err != nil {
				t.Fatal(err)
			}
			asked := ""
			r, err := source.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Error(err)
				}
				if r.Header.Get("Accept") != "application/json" || r.Header.Get("Content-Type") != "application/json" {
					t.Errorf("header %v", r.Header)
				}
				asked = r.Method + " " + strings.ReplaceAll(r.URL.String(), "('", "%28%27")
				asked = strings.ReplaceAll(asked, "')", "%27%29") + " [" + strings.Join(r.Header["X-Key"], ",") + "] " + string(body)
				return progress.Response{Status: 200, Body: []byte(`{"s":"running"}`), Request: r}, nil
			})
			if err != nil || (r.State == progress.None) != (tc.want == "") {
				t.Fatalf("%v, %v", r, err)
			}
			if diff := cmp.Diff(tc.want, asked); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOptionsRefused(t *testing.T) {
	const description = "name: a\nstate: .s\noptions: {id: {required: true, job: true, type: number}, p: {type: path}, key: {secret: true}, s: {secret: true, required: true}}\nrequest: {path: '/{{id}}'}"
	for name, tc := range map[string]struct{ description, options, job, want string }{
		"nothing":   {description, "{}", "", "options.id is needed\noptions.s or options.s_file is needed"},
		"unknown":   {description, "{id: 1, s: x, ids: 2, id_file: f, p: [1]}", "", "options.id_file: a has no such option, want one of id, key, key_file, p, s, s_file\noptions.ids: a has no such option, want one of id, key, key_file, p, s, s_file\noptions.p: want a single value, found a list"},
		"values":    {description, "{id: x, p: a/../b, s: x, s_file: y}", "", "options.id has to be a number\noptions.p has to be a path such as a/b, without . and .. and nothing between slashes\noptions.s and options.s_file are both set; keep one"},
		"empty":     {description, "{id: '', s: x}", "", "options.id is empty"},
		"long":      {description, "{id: 1, p: " + strings.Repeat("p", 1025) + ", s: x}", "", "options.p has 1025 bytes, at most 1024 are allowed"},
		"two lines": {description, `{id: 1, p: "a\nb", s: x}`, "", "options.p has to be one line of text"},
		"a job":     {description, "{id: 1, s: x}", "../x", "options.id has to be a number"},
		"no key":    {"name: a\nstate: .s\nrequest: {path: /}", "{}", "7", "a has no job key: leave the job out"},
		"none":      {"name: a\nstate: .s\nrequest: {path: /}", "{b: 1}", "", "options.b: a has no such option, it has none"},
		"dots":      {"name: a\nstate: .s\noptions: {id: {job: true}}\nrequest: {path: '/{{id}}'}", "{}", "..", "options.id must not be one or two dots"},
	} {
		t.Run(name, func(t *testing.T) {
			target := collectortest.Target(t, "http://h", tc.options, nil)
			target.Job = tc.job
			source, err := parse(t, tc.description).Open(target)
			if err == nil {
				t.Fatalf("no error, but %v", source)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// An answer that is not what a description says is a failure that names key and
// expression, and nothing of the answer.
func TestErrors(t *testing.T) {
	const not = "GET http://h/: the answer is not what the description says: "
	for name, tc := range map[string]struct {
		description string
		status      int
		body        string
		want        progress.Error
	}{
		"no state":         {"state: .s", 200, `{}`, progress.Error{Reason: progress.Contract, Message: not + "state (.s): gives nothing; is this the right url?"}},
		"a state's type":   {"state: .s", 200, `{"s":{"hunter2":1}}`, progress.Error{Reason: progress.Contract, Message: not + "state (.s): gives object; want a text, a number or a boolean"}},
		"a ratio's type":   {"state: .s\nratio: .r", 200, `{"s":"x","r":"hunter2"}`, progress.Error{Reason: progress.Contract, Message: not + "ratio (.r): gives string; want a number"}},
		"a date's type":    {"state: .s\nstart: .r", 200, `{"s":"x","r":"hunter2"}`, progress.Error{Reason: progress.Contract, Message: not + "start (.r): gives string; want seconds since 1970, as the function time makes them"}},
		"a metric's type":  {"state: .s\nmetrics: [{name: m, help: h, value: .r}]", 200, `{"s":"x","r":"hunter2"}`, progress.Error{Reason: progress.Contract, Message: not + "metrics[0].value (.r): gives string; want a number or a boolean"}},
		"a node's id":      {"state: .s\nnodes: {each: '.n[]', id: .id}", 200, `{"s":"x","n":[{"id":["hunter2"]}]}`, progress.Error{Reason: progress.Contract, Message: not + "nodes.id (.id): gives array; want a text, a number or a boolean"}},
		"more than one":    {"state: .s[]", 200, `{"s":["hunter2","y"]}`, progress.Error{Reason: progress.Contract, Message: not + "state (.s[]): gives more than one value; put it into [ ] and choose one, such as with first, max or add"}},
		"an expression":    {"state: .s\nratio: .r / 100", 200, `{"s":"x","r":"hunter2"}`, progress.Error{Reason: progress.Contract, Message: not + "ratio (.r / 100): cannot divide string and number"}},
		"work":             {"state: .s\nwork: [.w]", 200, `{"s":"x","w":[]}`, progress.Error{Reason: progress.Contract, Message: not + "work[0] (.w): gives array; want a text, a number or a boolean"}},
		"a refusal":        {"state: .s\nrefusal: {when: .e, code: .e.code, message: .e.text}", 500, `{"e":{"code":7,"text":"no"}}`, progress.Error{Reason: progress.APIError, Code: "7", Message: "GET http://h/: a answers HTTP 500 with an error of its own", Said: "no"}},
		"a bare refusal":   {"state: .s\nrefusal: {when: .e, code: .e.code}", 200, `{"e":"no"}`, progress.Error{Reason: progress.APIError, Message: "GET http://h/: a answers HTTP 200 with an error of its own"}},
		"another's error":  {"state: .s\nrefusal: {when: .e}", 502, `["a proxy"]`, progress.Error{Reason: progress.HTTP5xx, Message: "GET http://h/: HTTP 502 Bad Gateway; the product or a proxy before it is in trouble"}},
		"a broken refusal": {"state: .s\nrefusal: {when: .e.f}", 200, `{"e":"hunter2"}`, progress.Error{Reason: progress.Contract, Message: not + "refusal.when (.e.f): expected an object but got string"}},
		"a status":         {"state: .s", 403, `{"s":"x"}`, progress.Error{Reason: progress.Auth, Message: "GET http://h/: HTTP 403 Forbidden; check the target's credentials and their rights"}},
		"no JSON":          {"state: .s", 404, `<p>`, progress.Error{Reason: progress.HTTP4xx, Message: "GET http://h/: HTTP 404 Not Found; check the target's url and options"}},
		"too much":         {"state: '[.l[] as $a | .l[] | 1] | length'", 200, `{"l":[` + strings.Repeat("1,", 2000) + `1]}`, progress.Error{Reason: progress.Contract, Message: not + "state ([.l[] as $a | .l[] | 1] | length): costs more than a read may; does it look at every element for each element?"}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := read(t, tc.description, tc.status, tc.body)
			e := progress.AsError(err)
			if e.Reason != tc.want.Reason || e.Code != tc.want.Code || e.Message != tc.want.Message || e.Said != tc.want.Said {
				t.Errorf("got  %v, said %q\nwant %v, said %q", e, e.Said, &tc.want, tc.want.Said)
			}
			if len(r.Samples) > 0 {
				t.Errorf("samples beside an error: %v", r.Samples)
			}
		})
	}
}

// Words, with a table and without one, and what an accepted status may say.
func TestStates(t *testing.T) {
	for _, tc := range []struct {
		description, body string
		status            int
		want              progress.State
	}{
		{"state: .s", `{"s":"running"}`, 200, progress.Running},
		{"state: .s", `{"s":"RUNNING"}`, 200, progress.Unknown},
		{"state: .s\nstates: {RUNNING: ready}", `{"s":"RUNNING"}`, 200, progress.Ready},
		{"state: .s\nstates: {RUNNING: ready}", `{"s":"running"}`, 200, progress.Unknown},
		{"state: .s\nstates: {true: succeeded, 7: failed}", `{"s":true}`, 200, progress.Succeeded},
		{"state: .s\nstates: {true: succeeded, 7: failed}", `{"s":7}`, 200, progress.Failed},
		{`state: if $status == 404 then "none" else .s end`, `{}`, 404, progress.None},
	} {
		r, err := read(t, tc.description, tc.status, tc.body)
		if err != nil || r.State != tc.want {
			t.Errorf("%s of %s: %v, %v; want %v", tc.description, tc.body, r.State, err, tc.want)
		}
	}
}
