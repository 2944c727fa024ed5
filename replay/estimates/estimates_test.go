package estimates

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	page = "../../docs/estimates.md"
	// The lives of the page are others than those by which the numbers of the ledger were
	// chosen, which are played with -first=0.
	claimed = 1000
	targets = 12 // of each family
	runs    = 4  // of each target; the last one has three earlier ones
	// narrow is how many times as far away as the early end the late one is at most, where
	// earlier runs tell it.
	narrow = 2.005
)

var (
	first  = flag.Uint64("first", claimed, "the first seed of the lives")
	update = flag.Bool("update", false, "write the table of docs/estimates.md anew")
)

// trial is what ranges were worth.
type trial struct {
	said, held             int
	narrowSaid, narrowHeld int       // of those that are no wider than narrow
	widths                 []float64 // how many times as far away as the early end the late one was
}

// add adds a range of which the real end is known, all in seconds from then on.
func (t *trial) add(left map[string]float64, real float64) {
	width, held := left["late"]/left["early"], 0
	if left["early"] <= real && real <= left["late"] {
		held = 1
	}
	t.said, t.held, t.widths = t.said+1, t.held+held, append(t.widths, width)
	if width <= narrow {
		t.narrowSaid, t.narrowHeld = t.narrowSaid+1, t.narrowHeld+held
	}
}

func (t *trial) sum(of *trial) {
	t.said, t.held, t.widths = t.said+of.said, t.held+of.held, append(t.widths, of.widths...)
	t.narrowSaid, t.narrowHeld = t.narrowSaid+of.narrowSaid, t.narrowHeld+of.narrowHeld
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

// String returns four cells of the table.
func (t *trial) String() string {
	slices.Sort(t.widths)
	return fmt.Sprintf("%.1f %% | %.1f | %.1f | %.0f %%", percent(t.held, t.said), t.widths[len(t.widths)/2], t.widths[len(t.widths)-1], percent(t.narrowSaid, t.said))
}

// played is what came of a family: of targets without earlier runs, and with three.
type played struct{ without, with trial }

// play plays the runs of each target of a family, one after the other.
func (f *family) play(t *testing.T, number uint64) (p played) {
	th := newTheatre(t)
	for n := range uint64(targets) {
		r := rand.New(rand.NewPCG(*first+n, number))
		usual := float64(30*time.Minute) * math.Pow(48, r.Float64())
		run := f.target(r)
		for i := range runs {
			length := usual * math.Exp(0.15*r.NormFloat64())
			if f.lengths != nil {
				length = usual * f.lengths[i]
			}
			said := th.run(fmt.Sprint("t", n), time.Duration(length), run(r))
			switch i {
			case 0:
				p.without.sum(said)
			case runs - 1:
				p.with.sum(said)
			}
		}
	}
	return p
}

// Ranges hold what docs/estimates.md promises, and the page has the numbers.
func TestEstimates(t *testing.T) {
	all := families()
	results := make([]played, len(all))
	t.Run("families", func(t *testing.T) {
		for i := range all {
			t.Run(all[i].name, func(t *testing.T) {
				t.Parallel()
				results[i] = all[i].play(t, uint64(i))
			})
		}
	})
	lines := []string{
		"| jobs | held | median | widest | up to 2 | after three runs: held | median | widest | up to 2 |",
		"|---|---|---|---|---|---|---|---|---|",
	}
	var sum played
	var other []string // not part of the sum
	for i := range all {
		f, p := &all[i], &results[i]
		without := p.without.String()
		switch {
		case f.lengths != nil: // the first run is as any other
			without = "| | |"
		case f.longTail:
			sum.with.sum(&p.with)
		default:
			sum.without.sum(&p.without)
			sum.with.sum(&p.with)
		}
		if row := fmt.Sprintf("| %s | %s | %s |", f.name, without, &p.with); f.lengths == nil {
			lines = append(lines, row)
		} else {
			other = append(other, row)
		}
		if got := percent(p.without.held, p.without.said); got < 70 && !f.longTail {
			t.Errorf("%s: %.1f %% held", f.name, got)
		}
		if got := percent(p.with.held, p.with.said); got < 70 {
			t.Errorf("%s: after three runs %.1f %% held", f.name, got)
		}
	}
	lines = append(lines, fmt.Sprintf("| all of the above, of the long tail only what comes after three runs | %s | %s |", &sum.without, &sum.with))
	lines = append(lines, other...)
	for _, promise := range []struct {
		what         string
		got, atLeast float64
	}{
		{"without earlier runs held, in percent", percent(sum.without.held, sum.without.said), 85},
		{"after three runs held, in percent", percent(sum.with.held, sum.with.said), 90},
		{"after three runs held of those up to twice as wide, in percent", percent(sum.with.narrowHeld, sum.with.narrowSaid), 90},
		{"how many times less than 5.5 a range is wide", 5.505 / slices.Max(append(sum.without.widths, sum.with.widths...)), 1},
	} {
		if promise.got < promise.atLeast {
			t.Errorf("%s: %.2f, want %g at least", promise.what, promise.got, promise.atLeast)
		}
	}
	t.Logf("of those up to twice as wide after three runs %.1f %% of %d held", percent(sum.with.narrowHeld, sum.with.narrowSaid), sum.with.narrowSaid)
	table(t, strings.Join(lines, "\n"))
}

// table compares the table of the page, or writes it.
func table(t *testing.T, want string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), "| jobs |")
	_, after, ends := strings.Cut(rest, "\n\n")
	switch {
	case !found || !ends:
		t.Fatalf("%s has no table", page)
	case *update:
		if err := os.WriteFile(page, []byte(before+want+"\n\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case *first != claimed:
		t.Log(want)
	case !strings.Contains(string(text), want+"\n\n"):
		t.Errorf("%s has another table than\n%s", page, want)
	}
}
