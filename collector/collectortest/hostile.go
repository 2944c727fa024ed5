package collectortest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

// hostile takes a good answer and puts every kind of wrong value in the place of
// each of its values in turn. Whatever comes, the exposition has to be valid, its
// ratios have to lie in [0, 1], a target that is up has exactly one state, and the
// fault is never ours.
func hostile(t *testing.T, p Product, good http.Handler) {
	var answer atomic.Pointer[recording]
	b := newBench(t, p, patience, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		if a := answer.Load(); a != nil && isDocument(rec.Body.Bytes()) {
			a.original = rec.Body.Bytes()
			if a.body != nil {
				_, _ = w.Write(a.body)
				return
			}
		}
		for name, values := range rec.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}))
	record := &recording{}
	answer.Store(record)
	b.scrape(t)
	var document any
	if err := json.Unmarshal(record.original, &document); err != nil {
		t.Fatalf("the good answer is not JSON: %v", err)
	}
	count := 0
	mutate(document, func(v any) { document = v }, func() {
		body, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		count++
		answer.Store(&recording{body: body})
		text := b.scrape(t)
		check(t, Families(t, text), string(body))
	})
	if count < 10 {
		t.Errorf("only %d hostile answers were tried; is the good answer an idle one?", count)
	}
}

// recording is a good answer as it was, and what is sent in its place.
type recording struct{ original, body []byte }

// isDocument reports whether an answer is an object or a list, which a product's answers
// are, and not what else it says, such as a page to log in.
func isDocument(body []byte) bool {
	body = bytes.TrimSpace(body)
	return json.Valid(body) && (body[0] == '{' || body[0] == '[')
}

// wrong are the values that take the place of a good one.
var wrong = []any{nil, true, -1, 0, 1e300, 101, "", "x\x00\n\"\\\xff", strings.Repeat("長", 200), []any{}, []any{nil}, map[string]any{}}

// mutate calls try with each value of a document replaced in turn; set replaces
// the document itself.
func mutate(v any, set func(any), try func()) {
	for _, w := range wrong {
		set(w)
		try()
	}
	set(v)
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			mutate(inner, func(n any) { v[key] = n }, try)
		}
	case []any:
		if len(v) > 0 {
			mutate(v[0], func(n any) { v[0] = n }, try)
		}
	}
}

func check(t *testing.T, fams map[string]*dto.MetricFamily, body string) {
	t.Helper()
	states, targets := map[string]float64{}, 0
	for _, m := range fams["progress_state"].GetMetric() {
		states[jobID(m)] += m.GetGauge().GetValue()
	}
	list := fams["progress_listed_jobs"] != nil
	for _, m := range fams["progress_up"].GetMetric() {
		id, want := jobID(m), m.GetGauge().GetValue()
		if id == "" {
			targets++
			if list {
				want = 0 // which has no state itself
			}
		}
		if states[id] != want {
			t.Errorf("%v states of job %q are 1, want %v, for %s", states[id], id, want, body)
		}
		delete(states, id)
	}
	if targets != 1 || len(states) > 0 {
		t.Fatalf("%d series of progress_up without job_id, want 1; jobs with states and without it: %v; for %s", targets, states, body)
	}
	for _, name := range []string{"progress_total_ratio", "progress_node_ratio"} {
		for _, m := range fams[name].GetMetric() {
			if r := m.GetGauge().GetValue(); r < 0 || r > 1 {
				t.Errorf("%s is %v, for %s", name, r, body)
			}
		}
	}
	for _, m := range fams["progress_scrape_failure"].GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == "reason" && l.GetValue() == "internal" {
				t.Errorf("reason internal for %s", body)
			}
		}
	}
}

// jobID returns which job of a list a series is about; empty: the target.
func jobID(m *dto.Metric) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == "job_id" {
			return l.GetValue()
		}
	}
	return ""
}
