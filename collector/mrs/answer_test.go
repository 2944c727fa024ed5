package mrs

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

var num = progress.Ptr[float64]

// render writes samples as family{labels} value.
func render(samples []progress.Sample) []string {
	var out []string
	for _, s := range samples {
		out = append(out, fmt.Sprint(API(time.Now).Families[s.Family].Name, s.Labels, " ", s.Value))
	}
	return out
}

func info(pairs ...string) (labels []progress.Label) {
	for i := 0; i < len(pairs); i += 2 {
		labels = append(labels, progress.Label{Name: pairs[i], Value: pairs[i+1]})
	}
	return labels
}

func TestReport(t *testing.T) {
	noFailures := []string{"failed_entities[START] 0", "failed_entities[STOP] 0", "failed_entities[other] 0"}
	for _, tc := range []struct {
		name    string
		options string
		body    string // empty: of testdata/<name>
		want    progress.Report
		samples []string
	}{
		{name: "in_progress",
			want: progress.Report{Job: "214", State: progress.Running, Word: "IN_PROGRESS", Ratio: num(0.45),
				Info: info("command_id", "214", "cluster_id", "1")},
			samples: append([]string{"total_progress[] 45", "total_step_size[] 45", "steps[] 2"}, noFailures...)},
		{name: "failed",
			want: progress.Report{Job: "214", State: progress.Failed, Word: "FAILED", Ratio: num(0.6), ErrorCode: "20019",
				Info: info("command_id", "214", "cluster_id", "1")},
			samples: []string{"total_progress[] 60", "total_step_size[] 60", "steps[] 1",
				"failed_entity[HBase-RegionServer-node-2 START] 1", "failed_entity[HBase-RegionServer-node-3 STOP] 1", "failed_entity[HBase-RegionServer-node-4 START] 1",
				"failed_entities[START] 2", "failed_entities[STOP] 1", "failed_entities[other] 0"}},
		{name: "odd_failures",
			want: progress.Report{Job: "214", State: progress.Failed, Word: "FAILED", Ratio: num(0.6), ErrorCode: "-7", Info: info("command_id", "214")},
			samples: []string{"total_progress[] 60", "failed_entity[a other] 1", "failed_entity[a other] 1", "failed_entity[b other] 1",
				"failed_entities[START] 0", "failed_entities[STOP] 1", "failed_entities[other] 4"}},
		{name: "empty", want: progress.Report{Job: "214", Info: info("command_id", "214")}},
		{name: "nulls", want: progress.Report{Job: "214", Info: info("command_id", "214")}},
		{name: "new",
			want:    progress.Report{Job: "214", State: progress.Unknown, Word: "NEW", Ratio: num(0.45), Info: info("command_id", "214")},
			samples: []string{"total_progress[] 45", "total_step_size[] 0", "steps[] 0"}},
		{name: "own words", options: "total_progress_scale: ratio\nstates: {NEW: pending, COMPLETE: ready}", body: `{"state":"NEW","total_progress":0.5}`,
			want:    progress.Report{Job: "214", State: progress.Pending, Word: "NEW", Ratio: num(0.5), Info: info("command_id", "214")},
			samples: []string{"total_progress[] 0.5"}},
		{name: "own meaning of a documented word", options: "states: {COMPLETE: ready}", body: `{"state":"COMPLETE"}`,
			want: progress.Report{Job: "214", State: progress.Ready, Word: "COMPLETE", Info: info("command_id", "214")}},
		{name: "documented word beside own ones", options: "states: {NEW: pending}", body: `{"state":"COMPLETE","total_progress":0}`,
			want:    progress.Report{Job: "214", State: progress.Succeeded, Word: "COMPLETE", Ratio: num(0), Info: info("command_id", "214")},
			samples: []string{"total_progress[] 0"}},
		{name: "percent below one", options: "total_progress_scale: percent", body: `{"total_progress":0.5}`,
			want:    progress.Report{Job: "214", Ratio: num(0.005), Info: info("command_id", "214")},
			samples: []string{"total_progress[] 0.5"}},
		{name: "large code", body: `{"error_code":12000002}`,
			want: progress.Report{Job: "214", ErrorCode: "12000002", Info: info("command_id", "214")}},
		{name: "empty lists", body: `{"res_obj":{"step_list":[],"fail_entity_list":[]}}`,
			want: progress.Report{Job: "214", Info: info("command_id", "214")}, samples: append([]string{"steps[] 0"}, noFailures...)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.body == "" {
				content, err := os.ReadFile(filepath.Join("testdata", tc.name, "response.json"))
				if err != nil {
					t.Fatal(err)
				}
				tc.body = string(content)
			}
			got, err := openTarget(t, API(time.Now), target(t, "command_id: 214\n"+tc.options)).Progress(t.Context(), collectortest.Answering(200, tc.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.samples, render(got.Samples)); diff != "" {
				t.Errorf("samples (-want +got):\n%s", diff)
			}
			got.Samples, got.Work = nil, 0
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	const (
		asked = "GET https://192.0.2.10:28443/web/v1/common/command/214/progress: "
		wants = "auth: " + asked + "the manager wants a login: it answers with "
		hint  = "; set options.login.type to cas (cluster with Kerberos) or session (without), or check http_client_config"
		moved = "redirect: " + asked + "HTTP 302 Found; redirects are never followed, put the final address into url"
	)
	for _, tc := range []struct {
		name, location, body string
		status               int
		want                 string
	}{
		{"401", "", `{"error_code":1}`, 401, wants + "HTTP 401" + hint},
		{"to the CAS", "https://192.0.2.10:20009/cas/login?service=x", "", 302, wants + "a redirect to a login page (HTTP 302)" + hint},
		{"to the CAS of a gateway", "/mrscas/login", "", 303, wants + "a redirect to a login page (HTTP 303)" + hint},
		{"to another page of the CAS", "/cas/", "", 307, wants + "a redirect to a login page (HTTP 307)" + hint},
		{"to a page of logins", "/web/Login.html", "", 302, wants + "a redirect to a login page (HTTP 302)" + hint},
		{"elsewhere", "/elsewhere?next=/cas/login", "", 302, strings.Replace(moved, "Found;", "Found to another path of the same host;", 1)},
		{"nowhere", "", "", 302, moved},
		{"to no address", "http://[/cas/login", "", 302, moved},
		{"HTML", "", "<html>", 200, wants + "an HTML page where JSON belongs" + hint},
		{"HTML of an outage", "", "<html>", 500, "http_5xx: " + asked + "HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"},
		{"403", "", `{}`, 403, "auth: " + asked + "HTTP 403 Forbidden; check the target's credentials and their rights"},
		{"404 with a code", "", `{"error_code":20001,"error_description":"no\nsuch"}`, 404,
			`http_4xx "20001": ` + asked + `HTTP 404 Not Found; check the target's url and options; the product says "no\nsuch"`},
		{"404 with odd fields", "", `{"error_code":"20001","error_description":{}}`, 404, `http_4xx "20001": ` + asked + "HTTP 404 Not Found; check the target's url and options"},
		{"404 with half of an answer", "", `{"error_code":20001,"state":{}}`, 404, "http_4xx: " + asked + "HTTP 404 Not Found; check the target's url and options"},
		{"500 beside a login", "/cas/login", "", 500, "http_5xx: " + asked + "HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"},
		{"404 without a code", "", `{"error_code":0,"error_description":""}`, 404, "http_4xx: " + asked + "HTTP 404 Not Found; check the target's url and options"},
		{"429", "", `{"state":"COMPLETE"}`, 429, "rate_limited: " + asked + "HTTP 429 Too Many Requests; raise the target's min_interval"},
		{"500 with a state", "", `{"state":"COMPLETE"}`, 500, "http_5xx: " + asked + "HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"},
		{"number for the state", "", `{"state":0}`, 200, "contract: " + asked + "field state is a JSON number, which the product does not document"},
		{"text for the ratio", "", `{"state":"IN_PROGRESS","total_progress":"45,0"}`, 200, "contract: " + asked + "field total_progress is a JSON string, which the product does not document"},
		{"not JSON", "", `COMPLETE`, 200, "decode: " + asked + "not JSON: invalid character 'C' looking for beginning of value at byte 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := openTarget(t, API(time.Now), target(t, "command_id: 214")).Progress(t.Context(), collectortest.Answering(tc.status, tc.body, "Location", tc.location))
			wantError(t, err, tc.want)
			if diff := cmp.Diff(progress.Report{}, r); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	_, err := openTarget(t, API(time.Now), target(t, "command_id: 214")).Progress(t.Context(), collectortest.Answering(429, "", "Retry-After", "7"))
	if e := progress.AsError(err); e.RetryAfter.Seconds() != 7 {
		t.Errorf("Retry-After is %v, want 7s", e.RetryAfter)
	}
}

func TestWork(t *testing.T) {
	const base = `{"state":"IN_PROGRESS","error_code":0,"total_progress":45,"res_obj":{"cluster_id":1,"step_list":[{}],"fail_entity_list":[],"total_step_size":45}}`
	hash := func(body string) float64 {
		r, err := openTarget(t, API(time.Now), target(t, "command_id: 214")).Progress(t.Context(), collectortest.Answering(200, body))
		if err != nil {
			t.Fatal(err)
		}
		return r.WorkHash()
	}
	was := hash(base)
	for _, tc := range []struct {
		body  string
		moves bool
	}{
		{base, false},
		{`{"state":"FAILED","total_progress":45,"res_obj":{"step_list":[{}],"total_step_size":45}}`, true},
		{`{"state":"IN_PROGRESS","total_progress":46,"res_obj":{"step_list":[{}],"total_step_size":45}}`, true},
		{`{"state":"IN_PROGRESS","total_progress":45,"res_obj":{"step_list":[{},{}],"total_step_size":45}}`, true},
		{`{"state":"IN_PROGRESS","total_progress":45,"res_obj":{"step_list":[{}],"total_step_size":46}}`, true},
		{`{"id":1,"state":"IN_PROGRESS","error_code":9,"total_progress":45,"res_obj":{"cluster_id":2,"step_list":[{"name":"x"}],"fail_entity_list":[{}],"total_step_size":45}}`, false},
	} {
		if got := hash(tc.body); (got != was) != tc.moves {
			t.Errorf("%s: moves %v, want %v", tc.body, got != was, tc.moves)
		}
	}
}

// Whatever the manager sends, it is a report or an error with a reason, and the
// samples fit their families.
func FuzzRead(f *testing.F) {
	responses, err := filepath.Glob("testdata/*/response.json")
	if err != nil || len(responses) == 0 {
		f.Fatalf("no answers: %v", err)
	}
	for _, file := range responses {
		content, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(200, string(content), "")
		f.Add(302, string(content), "/cas/login")
	}
	families := API(time.Now).Families
	source := openTarget(f, API(time.Now), target(f, "command_id: 214"))
	f.Fuzz(func(t *testing.T, status int, body, location string) {
		r, err := source.Progress(t.Context(), collectortest.Answering(status, body, "Location", location))
		if err != nil {
			if progress.AsError(err).Reason == progress.Internal {
				t.Errorf("reason internal: %v", err)
			}
			return
		}
		if r.Job != "214" || r.Ratio != nil && math.IsNaN(*r.Ratio) {
			t.Errorf("job %q, ratio %v", r.Job, r.Ratio)
		}
		for _, s := range r.Samples {
			if len(s.Labels) != len(families[s.Family].Labels) {
				t.Errorf("%d labels for family %s", len(s.Labels), families[s.Family].Name)
			}
		}
	})
}

// A field that no state and no ratio needs costs nothing but itself, whatever it is.
func TestUnread(t *testing.T) {
	body, err := os.ReadFile("testdata/odd_fields/response.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := openTarget(t, API(time.Now), target(t, "command_id: 214")).Progress(t.Context(), collectortest.Answering(200, string(body)))
	if err != nil || r.State != progress.Failed || *r.Ratio != 0.6 || r.ErrorCode != "20019" {
		t.Errorf("%v, %v; want a command that failed with 20019", r, err)
	}
	want := []progress.Unread{
		{Field: "error_description", Kind: progress.TextField},
		{Field: "res_obj.step_list", Kind: progress.ObjectField},
		{Field: "res_obj.total_step_size", Kind: progress.NumberField},
		{Field: "res_obj.fail_entity_list", Kind: progress.ObjectField},
	}
	if diff := cmp.Diff(want, r.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
}
