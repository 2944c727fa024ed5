package series

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// A builder that was used before makes the same series as a new one, whatever it made.
func TestBuilderIsUsedAgain(t *testing.T) {
	api := progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Help: "A thing.", Labels: []string{"kind"}}}}
	v := NewVocabulary([]progress.API{api})
	readings := func(n int) []scrape.Reading {
		var list []scrape.Reading
		for i := range n {
			tt := enginetest.Target(fmt.Sprintf("target-%d", i), enginetest.Running)
			tt.API = &api
			if err := tt.SetLabels(map[string]string{"team": "a"}); err != nil {
				t.Fatal(err)
			}
			report := progress.Report{
				State: progress.Running, Ratio: progress.Ptr(float64(i) / 100), Job: "1",
				Nodes:   []progress.Node{{ID: "a", Name: fmt.Sprint(i), Ratio: progress.Ptr(0.25)}},
				Samples: []progress.Sample{{Labels: []string{"x"}, Value: float64(n)}},
			}
			m := ledger.Memory{Reads: float64(i), Failures: float64(i % 2)}
			list = append(list, scrape.Reading{Target: tt, Outcome: ledger.Outcome{Result: &ledger.Result{Report: report, Duration: time.Second}, Memory: m}})
		}
		return list
	}
	used := v.NewBuilder()
	for _, n := range []int{1, 3, 2, manySeries + 1, 300, 1, 0, 2} {
		snapshot := readings(n)
		want := series(t, v.Expose(snapshot))
		if diff := cmp.Diff(want, series(t, used.Expose(snapshot))); diff != "" {
			t.Errorf("%d targets (-new +used):\n%s", n, diff)
		}
	}
}

// What many targets needed is not kept when one target is probed again and again; nor is
// the snapshot, whoever did not want all of the families.
func TestBuilderKeepsLittle(t *testing.T) {
	api := progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Help: "A thing.", Labels: []string{"kind"}}}}
	b := NewVocabulary([]progress.API{api}).NewBuilder()
	target := enginetest.Target("a", enginetest.Running)
	target.API = &api
	report := progress.Report{Samples: []progress.Sample{{Labels: []string{"x"}}}}
	for range 10 * largeSlab {
		report.Nodes = append(report.Nodes, progress.Node{ID: "n", Status: "s", Ratio: new(0.5)})
		report.Samples = append(report.Samples, report.Samples[0])
	}
	snapshot := []scrape.Reading{{Target: target, Outcome: ledger.Outcome{Result: &ledger.Result{Report: report}}}}
	n := 0
	for f := range b.Expose(snapshot) {
		n += len(f.Samples)
	}
	if n < 30*largeSlab {
		t.Fatalf("%d series", n)
	}
	for range b.Expose(snapshot) {
		break
	}
	if n := cap(b.family.Samples); n > manySeries {
		t.Errorf("a list for %d series", n)
	}
	if n := cap(b.own[0]); n > manySeries {
		t.Errorf("a list for %d samples", n)
	}
	if n := len(b.labels.last); n > largeSlab {
		t.Errorf("a slab of %d labels", n)
	}
	if b.snapshot != nil || b.r != nil || b.base != nil {
		t.Error("the snapshot is kept")
	}
}
