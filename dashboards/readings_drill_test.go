package dashboards_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/common/model"

	"progress_exporter/dashboards/grafana"
	"progress_exporter/e2e/stack"
)

var update = flag.Bool("update", false, "record the answers of the drill anew; only with E2E=1")

const (
	recordingFile = "testdata/drill.json"
	// step is coarse, so that the recording stays small.
	step = 5 * time.Second
)

// drilled is what a person reads in the dashboards of a drill: while most jobs run, and
// at its end.
type drilled struct{ midway, end readings }

// recording is what Prometheus answered to the queries of tables, numbers and
// timelines. Curves are left out: nothing is judged of them.
type recording struct {
	Midway, End time.Time
	Answers     []recorded
}

// recorded is the answer of one query.
type recorded struct {
	Where  string
	Expr   string
	Vector model.Vector `json:",omitempty"`
	Matrix model.Matrix `json:",omitempty"`
}

// read reads the dashboards at both moments.
func (r recording) read(t *testing.T, all []dashboard, ask func(at time.Time, where, kind string, q grafana.Target) (model.Value, error)) drilled {
	t.Helper()
	at := func(when time.Time, name string) readings {
		return read(t, all, grafana.Moment{Now: when, Step: step}, func(where, kind string, q grafana.Target) (model.Value, error) {
			if q.Instant {
				where = name + ": " + where
			}
			return ask(when, where, kind, q)
		})
	}
	return drilled{at(r.Midway, "midway"), at(r.End, "end")}
}

// testReadings reads every panel of a drill and judges what a person sees.
func testReadings(t *testing.T, p *stack.Prometheus, all []dashboard, begin, end time.Time) {
	made := recording{busiest(t, p, begin, end), time.Now().UTC().Truncate(time.Millisecond), nil}
	asked := map[string]bool{}
	got := made.read(t, all, func(at time.Time, where, kind string, q grafana.Target) (model.Value, error) {
		answer, err := answer(p, q, at, begin, end)
		if kind != "timeseries" && !asked[where] {
			vector, _ := answer.(model.Vector)
			matrix, _ := answer.(model.Matrix)
			made.Answers = append(made.Answers, recorded{where, q.Expr, vector, matrix})
			asked[where] = true
		}
		return answer, err
	})
	for where, r := range got.end {
		if r.Message != "" && got.midway[where].Message != "" {
			t.Errorf("%s shows nothing but %q", where, r.Message)
		}
	}
	judge(t, all, got)
	if *update {
		made.write(t)
	}
}

// busiest returns a moment when as many jobs as ever had a time left.
func busiest(t *testing.T, p *stack.Prometheus, begin, end time.Time) time.Time {
	t.Helper()
	matrix, err := p.QueryRange("count(progress_estimated_end_timestamp_seconds{bound=\"likely\"})", begin, end, time.Second)
	if err != nil || len(matrix) != 1 {
		t.Fatalf("no job ever had a time left: %v, %v", matrix, err)
	}
	most := slices.MaxFunc(matrix[0].Values, func(a, b model.SamplePair) int { return cmp.Compare(a.Value, b.Value) })
	return most.Timestamp.Time().UTC()
}

// answer asks for the whole drill, or for the value at a moment, which is the same for
// all queries of a panel: Grafana would not join rows of different times.
func answer(p *stack.Prometheus, q grafana.Target, at, begin, end time.Time) (model.Value, error) {
	if q.Range {
		return p.QueryRange(everything(q.Expr), begin, end, step)
	}
	matrix, err := p.QueryRange(everything(q.Expr), at, at, time.Second)
	v := model.Vector{}
	for _, s := range matrix {
		v = append(v, &model.Sample{Metric: s.Metric, Timestamp: s.Values[0].Timestamp, Value: s.Values[0].Value})
	}
	return v, err
}

// write writes a line for each answer.
func (r recording) write(t *testing.T) {
	t.Helper()
	text := fmt.Sprintf("{\"Midway\": %q, \"End\": %q, \"Answers\": [", r.Midway.Format(time.RFC3339Nano), r.End.Format(time.RFC3339Nano))
	for i, answer := range r.Answers {
		line, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			text += ","
		}
		text += "\n" + string(line)
	}
	if err := os.WriteFile(recordingFile, []byte(text+"\n]}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What a person reads in the drill that was recorded. Without a Prometheus it tells of a
// mapping, a unit or an order that was changed; what else the expressions may mean tells
// the drill itself.
func TestReadings(t *testing.T) {
	text, err := os.ReadFile(recordingFile)
	if err != nil {
		t.Fatal(err)
	}
	var made recording
	if err := json.Unmarshal(text, &made); err != nil {
		t.Fatal(err)
	}
	answers, asked := map[string]recorded{}, map[string]bool{}
	for _, a := range made.Answers {
		answers[a.Where] = a
	}
	all := load(t)
	got := made.read(t, all, func(_ time.Time, where, kind string, q grafana.Target) (model.Value, error) {
		a, ok := answers[where]
		asked[where] = true
		switch {
		case kind == "timeseries":
			return nothing(where, kind, q)
		case !ok || a.Expr != q.Expr:
			return nil, errors.New("it asks something else than when the drill was recorded; run make readings")
		case q.Range:
			return a.Matrix, nil
		}
		return a.Vector, nil
	})
	for where := range answers {
		if !asked[where] {
			t.Errorf("%s is recorded, and no panel asks it any more; run make readings", where)
		}
	}
	judge(t, all, got)
}
