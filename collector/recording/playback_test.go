package recording_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
)

// recorded is a life of a target that answers, is silent, and answers two questions.
func recorded() *recording.Life {
	silent := recording.Read{At: begin.Add(30 * time.Second), Target: "t", Failure: &recording.Failure{Reason: "timeout", Code: "x", Message: "no answer in time"}}
	several := read("t", 4)
	several.Answers = []recording.Answer{
		{Method: "GET", Path: "/job", Status: 200, Text: "first"}, {Method: "GET", Path: "/job", Status: 200, Text: "second"},
		{Method: "GET", Path: "/of/<redacted>", Status: 503, Header: map[string]string{"Retry-After": "7"}, JSON: json.RawMessage(`"<redacted>"`)},
	}
	return &recording.Life{Reads: []recording.Read{read("t", 0), read("other", 1), silent, several}}
}

func TestPlayback(t *testing.T) {
	now := begin
	p := recorded().Playback("t", func() time.Time { return now })
	type asked struct {
		at   time.Duration
		path string
	}
	for _, tc := range []struct {
		asked
		want string
	}{
		{asked{-time.Second, "/job"}, "connect: GET http://h/job: the recording had not begun"},
		{asked{0, "/job"}, `{"n":0}`},
		{asked{29 * time.Second, "/job"}, `{"n":0}`},
		{asked{29 * time.Second, "/other"}, "internal: GET http://h/other: the recording has no answer to this; was it made by another version?"},
		{asked{30 * time.Second, "/job"}, `timeout "x": no answer in time`},
		{asked{time.Minute, "/job"}, "first"},
		{asked{time.Minute, "/job"}, "second"},
		{asked{time.Hour, "/job"}, "first"},
		{asked{time.Hour, "/of/" + recording.StandIn}, `"` + recording.StandIn + `"`},
	} {
		now = begin.Add(tc.at)
		resp, err := p.Fetch(get("http://h" + tc.path))
		got := string(resp.Body)
		if err != nil {
			got = err.Error()
		} else if !resp.Received.Equal(now) || resp.Request == nil {
			t.Errorf("received %s of %v", resp.Received, resp.Request)
		}
		if got != tc.want {
			t.Errorf("%s at %s: got %s, want %s", tc.path, tc.at, got, tc.want)
		}
	}
}

// Over HTTP the same answers come, and where there was none the connection breaks.
func TestPlaybackServes(t *testing.T) {
	now := begin.Add(time.Minute)
	server := httptest.NewServer(recorded().Playback("t", func() time.Time { return now }))
	defer server.Close()
	ask := func(path string) (*http.Response, string) {
		resp, err := server.Client().Get(server.URL + path)
		if err != nil {
			return nil, ""
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp, string(text)
	}
	resp, text := ask("/of/" + recording.StandIn + "?x=y")
	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") != "7" || text != `"`+recording.StandIn+`"` {
		t.Errorf("HTTP %d %v %s", resp.StatusCode, resp.Header, text)
	}
	if resp, text := ask("/none"); resp != nil {
		t.Errorf("HTTP %d %s, want none", resp.StatusCode, text)
	}
}

func TestConfig(t *testing.T) {
	deadline := begin.Add(time.Hour)
	l := &recording.Life{Head: recording.Head{Targets: []recording.Target{
		{Name: "a b", API: "mrs", URL: "https://h:1/web", StallAfter: recording.Duration(15 * time.Minute), Deadline: &deadline, MaxJobs: 7,
			Labels: map[string]string{"team": "x: y", "a": "<b>"}, Options: json.RawMessage(`{"command_id":214,"login":{"type":"none"},"token":"<redacted>"}`)},
		{Name: "plain", API: "mongosync", URL: "http://h"},
	}}}
	got := l.Config(recording.Staging{
		URL:          func(t recording.Target) string { return "http://127.0.0.1:1/" + t.Name },
		StallAfter:   func(t recording.Target) time.Duration { return time.Duration(t.StallAfter) / 60 },
		Deadline:     func(at time.Time) time.Time { return at.Add(time.Minute) },
		Descriptions: []string{"x.yml"},
	})
	want := `api_files: ["x.yml"]
targets:
- name: "a b"
  api: "mrs"
  url: "http://127.0.0.1:1/a b"
  stall_after: 15s
  deadline: 2026-03-01T09:01:00Z
  max_jobs: 7
  labels:
    a: "<b>"
    team: "x: y"
  options: {"command_id":214,"login":{"type":"none"},"token":"` + recording.StandIn + `"}
- name: "plain"
  api: "mongosync"
  url: "http://127.0.0.1:1/plain"
  stall_after: 0s
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration (-want +got):\n%s", diff)
	}
	want = "targets:\n- name: \"plain\"\n  api: \"mongosync\"\n  url: \"http://h\"\n  stall_after: 0s\n"
	l.Head.Targets = l.Head.Targets[1:]
	if diff := cmp.Diff(want, l.Config(recording.Staging{})); diff != "" {
		t.Errorf("configuration as recorded (-want +got):\n%s", diff)
	}
}

// Every reason that is recorded is one when it is played.
func TestReasonsStay(t *testing.T) {
	for _, reason := range progress.Reasons() {
		l := &recording.Life{Reads: []recording.Read{{At: begin, Target: "t", Failure: &recording.Failure{Reason: string(reason)}}}}
		_, err := l.Playback("t", clock).Fetch(get("http://h/"))
		if got := progress.AsError(err).Reason; got != reason {
			t.Errorf("%s became %s", reason, got)
		}
	}
}
