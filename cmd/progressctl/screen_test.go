package main

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
	"go.uber.org/goleak"
	"golang.org/x/term"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// The bars fill a terminal that becomes narrow, and nodes give way in one that
// becomes low.
func TestWatchFollowsTheSizeOfTheTerminal(t *testing.T) {
	_, _, file := two(t)
	s := run(t, "NO_COLOR=1", "--config.file="+file, "watch", "--interval=100ms")
	s.until("both jobs at work", working)
	if err := pty.Setsize(s.pty, &pty.Winsize{Rows: 4, Cols: 72}); err != nil {
		t.Fatal(err)
	}
	got := s.until("a smaller picture", func(screen string) bool {
		lines := strings.Split(screen, "\n")
		return len(lines) == 4 && !slices.ContainsFunc(lines, func(l string) bool { return utf8.RuneCountInString(l) > 72 })
	})
	compareScreens(t, `install           66.0 % [================--------] running moved …
  control-node-1 100.0 % [========================]
copy              55.8 % [=============-----------] running moved …
`, got)
	if err := pty.Setsize(s.pty, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	s.until("all nodes again", working)
}

// Some programs give their children a terminal of no size: nothing can be drawn there.
func TestWatchInATerminalOfNoSize(t *testing.T) {
	_, _, file := two(t)
	s := runIn(t, pty.Winsize{}, "NO_COLOR=1", "--config.file="+file, "watch", "--interval=100ms")
	s.until("a line for each job", func(screen string) bool {
		return strings.Contains(screen, " install running, 66.0 %") && strings.Contains(screen, " copy running, 55.8 %")
	})
}

// Ctrl-C leaves the last picture, the cursor below it, and the terminal as it was.
func TestCtrlC(t *testing.T) {
	for _, args := range [][]string{{"watch", "--interval=100ms"}, {"wait", "install"}} {
		t.Run(args[0], func(t *testing.T) {
			_, _, file := two(t)
			s := run(t, "", append([]string{"--config.file=" + file}, args...)...)
			before := s.until("the job", func(screen string) bool {
				return args[0] == "wait" && strings.HasSuffix(screen, "1/3\n") || working(screen)
			})
			if _, err := s.pty.WriteString("\x03"); err != nil {
				t.Fatal(err)
			}
			code, screen := s.ends()
			if code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if args[0] == "watch" {
				compareScreens(t, ago.ReplaceAllString(before, "$1 …"), screen)
			}
			after, err := term.GetState(int(s.pty.Fd()))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(s.before, after) {
				t.Errorf("the terminal's settings are %v, were %v", after, s.before)
			}
		})
	}
}

func TestColours(t *testing.T) {
	install, _, file := two(t)
	install.SetDrill(drill.Drill{Scenario: drill.Fail, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour})
	for env, want := range map[string]int{"": 1, "NO_COLOR=1": 0, "TERM=dumb": 0} {
		s := run(t, env, "--config.file="+file, "get")
		code, screen := s.ends()
		if code != exitReached {
			t.Errorf("%q: exit code %d, want 0", env, code)
		}
		if got := strings.Count(s.raw.String(), "\x1b[31mfailed\x1b[0m"); got != want {
			t.Errorf("%q: failed is %d times red, want %d", env, got, want)
		}
		compareScreens(t, `TARGET              TYPE       STATE    RATIO    LAG   NODES  ERROR
install             logpresso  failed   83.0 %   -     1/3    general-error
  control-node-1    control    -        100.0 %               -
  data-node-1       data       -        90.0 %                -
  forwarder-node-1  forwarder  -        60.0 %                disk-space-error
copy                mongosync  running  55.8 %   335s  -      -
`, screen)
	}
}

func TestScreenLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		_, _ = io.Copy(io.Discard, master)
	}()
	r := reading(progress.Running, 0)
	r.Report.Nodes = []progress.Node{{ID: "1"}, {ID: "2"}}
	s := newScreen(tty, []status.Job{{Target: "a"}})
	s.show("a", []status.Job{r})
	s.close()
	if err := tty.Close(); err != nil {
		t.Error(err)
	}
	<-drained
	if err := master.Close(); err != nil {
		t.Error(err)
	}
}
