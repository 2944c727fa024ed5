package lives

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func played() ([]Life, []Result) {
	p := MRS()
	all := []Life{{Name: "mrs calm", Parts: []Part{{Product: p}}}, {Name: "mrs bad", Parts: []Part{{Product: p}}}}
	return all, []Result{
		{Life: "mrs calm", Condition: "60s"},
		{Life: "mrs bad", Condition: "60s", Wrong: []string{"x"}, Fired: []Firing{
			{Alert: "A", Delay: time.Hour}, {Alert: "B", Delay: -1, At: 90 * time.Second}, {Alert: "A", Delay: 10 * time.Minute}}},
		{Life: "mrs bad", Condition: "gaps"},
	}
}

func TestPrint(t *testing.T) {
	_, results := played()
	var b strings.Builder
	if err := Print(&b, results); err != nil {
		t.Fatal(err)
	}
	want := `LIFE      CONDITION  ALERTS             DELAYS             NUMBER  WRONG
mrs calm  60s                                              0       
mrs bad   60s        A, B (not wanted)  2 × 10m–1h, 1m30s  3       1
mrs bad   gaps                                             0       
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestDocument(t *testing.T) {
	all, results := played()
	text := Document(all, results)
	_, table, _ := strings.Cut(text, "## mrs\n\n")
	want := `| life | page | 15s | 60s | 120s | probe | restart 17m | restart 67m | restart 17m, memory | gaps |
|---|---|---|---|---|---|---|---|---|---|
| mrs calm | nothing |  | silent |  |  |  |  |  |  |
| mrs bad | A |  | 2 × 10m–1h |  |  |  |  |  |  |
| mrs bad | B (not wanted) |  | 1m30s |  |  |  |  |  |  |
`
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
	if wrong := Differs(text, results); wrong != nil {
		t.Errorf("a document differs from the plays that it was written from: %q", wrong)
	}
	results[0].Fired = []Firing{{Alert: "A", Delay: time.Minute}}
	results[1].Fired = results[1].Fired[:2]
	results = append(results, Result{Life: "mrs new", Condition: "60s"})
	if diff := cmp.Diff([]string{
		`mrs bad, 60s, A: "1h", the page says "2 × 10m–1h"`,
		`mrs calm, 60s, A: "1m", the page says ""`,
		`mrs new, 60s, nothing: "silent", the page says ""`,
	}, Differs(text, results)); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

func TestPlot(t *testing.T) {
	const m = time.Minute
	p := Plot{waits(10 * m), works(0.5, 10*m), stands(10 * m).withFailedNode(), seldom(1, 20*m, 5*m), done}
	for at, want := range map[time.Duration]string{
		0: "1 0 false", 10 * m: "2 0 false", 15 * m: "2 0.25 false", 25 * m: "2 0.5 true", 34 * m: "2 0.5 false", 36 * m: "2 0.625 false", 99 * m: "3 1 false",
	} {
		got := p.at(at)
		if s := fmt.Sprint(int(got.Phase), got.Fraction, got.NodeFail); s != want {
			t.Errorf("at %s %s, want %s", at, s, want)
		}
	}
}
