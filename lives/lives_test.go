package lives

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"testing"
	"time"
)

const document = "../docs/lives.md"

var (
	rules  = flag.String("rules", "../dashboards/alerts/progress.rules.yml", "the rules that the lives are played with")
	full   = flag.Bool("full", false, "play every life under every condition, not under one")
	update = flag.Bool("update", false, "write docs/lives.md anew; only with -full")
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // the plays are short and make much that is soon forgotten
	m.Run()
}

// TestLives plays the lives: none missed, none for nothing.
func TestLives(t *testing.T) {
	all := All()
	results := playAll(t, all)
	if err := Print(os.Stdout, results); err != nil {
		t.Error(err)
	}
	var virtual time.Duration
	pages, wrong := 0, 0
	for _, r := range results {
		virtual += r.Watched
		pages, wrong = pages+len(r.Fired), wrong+len(r.Wrong)
	}
	fmt.Printf("%d plays of %d lives, %s of virtual time: %d pages, %d mistakes\n", len(results), len(all), virtual, pages, wrong)
	switch {
	case *update && *full:
		if err := os.WriteFile(document, []byte(Document(all, results)), 0o644); err != nil {
			t.Error(err)
		}
	case wrong == 0:
		said, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range Differs(string(said), results) {
			t.Errorf("docs/lives.md is not true any more (make lives FULL=1 UPDATE=-update): %s", d)
		}
	}
}

// playAll plays every life under its own conditions, under all of them, or, so that it
// takes less than the other tests, under one: the conditions take turns.
func playAll(t *testing.T, all []Life) []Result {
	conditions := Conditions()
	type play struct{ life, condition int }
	var mu sync.Mutex
	found := map[play]Result{}
	t.Run("life", func(t *testing.T) {
		for i, l := range all {
			looks := l.Own
			switch {
			case looks == nil && *full:
				looks = conditions
			case looks == nil:
				looks = conditions[i%len(conditions):][:1]
			}
			for j, c := range looks {
				t.Run(l.Name+"/"+c.Name, func(t *testing.T) {
					t.Parallel()
					res, err := Run(&l, &c, *rules, t.TempDir())
					if err != nil {
						t.Fatal(err)
					}
					for _, w := range res.Wrong {
						t.Errorf("%s, %s: %s", res.Life, res.Condition, w)
					}
					mu.Lock()
					defer mu.Unlock()
					found[play{i, j}] = res
				})
			}
		}
	})
	keys := make([]play, 0, len(found))
	for k := range found {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b play) int { return cmp.Or(a.life-b.life, a.condition-b.condition) })
	results := make([]Result, len(keys))
	for i, k := range keys {
		results[i] = found[k]
	}
	return results
}

// Names tell lives apart, in the document and in a failure.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range All() {
		if seen[l.Name] {
			t.Errorf("two lives are called %s", l.Name)
		}
		seen[l.Name] = true
	}
}
