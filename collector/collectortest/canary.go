package collectortest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"progress_exporter/collector"
	"progress_exporter/collector/collectortest/race"
)

const (
	kitUser = "kit"
	// placeholder stands in an answer where a secret will be.
	placeholder = "KIT-CANARY"
)

// Secretive returns a product whose options hold a secret, where it has one that may be
// any text, and its fake in health.
type Secretive func(secret string) (Product, http.Handler)

// Hides drives a product through answers that repeat what it was sent: every canary in
// every spelling, in every text of a good answer, in the product's and other errors, in
// headers, beside every fault of the kit, and across every cut. Nothing of it may be
// seen in the log, in /metrics, /probe, its debug view, /targets and what progressctl
// reads.
func Hides(t *testing.T, open Secretive) {
	canaries := Canaries()
	if race.Enabled { // which finds no more with the others; make unit runs all of them without it
		canaries = canaries[:1]
	}
	for i, secret := range canaries {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) { hidesCanary(t, open, secret) })
	}
}

func hidesCanary(t *testing.T, open Secretive, secret string) {
	p, good := open(secret)
	var answer atomic.Pointer[http.HandlerFunc]
	var document atomic.Pointer[[]byte]
	client := fmt.Sprintf(`{basic_auth: {username: %s, password: "%s"}, http_headers: {X-Kit-Key: {secrets: ["%s"]}}}`, kitUser, Quoted(secret), Quoted(secret))
	b := newBenchWith(t, p, patience, client, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		if body := rec.Body.Bytes(); isDocument(body) {
			document.Store(&body)
			if a := answer.Load(); a != nil {
				(*a)(w, r)
				return
			}
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}))
	if text := b.scrape(t); !strings.Contains(text, "progress_up{") || !strings.Contains(text, `target="job"} 1`) || document.Load() == nil {
		t.Fatalf("not up in health:\n%s\nlog: %s", ofTargets(text), b.log)
	}
	search := NewSearch(secret)
	logged := 0
	try := func(name string, h http.HandlerFunc) {
		answer.Store(&h)
		shown := b.shows(t)
		all := b.log.String()
		shown["the log"], logged = all[logged:], len(all)
		for where, text := range shown {
			if found := search.Find(text); found != "" {
				t.Errorf("%s: %s shows %q of the canary:\n%s", name, where, found, text)
			}
		}
	}
	for spelling, spell := range spellings {
		spelt := spell(secret)
		for _, body := range repeating(t, *document.Load()) {
			for _, status := range []int{200, 500, 401, 404} {
				if status > 400 && status < 500 && spelling != "as JSON" {
					continue // where it stands matters, and how it is spelled, but not each with the other
				}
				try(fmt.Sprintf("%s, HTTP %d %.60s", spelling, status, body), send(status, strings.ReplaceAll(body, placeholder, spelt)))
			}
		}
		for _, cut := range []int{200, 2048, 16 << 10} {
			const before = 20
			try(fmt.Sprintf("%s, %d before a cut at %d", spelling, before, cut), send(500, `{"pad":"`+strings.Repeat(".", cut-before)+spelt+`"}`))
		}
	}
	value := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, secret)
	for _, name := range []string{"Server", "Content-Type", "Content-Encoding", "Retry-After", "Location", "Date"} {
		for _, said := range []string{value, "/" + strings.ReplaceAll(strings.ReplaceAll(value, "%", "%25"), "?", "%3F")} {
			try("header "+name, send(302, "{}", name, said))
			try("header "+name, send(200, "{}", name, said))
		}
	}
	for _, f := range faults() {
		if slices.Contains([]string{"hangs", "hangs in the body", "5 MiB of body"}, f.name) {
			continue // what comes before a fault is shown by none
		}
		try("fault "+f.name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Server", value)
			f.answer(w, r)
		})
	}
}

// repeating returns answers with the placeholder in each of their texts: a good one, and
// an error in each of the fields that the products have for errors.
func repeating(t *testing.T, good []byte) []string {
	t.Helper()
	var document any
	if err := json.Unmarshal(good, &document); err != nil {
		t.Fatal(err)
	}
	failure := func(said string) any {
		return map[string]any{
			"success": false, "error": placeholder, "errorDescription": said, "error_msg": said, "error_description": said,
			"code": placeholder, "message": said, "error_code": placeholder,
		}
	}
	late := strings.Repeat(".", 180) + placeholder // across the cut of a message
	numbered := map[string]any{"error_code": 7, "error_description": late, "responseError": map[string]string{"returnCode": placeholder, "returnMessage": late}}
	var bodies []string
	for _, d := range []any{everyText(document), failure("no " + placeholder), failure(late), numbered} {
		body, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	return bodies
}

// everyText puts the placeholder in the place of every text of a document.
func everyText(v any) any {
	switch v := v.(type) {
	case string:
		return placeholder
	case map[string]any:
		for key, inner := range v {
			v[key] = everyText(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = everyText(inner)
		}
	}
	return v
}

// shows returns everything that is shown of the target but the log, by where.
func (b *bench) shows(t *testing.T) map[string]string {
	t.Helper()
	get := func(h http.Handler, address string) string {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return w.Body.String()
	}
	return map[string]string{
		"/metrics":             ofTargets(b.scrape(t)),
		"/probe":               ofTargets(get(b.exporter.Probe(), "/probe?target=job")),
		"/probe?debug=true":    get(b.exporter.Probe(), "/probe?target=job&debug=true"),
		"/targets":             get(b.exporter.Page(), "/targets"),
		"what progressctl has": reads(t, b.exporter),
	}
}

// reads returns all that a read brings to programs.
func reads(t *testing.T, e *collector.Exporter) string {
	t.Helper()
	readings, err := e.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range readings {
		report := r.Report
		report.Job = "" // never shown
		fmt.Fprintf(&b, "%+v\n", report)
		if r.Err != nil {
			fmt.Fprintf(&b, "%v\n%s\n%s\n%v\n", r.Err, r.Err.Code, r.Err.Message, r.Err.Err)
		}
	}
	return b.String()
}
