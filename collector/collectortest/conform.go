package collectortest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// fault is one way in which a product or what is before it goes wrong, and the
// reason with which the read has to fail.
type fault struct {
	name   string
	reason progress.Reason
	answer http.HandlerFunc
}

// faults returns what every product has to survive.
func faults() []fault {
	html := "<html><body>proxy says no</body></html>"
	return []fault{
		{"hangs", progress.Timeout, func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body); <-r.Context().Done() }},
		{"hangs in the body", progress.Timeout, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, `{"a":`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}},
		{"closes without an answer", progress.Connect, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{"closes in the body", progress.Connect, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"a":`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{"moved", progress.Redirect, send(http.StatusMovedPermanently, "", "Location", "http://192.0.2.1/elsewhere")},
		{"not found", progress.HTTP4xx, send(http.StatusNotFound, html)},
		{"too many requests", progress.RateLimited, send(http.StatusTooManyRequests, html)},
		{"internal server error", progress.HTTP5xx, send(http.StatusInternalServerError, html)},
		{"bad gateway", progress.HTTP5xx, send(http.StatusBadGateway, html)},
		{"service unavailable, as JSON", progress.HTTP5xx, send(http.StatusServiceUnavailable, `{"message":"later"}`)},
		{"empty", progress.Decode, send(http.StatusOK, "")},
		{"not JSON", progress.Decode, send(http.StatusOK, "progress: 50")},
		{"cut off", progress.Decode, send(http.StatusOK, `{"progress":{"state":`)},
		{"trailing data", progress.Decode, send(http.StatusOK, `{}{}`)},
		{"deep nesting", progress.Decode, send(http.StatusOK, `{"a":`+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+"}")},
		{"null", progress.Contract, send(http.StatusOK, "null")},
		{"array", progress.Contract, send(http.StatusOK, "[]")},
		{"5 MiB of body", progress.TooLarge, send(http.StatusOK, `{"a":"`+strings.Repeat("x", 5<<20)+`"}`)},
	}
}

// send returns a handler that answers with a status, a body and headers.
func send(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for pair := range slices.Chunk(header, 2) {
			w.Header().Set(pair[0], pair[1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Conform drives a product through faults and hostile answers. Good plays the
// product in health; secrets are texts of the options that must never be shown.
func Conform(t *testing.T, p Product, good http.Handler, secrets ...string) {
	for _, f := range faults() {
		t.Run("fault/"+f.name, func(t *testing.T) { survive(t, p, f, good, secrets) })
	}
	t.Run("echo", func(t *testing.T) { echo(t, p, secrets) })
	t.Run("hostile", func(t *testing.T) { hostile(t, p, good) })
	t.Run("names in any case", func(t *testing.T) { anyCase(t, p, good) })
}

// survive checks one fault: the right reason, nothing stale beside it, one line in
// the log that says what was asked of whom, no secret anywhere, and health after it.
func survive(t *testing.T, p Product, f fault, good http.Handler, secrets []string) {
	var healthy atomic.Bool
	timeout := patience
	if f.reason == progress.Timeout {
		timeout = 100 * time.Millisecond
	}
	b := newBench(t, p, timeout, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if healthy.Load() {
			good.ServeHTTP(w, r)
			return
		}
		f.answer(w, r)
	}))
	api := p.API().Name
	for range 2 {
		text := b.scrape(t)
		want := fmt.Sprintf(`progress_scrape_failure{api=%q,error_code="",%sreason=%q,target="job"} 1`, api, b.about(p), f.reason)
		for _, line := range []string{want, fmt.Sprintf(`progress_up{api=%q,%starget="job"} 0`, api, b.about(p))} {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("missing %s in\n%s\nlog: %s", line, ofTargets(text), b.log)
			}
		}
		if strings.Contains(text, "progress_state{") || strings.Contains(text, "progress_total_ratio{") {
			t.Errorf("stale job series beside a failure:\n%s", ofTargets(text))
		}
		hides(t, text, secrets)
	}
	if lines := strings.Count(b.log.String(), "\n"); lines != 1 {
		t.Errorf("two equal failures made %d log lines, want 1:\n%s", lines, b.log)
	}
	if n := len(asked.FindAllString(b.log.String(), -1)); n != 1 || !strings.Contains(b.log.String(), b.url+"/") {
		t.Errorf("the log says %d times what was asked, want once and of %s:\n%s", n, b.url, b.log)
	}
	hides(t, b.log.String(), secrets)
	if f.reason == progress.Timeout {
		return // too impatient for a busy machine to be seen in health
	}
	healthy.Store(true)
	if text := b.scrape(t); f.reason != progress.RateLimited && !strings.Contains(text, fmt.Sprintf(`progress_up{api=%q,%starget="job"} 1`, api, b.about(p))) {
		t.Errorf("not up after the fault went:\n%s\nlog: %s", ofTargets(text), b.log)
	}
}

// echo plays a product whose errors repeat the request, in each of the fields that
// the products have for errors.
func echo(t *testing.T, p Product, secrets []string) {
	b := newBench(t, p, patience, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		text := fmt.Sprint(r.Method, " ", r.URL, " ", r.Header, " ", string(body))
		code := r.Header.Get("X-Kit-Key")
		answer, err := json.Marshal(map[string]any{
			"success": false, "error": code, "errorDescription": text,
			"error_code": code, "error_msg": text, "error_description": text,
			"code": code, "message": text, "responseError": map[string]string{"returnCode": code, "returnMessage": text},
		})
		if err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(answer)
	}))
	text := b.scrape(t)
	if want := fmt.Sprintf(`progress_up{api=%q,%starget="job"} 0`, p.API().Name, b.about(p)); !strings.Contains(text, want+"\n") {
		t.Errorf("missing %s in\n%s", want, ofTargets(text))
	}
	secrets = append(secrets, kitKey)
	hides(t, text, secrets)
	hides(t, b.log.String(), secrets)
}

func hides(t testing.TB, text string, secrets []string) {
	t.Helper()
	for _, s := range secrets {
		if strings.Contains(text, s) {
			t.Errorf("the secret %q is shown:\n%s", s, text)
		}
	}
}
