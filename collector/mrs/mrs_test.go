package mrs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/progress"
)

const secret = "hunter2 & more"

// target is one of a manager at https://192.0.2.10:28443/web with these options.
func target(t testing.TB, options string) progress.Target {
	t.Helper()
	return collectortest.Target(t, "https://192.0.2.10:28443/web", options, nil)
}

func openTarget(t testing.TB, api progress.API, target progress.Target) progress.Source {
	t.Helper()
	s, err := api.Open(target)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	var e *progress.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *progress.Error", err)
	}
	e = new(progress.Secrets).Error(e) // as the engine does
	if diff := cmp.Diff(want, e.Error()); diff != "" {
		t.Errorf("error (-want +got):\n%s", diff)
	}
	if strings.Contains(e.Error(), "hunter2") {
		t.Errorf("the error shows the password: %v", e)
	}
}

func TestRequest(t *testing.T) {
	for _, tc := range []struct{ name, url, options, job, want string }{
		{"number", "https://192.0.2.10:28443/web", "command_id: 214", "", "https://192.0.2.10:28443/web/v1/common/command/214/progress"},
		{"text", "https://192.0.2.10:28443/web/", "command_id: '214'", "", "https://192.0.2.10:28443/web/v1/common/command/214/progress"},
		{"gateway", "https://gw.example.com:9022/mrsmanager", "command_id: 9223372036854775807", "", "https://gw.example.com:9022/mrsmanager/v1/common/command/9223372036854775807/progress"},
		{"job replaces the id", "https://192.0.2.10:28443/web", "command_id: 214", "7", "https://192.0.2.10:28443/web/v1/common/command/7/progress"},
		{"job alone", "https://192.0.2.10:28443/web", "", "7", "https://192.0.2.10:28443/web/v1/common/command/7/progress"},
		{"basic", "https://192.0.2.10:28443/web", "command_id: 214\nlogin: {type: basic}", "", "https://192.0.2.10:28443/web/v1/common/command/214/progress"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			var err error
			if tg.URL, err = url.Parse(tc.url); err != nil {
				t.Fatal(err)
			}
			type key struct{}
			ctx := context.WithValue(t.Context(), key{}, "asker")
			var got []string
			_, err = openTarget(t, API(time.Now), tg).Progress(ctx, func(r *http.Request) (progress.Response, error) {
				got = append(got, fmt.Sprint(r.Method, " ", r.URL, " ", r.Body, " ", r.Header, " ", r.Context().Value(key{})))
				return progress.Response{Status: 200, Body: []byte("{}")}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"GET " + tc.want + " <nil> map[Content-Type:[application/json]] asker"}, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// A target that is only there to be probed with a job must not fail by itself.
func TestOnlyProbed(t *testing.T) {
	for _, options := range []string{"", "login: {type: session}"} {
		got, err := openTarget(t, API(time.Now), target(t, options)).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
			t.Errorf("unexpected request %s", r.URL.Path)
			return progress.Response{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(progress.Report{State: progress.None}, got); diff != "" {
			t.Errorf("report (-want +got):\n%s", diff)
		}
	}
}

func TestBadAddress(t *testing.T) {
	tg := target(t, "command_id: 214")
	tg.URL = &url.URL{Scheme: "https", Host: "manager example", Path: "/web"}
	_, err := openTarget(t, API(time.Now), tg).Progress(t.Context(), collectortest.Served(&mrstest.Server{}))
	wantError(t, err, `internal: cannot make the request, check the target's url and options.login.cas_url: parse "https://manager%20example/web/v1/common/command/214/progress": invalid URL escape "%20"`)
}

func TestTransportError(t *testing.T) {
	want := progress.Errorf(progress.Connect, "connection refused")
	_, err := openTarget(t, API(time.Now), target(t, "command_id: 214")).Progress(t.Context(), func(*http.Request) (progress.Response, error) {
		return progress.Response{}, want
	})
	if err != error(want) {
		t.Errorf("got %v, want the error of the transport untouched", err)
	}
}

func TestAPI(t *testing.T) {
	api := API(time.Now)
	var families []string
	for _, f := range api.Families {
		families = append(families, fmt.Sprint(f.Name, f.Labels))
	}
	want := []string{"steps[]", "total_step_size[]", "total_progress[]", "failed_entities[operation_type]",
		"failed_entity[fail_entity operation_type]", "login_refusals[]", "login_retry_timestamp_seconds[]"}
	if diff := cmp.Diff(want, families); diff != "" {
		t.Errorf("families (-want +got):\n%s", diff)
	}
	if api.Name != "mrs" || api.ErrorCodes != nil || api.NodeErrorCodes != nil {
		t.Errorf("API %q with codes %v and %v", api.Name, api.ErrorCodes, api.NodeErrorCodes)
	}
}

// The package and the fake know the product from the same manual, each by itself:
// they have to understand one another, with every kind of login.
func TestStories(t *testing.T) {
	const cas = "{type: cas, username: ops, password: right, cas_url: 'https://192.0.2.10:28443/cas'}"
	for _, tc := range []struct {
		scenario drill.Scenario
		want     []string // at 0 %, 20 %, … 120 % of the drill's length
	}{
		{"", []string{"succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded", "succeeded"}},
		{drill.Happy, []string{"running", "running", "running", "running", "running", "succeeded", "succeeded"}},
		{drill.Stall, []string{"running", "running", "running", "running", "running", "running", "running"}},
		{drill.Fail, []string{"running", "running", "running", "running", "failed 20019", "failed 20019", "failed 20019"}},
		{drill.Cancel, []string{"running", "running", "failed", "failed", "failed", "failed", "failed"}},
		{drill.Flap, []string{"running", "running", "running", "http_5xx", "running", "succeeded", "succeeded"}},
		{drill.Vanish, []string{"running", "running", "running", "http_4xx", "http_4xx", "http_4xx", "http_4xx"}},
	} {
		for kind, login := range map[mrstest.Login]string{mrstest.None: "{}", mrstest.Session: "{type: session}", mrstest.Ticket: cas} {
			t.Run(fmt.Sprint(tc.scenario, " ", kind), func(t *testing.T) {
				start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
				now := start
				fake := &mrstest.Server{Login: kind, Username: "ops", Password: "right", Command: "214", Drill: drill.Drill{
					Scenario: tc.scenario, Start: start, Length: 100 * time.Minute, Now: func() time.Time { return now },
				}}
				source := openTarget(t, API(time.Now), target(t, "{command_id: 214, login: "+login+"}"))
				var got []string
				for range tc.want {
					r, err := source.Progress(t.Context(), collectortest.Served(fake))
					switch {
					case err != nil:
						got = append(got, string(progress.AsError(err).Reason))
					case r.ErrorCode != "":
						got = append(got, fmt.Sprint(r.State, " ", r.ErrorCode))
					default:
						got = append(got, r.State.String())
					}
					now = now.Add(20 * time.Minute)
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("story (-want +got):\n%s", diff)
				}
				if want := min(int(kind), 1); fake.Logins() != want {
					t.Errorf("%d logins, want %d", fake.Logins(), want)
				}
			})
		}
	}
}
