package main

import (
	"fmt"
	stdlog "log"
	"net/http"
	"net/http/pprof"
	"net/url"
	"strconv"
	"time"

	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"

	"progress_exporter/cmd/internal/logging"
	"progress_exporter/collector"
	pages "progress_exporter/collector/web"
)

// here is the address of the page itself.
const here = "./"

// newServer returns the server of all pages. Its timeouts bound what a slow client
// can hold; a scrape extends its own write deadline to what Prometheus allows.
func newServer(f *flags, exporter *collector.Exporter, reloader *collector.Reloader) (*http.Server, error) {
	landing, err := web.NewLandingPage(web.LandingConfig{
		Name:        "progress_exporter",
		Description: "Prometheus exporter for long-running jobs that are only visible through a REST progress API",
		Version:     version.Info(),
		Profiling:   strconv.FormatBool(f.pprof),
		CSS:         pages.Style(),
		RoutePrefix: here, // so that the links are right behind any prefix
		Links: []web.LandingLinks{
			{Address: "metrics", Text: "Metrics", Description: "every target, read now, and the exporter itself"},
			{Address: "targets", Text: "Targets", Description: "what is known about every target; makes no upstream requests"},
			{Address: "sd", Text: "Discovery", Description: "the targets as Prometheus' http_sd, each with the address of its probe"},
			{Address: "-/healthy", Text: "Healthy", Description: "whether the process answers"},
			{Address: "-/ready", Text: "Ready", Description: "whether it can be scraped"},
		},
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", at(here, landing))
	mux.Handle("GET /metrics", exporter.Metrics())
	mux.Handle("GET /probe", exporter.Probe())
	mux.Handle("GET /targets", exporter.Page())
	mux.Handle("GET /sd", exporter.Discovery())
	mux.HandleFunc("GET /-/healthy", say("progress_exporter is Healthy."))
	mux.HandleFunc("GET /-/ready", say("progress_exporter is Ready."))
	// A page that somebody looks at elsewhere must not reload through the browser.
	mux.Handle("POST /-/reload", http.NewCrossOriginProtection().Handler(reload(f.lifecycle, reloader)))
	if f.pprof {
		addProfiles(mux)
	}
	return &http.Server{
		Handler:           plain(below(f.prefix, f.engine.External.Path, mux)),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       5 * time.Minute, // longer than any usual scrape interval
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          stdlog.New(logging.Foreign(f.engine.Logger), "", 0),
	}, nil
}

// addProfiles adds what net/http/pprof offers, but the command line.
func addProfiles(mux *http.ServeMux) {
	mux.HandleFunc("GET /debug/pprof", func(w http.ResponseWriter, _ *http.Request) { redirect(w, "pprof/") })
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
}

// at gives a handler the path that it wants to be asked for.
func at(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(r.Context()) // a copy
		r.URL = &url.URL{Path: path}
		next.ServeHTTP(w, r)
	})
}

// plain keeps browsers from guessing that an answer is something else than it says.
func plain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func say(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, text) }
}

// reload answers POST /-/reload. It is off unless asked for, because whoever can
// reach it can use it.
func reload(enabled bool, reloader *collector.Reloader) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if !enabled {
			http.Error(w, "Lifecycle API is not enabled; start with --web.enable-lifecycle.", http.StatusForbidden)
			return
		}
		if err := reloader.Reload(); err != nil {
			http.Error(w, "The configuration in use stays, because the new one is wrong:\n"+err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, "Reloaded.")
	}
}
