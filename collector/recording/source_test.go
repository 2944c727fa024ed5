package recording_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
)

var begin = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

func clock() time.Time { return begin }

// source plays one.
type source func(context.Context, progress.Fetch) (progress.Report, error)

// Progress calls f.
func (f source) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	return f(ctx, fetch)
}

// asking is a source that asks these questions and then fails, or not.
func asking(questions []recording.Exchange, failed error) progress.Source {
	return source(func(_ context.Context, fetch progress.Fetch) (progress.Report, error) {
		for _, x := range questions {
			if _, err := fetch(x.Request); err != nil {
				return progress.Report{}, err
			}
		}
		return progress.Report{State: progress.Running}, failed
	})
}

// answering is a fetch that answers in turn.
func answering(answers []recording.Exchange) progress.Fetch {
	return func(*http.Request) (progress.Response, error) {
		resp := answers[0].Response
		answers = answers[1:]
		return resp, nil
	}
}

func decoded(line []byte) string {
	var v any
	if json.Unmarshal(line, &v) != nil {
		return ""
	}
	return fmt.Sprint(v)
}

func TestSource(t *testing.T) {
	one := []recording.Exchange{answered(get("http://h/job?token=hunter2-1"), `{"a": 1}`)}
	answer := recording.Answer{Method: "GET", Path: "/job", Status: 200, Header: map[string]string{"Content-Type": "application/json"}, JSON: json.RawMessage(`{"a": 1}`)}
	broken := func(*http.Request) (progress.Response, error) {
		return progress.Response{}, progress.Errorf(progress.Connect, "no way to hunter2-1")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, tc := range map[string]struct {
		ctx    context.Context
		source progress.Source
		fetch  progress.Fetch
		want   []recording.Read
	}{
		"good": {t.Context(), asking(one, nil), answering(one), []recording.Read{{At: begin, Target: "t", Answers: []recording.Answer{answer}}}},
		"refused": {t.Context(), asking(one, &progress.Error{Reason: progress.APIError, Code: "x", Message: "no", Said: "hunter2-1"}), answering(one),
			[]recording.Read{{At: begin, Target: "t", Answers: []recording.Answer{answer}, Failure: &recording.Failure{Reason: "api", Code: "x", Message: `no; the product says "<redacted>"`}}}},
		"no answer": {t.Context(), asking(one, nil), broken,
			[]recording.Read{{At: begin, Target: "t", Failure: &recording.Failure{Reason: "connect", Message: "no way to <redacted>"}}}},
		"nothing was asked":  {t.Context(), asking(nil, nil), nil, []recording.Read{{At: begin, Target: "t"}}},
		"the recording ends": {stopped, asking(one, errors.New("cut off")), answering(one), nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []recording.Read
			r := &recording.Recorder{Target: "t", Secrets: progress.NewSecrets(nil, nil), Now: clock, Keep: func(r recording.Read) { got = append(got, r) }}
			_, _ = r.Source(tc.source).Progress(tc.ctx, tc.fetch)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

// list is a source that reads a list.
type list struct{ source }

// Lists is true.
func (list) Lists() bool { return true }

func TestSourceOfAList(t *testing.T) {
	r := &recording.Recorder{}
	if !progress.Lists(r.Source(list{})) || progress.Lists(r.Source(asking(nil, nil))) {
		t.Error("a source that is recorded is not the list, or the job, that it was")
	}
}

func TestOptions(t *testing.T) {
	secrets := progress.NewSecrets([]string{"hunter2"}, nil)
	got, err := recording.Options(map[string]any{
		"command_id": 214, "token_file": "/etc/token", "access_key": "x", "note": "of hunter2", "states": map[string]any{"NEW": "pending", "password": "x"},
		"list": []any{"hunter2", 1.5, true}, "login": map[string]any{"type": "cas", "username": "ops", "password_file": "pw"},
	}, secrets)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"access_key":"<redacted>","command_id":214,"list":["<redacted>",1.5,true],"login":{"type":"none"},` +
		`"note":"of <redacted>","states":{"NEW":"pending","password":"<redacted>"},"token":"<redacted>"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
	if got, err := recording.Options(map[string]any{"login": "ops"}, nil); err != nil || string(got) != `{"login":"ops"}` {
		t.Errorf("a login that is a name: %s, %v", got, err)
	}
	if got, err := recording.Options(nil, nil); got != nil || err != nil {
		t.Errorf("no options: %s, %v", got, err)
	}
	if _, err := recording.Options(map[string]any{"x": func() {}}, nil); err == nil {
		t.Error("what is no JSON was written")
	}
}

// Of several hosts that are asked at the same time each has its own answer, or its own
// failure, and so it is played again.
func TestSeveralHosts(t *testing.T) {
	hosts := []string{"h:27182", "h:27183", "h:27184"}
	list := source(func(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
		progress.Together(ctx, len(hosts), func(_ context.Context, i int) { _, _ = fetch(get("http://" + hosts[i] + "/job")) })
		return progress.Report{}, nil
	})
	life := &recording.Life{}
	r := recording.Recorder{Target: "t", Secrets: progress.NewSecrets([]string{"hunter2-1"}, nil), Now: clock, Keep: func(r recording.Read) { life.Reads = append(life.Reads, r) }}
	_, _ = r.Source(list).Progress(t.Context(), func(req *http.Request) (progress.Response, error) {
		if req.URL.Host == hosts[1] {
			return progress.Response{}, progress.Errorf(progress.Connect, "refused, hunter2-1").About(req)
		}
		return progress.Response{Status: 200, Body: []byte(`{"of":"` + req.URL.Host + `"}`), Request: req}, nil
	})
	line, err := json.Marshal(life.Reads)
	if err != nil || json.Unmarshal(line, &life.Reads) != nil {
		t.Fatal(err)
	}
	p := life.Playback("t", clock)
	for host, want := range map[string]string{
		hosts[0]: `{"of":"h:27182"}`, hosts[1]: "connect: GET http://h:27183/job: refused, <redacted>", hosts[2]: `{"of":"h:27184"}`,
		"h:1": "internal: GET http://h:1/job: the recording has no answer to this; was it made by another version?",
	} {
		for range 2 {
			resp, err := p.Fetch(get("http://" + host + "/job"))
			got := string(resp.Body)
			if err != nil {
				got = err.Error()
			}
			if got != want {
				t.Errorf("%s: got %s, want %s", host, got, want)
			}
		}
	}
}
