package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/plan"
)

// serverOf returns the server that flags ask for, without targets.
func serverOf(t *testing.T, f *flags) *http.Server {
	t.Helper()
	return serverWith(t, f, "targets: []")
}

// serverWith returns the server that flags ask for, with the targets of a configuration.
func serverWith(t *testing.T, f *flags, yml string) *http.Server {
	t.Helper()
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(yml), 0o600); err != nil {
		t.Fatal(err)
	}
	products := apis.All(time.Now)
	plan, err := plan.Load(file, products)
	if err != nil {
		t.Fatal(err)
	}
	f.engine.Logger = log.NewNopLogger()
	e := collector.New(products, f.engine)
	t.Cleanup(e.Close)
	e.Use(plan)
	s, err := newServer(f, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a browser does for a page elsewhere is refused; curl and scripts say nothing of
// where they come from.
func TestReloadAcrossOrigins(t *testing.T) {
	s := serverOf(t, &flags{})
	for origin, want := range map[string]string{"https://elsewhere.example.com": "cross-origin request detected", "": "Lifecycle API is not enabled"} {
		r := httptest.NewRequest(http.MethodPost, "http://exporter.example.com/-/reload", nil)
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), want) {
			t.Errorf("from %q: HTTP %d %s, want %s", origin, w.Code, w.Body, want)
		}
		if got := w.Header().Get("X-Content-Type-Options"); got != "nosniff" {
			t.Errorf("X-Content-Type-Options %q", got)
		}
	}
}

// A client that is slow or says too much cannot hold the server.
func TestServerHasLimits(t *testing.T) {
	s := serverOf(t, &flags{})
	for name, d := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
	} {
		if d <= 0 || d > 5*time.Minute {
			t.Errorf("%s is %v", name, d)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("MaxHeaderBytes is %d", s.MaxHeaderBytes)
	}
}
