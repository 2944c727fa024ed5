package series

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/families"
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
	used := NewBuilder(v.Families)
	for _, n := range []int{1, 3, 2, manySeries + 1, 300, 1, 0, 2} {
		snapshot := readings(n)
		want := series(t, v.Expose(snapshot))
		if diff := cmp.Diff(want, series(t, v.ExposeWith(used, snapshot))); diff != "" {
			t.Errorf("%d targets (-new +used):\n%s", n, diff)
		}
		used.Reset()
	}
}

// What many targets needed is not kept when one target is probed again and again.
func TestBuilderKeepsLittle(t *testing.T) {
	b := NewBuilder(families.Common())
	b.targets = 1
	for range 100 * largeSlab {
		b.gauge(families.NodeRatio, b.join(nil, &progress.Label{Name: "a", Value: "b"}), 0.5)
	}
	b.gather()
	b.Reset()
	if n := cap(b.families[families.NodeRatio].Samples); n > manySeries {
		t.Errorf("a list for %d series", n)
	}
	if n := len(b.labels.last); n > largeSlab {
		t.Errorf("a slab of %d labels", n)
	}
	if n := len(b.gathered); n != 0 {
		t.Errorf("%d families", n)
	}
}
