package logpresso_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/progress"
)

const (
	token = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
	other = "0f0e0d0c-0b0a-0908-0706-050403020100"
)

// files are what the targets of these tests can read.
var files = map[string]string{
	"install.token":      token + "\n",
	"not-a-guid.token":   "hunter2-hunter2-hunter2-hunter2-1234\n",
	"two.token":          token + "\n" + other + "\n",
	"empty.token":        " \n",
	"tokens/parser-pack": other + "\n",
	"tokens/설치 1":        token,
	"tokens/wrong":       "hunter2\n",
}

func target(t testing.TB, options string) progress.Target {
	t.Helper()
	return collectortest.Target(t, "https://sonar.example.com", options, files)
}

func open(t testing.TB, target progress.Target) progress.Source {
	t.Helper()
	s, err := logpresso.API().Open(target)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRequest(t *testing.T) {
	for _, tc := range []struct{ name, url, options, job, want string }{
		{"token", "https://sonar.example.com", "token: " + token, "", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + token},
		{"token file", "https://sonar.example.com/", "token_file: install.token", "", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + token},
		{"upper case", "http://192.0.2.1:8888", "token: " + strings.ToUpper(token), "", "http://192.0.2.1:8888/api/sonar/apps/install-progress?token=" + strings.ToUpper(token)},
		{"prefix", "https://gw.example.com/tenant%2Fa/sonar/", "token: " + token, "", "https://gw.example.com/tenant%2Fa/sonar/api/sonar/apps/install-progress?token=" + token},
		{"job replaces token", "https://sonar.example.com", "token: " + token + "\ntoken_dir: tokens", "parser-pack", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + other},
		{"job alone", "https://sonar.example.com", "token_dir: tokens", "parser-pack", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + other},
		{"job in any script", "https://sonar.example.com", "token_dir: tokens/", "설치 1", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + token},
		{"directory unused", "https://sonar.example.com", "token_file: install.token\ntoken_dir: tokens", "", "https://sonar.example.com/api/sonar/apps/install-progress?token=" + token},
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
			_, err = open(t, tg).Progress(ctx, func(r *http.Request) (progress.Response, error) {
				got = append(got, fmt.Sprint(r.Method, " ", r.URL, " ", r.Body, " ", r.Context().Value(key{})))
				return progress.Response{Status: 200, Body: []byte("{}")}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"GET " + tc.want + " <nil> asker"}, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// An address that cannot be asked is told without the token.
func TestBadAddress(t *testing.T) {
	tg := target(t, "token: "+token)
	tg.URL = &url.URL{Scheme: "https", Host: "sonar example"}
	_, err := open(t, tg).Progress(t.Context(), collectortest.Unreachable(t))
	wantError(t, err, progress.Internal, "", `internal: cannot make the request, check the target's url: parse "https://sonar%20example/api/sonar/apps/install-progress": invalid URL escape "%20"`)
}

func TestTransportError(t *testing.T) {
	want := progress.Errorf(progress.Connect, "connection refused")
	_, err := open(t, target(t, "token: "+token)).Progress(t.Context(), func(*http.Request) (progress.Response, error) {
		return progress.Response{}, want
	})
	if err != error(want) {
		t.Errorf("got %v, want the error of the transport untouched", err)
	}
}

func TestAPI(t *testing.T) {
	api := logpresso.API()
	codes := []string{"timeout-error", "disk-space-error", "connection-error", "dependency-error", "general-error", "app-object-error"}
	var families []string
	for _, f := range api.Families {
		families = append(families, fmt.Sprint(f.Name, f.Labels))
	}
	got := []any{api.Name, api.ErrorCodes, api.NodeErrorCodes, families}
	want := []any{"logpresso", codes, codes, []string{"cancelled[]", "install_status[status]"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("API (-want +got):\n%s", diff)
	}
}

func wantError(t *testing.T, err error, reason progress.Reason, code, text string) {
	t.Helper()
	collectortest.WantError(t, err, reason, code, text, "hunter2", token)
}

// The package and the fake know the product from the same manual, each by itself:
// they have to understand one another.
func TestStories(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, tc := range []struct {
		scenario drill.Scenario
		want     []string // at 0 %, 20 %, … 120 % of the drill's length
	}{
		{"", []string{"none", "none", "none", "none", "none", "none", "none"}},
		{drill.Happy, []string{"pending", "running", "running", "running", "running", "succeeded", "succeeded"}},
		{drill.Stall, []string{"pending", "running", "running", "running", "running", "running", "running"}},
		{drill.Fail, []string{"pending", "running", "running", "running", "failed general-error", "failed general-error", "failed general-error"}},
		{drill.Cancel, []string{"pending", "running", "cancelled", "cancelled", "cancelled", "cancelled", "cancelled"}},
		{drill.Flap, []string{"pending", "running", "running", "http_5xx", "running", "succeeded", "succeeded"}},
		{drill.Vanish, []string{"pending", "running", "running", "none", "none", "none", "none"}},
	} {
		t.Run(string(tc.scenario), func(t *testing.T) {
			now := start
			fake := &logpressotest.Server{Token: token, Drill: drill.Drill{
				Scenario: tc.scenario, Start: start, Length: 100 * time.Minute, Now: func() time.Time { return now },
			}}
			source := open(t, target(t, "token: "+token))
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
		})
	}
}
