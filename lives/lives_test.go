package lives

import (
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

const rules = "../dashboards/alerts/progress.rules.yml"

// full plays every life under every condition; otherwise the conditions take turns.
var full = flag.Bool("full", false, "play every life under every condition")

func TestLives(t *testing.T) {
	conditions := Conditions()
	for i, l := range All() {
		looks := l.Own
		switch {
		case looks == nil && *full:
			looks = conditions
		case looks == nil:
			looks = conditions[i%len(conditions):][:1]
		}
		for _, c := range looks {
			t.Run(l.Name+"/"+c.Name, func(t *testing.T) {
				t.Parallel()
				res, err := Run(&l, &c, rules, t.TempDir())
				if err != nil {
					t.Fatal(err)
				}
				fmt.Fprint(os.Stdout, line(&res))
				for _, w := range res.Wrong {
					t.Errorf("%s, %s: %s", res.Life, res.Condition, w)
				}
			})
		}
	}
}

func line(r *Result) string {
	var fired []string
	for _, f := range r.Fired {
		if f.Delay < 0 {
			fired = append(fired, fmt.Sprintf("%s at %s FOR NOTHING", f.Alert, f.At))
			continue
		}
		fired = append(fired, fmt.Sprintf("%s +%s", f.Alert, f.Delay))
	}
	return fmt.Sprintf("%-40s %-12s %5.2fs  %s\n", r.Life, r.Condition, r.Took.Round(10*time.Millisecond).Seconds(), strings.Join(fired, ", "))
}

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // the plays are short and make much that is soon forgotten
	m.Run()
}
