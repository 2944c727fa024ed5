package logpresso_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/progress"
)

func TestStartInstallRequest(t *testing.T) {
	for _, tc := range []struct {
		name, url string
		overwrite bool
		want      string
	}{
		{"fresh", "https://sonar.example.com", false, `POST https://sonar.example.com/api/sonar/apps/start-install application/json {"token":"` + token + `"}`},
		{"overwrite", "https://sonar.example.com/", true, `POST https://sonar.example.com/api/sonar/apps/start-install application/json {"token":"` + token + `","overwrite":true}`},
		{"prefix", "https://gw.example.com/tenant%2Fa", false, `POST https://gw.example.com/tenant%2Fa/api/sonar/apps/start-install application/json {"token":"` + token + `"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, "")
			var err error
			if tg.URL, err = url.Parse(tc.url); err != nil {
				t.Fatal(err)
			}
			var got []string
			_, err = logpresso.StartInstall(t.Context(), tg, func(r *http.Request) (progress.Response, error) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%s %s %s %s", r.Method, r.URL, r.Header.Get("Content-Type"), body))
				return progress.Response{Status: 200, Body: []byte(`{"installable_status":{"is_valid":true}}`)}, nil
			}, progress.NewSecret(token), tc.overwrite)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStartInstallBadAddress(t *testing.T) {
	tg := target(t, "")
	tg.URL = &url.URL{Scheme: "https", Host: "sonar example"}
	_, err := logpresso.StartInstall(t.Context(), tg, collectortest.Unreachable(t), progress.NewSecret(token), false)
	wantError(t, err, progress.Internal, "", `internal: cannot make the request, check the target's url: parse "https://sonar%20example/api/sonar/apps/start-install": invalid URL escape "%20"`)
}

// client is the one that the programs use, over the network.
func client(t *testing.T) progress.Fetch {
	t.Helper()
	c, err := fetch.New(config.HTTPClientConfig{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c.Do
}

// A product that goes away in the middle is not asked again, not even over a
// connection that it had kept open: the first request may have been heard.
func TestStartInstallAsksOnce(t *testing.T) {
	var asked atomic.Int32
	product := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			return
		}
		asked.Add(1)
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(product.Close)
	do, tg := client(t), target(t, "")
	tg.URL = parse(t, product.URL)
	warm, err := http.NewRequestWithContext(t.Context(), http.MethodGet, product.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := do(warm); err != nil {
		t.Fatal(err)
	}
	_, err = logpresso.StartInstall(t.Context(), tg, do, progress.NewSecret(token), false)
	wantError(t, err, progress.Connect, "", "connect: the connection was closed before the answer: EOF; is the port right, and does the product restart?"+mayHaveBegun)
	if n := asked.Load(); n != 1 {
		t.Errorf("asked %d times, want once", n)
	}
}

// Where nothing was sent, nothing can have begun.
func TestStartInstallUnsent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	tg := target(t, "")
	tg.URL = parse(t, "http://"+at)
	_, err = logpresso.StartInstall(t.Context(), tg, client(t), progress.NewSecret(token), false)
	wantError(t, err, progress.Connect, "", "connect: no connection to "+at+": connection refused; is the product running, and is the port right?")
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// The package and the fake know start-install from the same manual, each by itself.
func TestStartInstallStory(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	fake := &logpressotest.Server{Token: token, Uploaded: true, Obstacle: "version-mismatch", Drill: drill.Drill{
		Scenario: drill.Happy, Length: 100 * time.Minute, Now: func() time.Time { return now },
	}}
	source := open(t, target(t, "token: "+token))
	state := func() string {
		r, err := source.Progress(t.Context(), collectortest.Served(fake))
		if err != nil {
			t.Fatal(err)
		}
		return r.State.String()
	}
	begin := func(overwrite bool) string {
		i, err := logpresso.StartInstall(t.Context(), target(t, ""), collectortest.Served(fake), progress.NewSecret(token), overwrite)
		var refusal logpresso.Refusal
		if errors.As(err, &refusal) {
			return string(refusal)
		}
		return fmt.Sprint(i.Started, " ", i.Reason, " ", i.AppVersion, " ", err)
	}
	got := []string{state(), begin(false), state(), begin(true), state(), begin(true)}
	now = now.Add(100 * time.Minute)
	got = append(got, state())
	want := []string{"none", "false version-mismatch 1.0.0 <nil>", "none", "true   <nil>", "pending", "already-started", "succeeded"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("story (-want +got):\n%s", diff)
	}
}
