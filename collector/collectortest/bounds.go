package collectortest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/progress"
)

const (
	crowd   = 100             // targets
	keptFor = 64 << 10        // bytes that may be kept for each of them
	huge    = 4<<20 - 128<<10 // bytes of a text, within the limit of a body
)

// Bounds reads a crowd of targets, each of which has a text of 4 MB in another place: in
// one of the texts of a good answer, or of an error. What the exporter keeps of them all
// stays small.
func Bounds(t *testing.T, p Product, good http.Handler) {
	if race.Enabled {
		t.Skip("what is kept in memory is measured without the race detector, by make unit")
	}
	filler := strings.Repeat("text ", huge/5)
	bodies := hugeTexts(t, p, good)
	var large atomic.Bool
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.Header.Get("X-Target"))
		if err != nil || !large.Load() {
			good.ServeHTTP(w, r)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		b := bodies[n%len(bodies)]
		before, after, _ := strings.Cut(b.text, placeholder)
		w.WriteHeader(b.status)
		for _, piece := range []string{before, strconv.Itoa(n), filler, after} { // of no two targets the same
			_, _ = io.WriteString(w, piece)
		}
	}))
	t.Cleanup(upstream.Close)
	var config strings.Builder
	config.WriteString("targets:\n")
	for n := range crowd {
		fmt.Fprintf(&config, "- {name: t%d, api: %s, url: '%s%s', timeout: %s, options: %s, http_client_config: {http_headers: {X-Target: {values: ['%d']}}}}\n",
			n, p.API().Name, upstream.URL, p.Path, patience, orEmpty(p.at(upstream.URL)), n)
	}
	e := Exporter(t, p.API(), config.String(), collector.Options{Concurrency: 4, TargetsOnMetrics: true, Logger: log.NewNopLogger()})
	read := func() uint64 {
		if _, err := e.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		upstream.CloseClientConnections()
		return Heap()
	}
	before := read()
	large.Store(true)
	after := read()
	for _, r := range e.Known() {
		if r.Err != nil && r.Err.Reason == progress.TooLarge || r.Began.IsZero() {
			t.Fatalf("%s was not read: %v", r.Target, r.Err)
		}
	}
	grown := int64(after) - int64(before)
	t.Logf("%d bytes for each of %d targets, %d places", grown/crowd, crowd, len(bodies))
	if grown >= crowd*keptFor {
		t.Errorf("%d targets keep %d bytes, want less than %d", crowd, grown, crowd*keptFor)
	}
}

func orEmpty(options string) string {
	if options == "" {
		return "{}"
	}
	return options
}

// hugeText is an answer in which a text is to be made huge.
type hugeText struct {
	status int
	text   string
}

// hugeTexts returns answers with the placeholder in one of their texts each.
func hugeTexts(t *testing.T, p Product, good http.Handler) []hugeText {
	t.Helper()
	var original []byte
	b := newBench(t, p, patience, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		original = rec.Body.Bytes()
		_, _ = w.Write(original)
	}))
	b.scrape(t)
	var document any
	if err := json.Unmarshal(original, &document); err != nil {
		t.Fatal(err)
	}
	var bodies []hugeText
	add := func(status int, document any) {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, hugeText{status, string(text)})
	}
	eachText(document, func(any) {}, func() { add(http.StatusOK, document) })
	for _, field := range []string{"error", "errorDescription", "error_code", "error_msg", "error_description", "code", "message"} {
		failure := map[string]any{"success": false, "error": "E", "error_code": "C", "code": "1", field: placeholder}
		add(http.StatusInternalServerError, failure)
		add(http.StatusOK, failure)
		add(http.StatusUnauthorized, failure)
	}
	add(http.StatusInternalServerError, map[string]any{"error_code": 7, "error_description": placeholder})
	return bodies
}

// eachText calls try with each text of a document replaced by the placeholder in turn.
func eachText(v any, set func(any), try func()) {
	switch v := v.(type) {
	case string:
		set(placeholder)
		try()
		set(v)
	case map[string]any:
		for key, inner := range v {
			eachText(inner, func(n any) { v[key] = n }, try)
		}
	case []any:
		for i, inner := range v {
			eachText(inner, func(n any) { v[i] = n }, try)
		}
	}
}
