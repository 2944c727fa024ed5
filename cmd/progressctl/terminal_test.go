package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
	"golang.org/x/term"
)

// terminal is a terminal with a program in it: what a person would see.
type terminal struct {
	t      *testing.T
	pty    *os.File
	cmd    *exec.Cmd
	before *term.State // the terminal's settings before the program

	mu      sync.Mutex
	raw     strings.Builder // all that the program wrote
	changed chan struct{}   // closed at the next write
	gone    chan struct{}   // closed when the program has closed the terminal
}

// run starts progressctl in a terminal of 24 lines and 100 columns, with one more
// environment variable.
func run(t *testing.T, env string, args ...string) *terminal {
	t.Helper()
	return runIn(t, pty.Winsize{Rows: 24, Cols: 100}, env, args...)
}

// runIn is run in a terminal of another size.
func runIn(t *testing.T, size pty.Winsize, env string, args ...string) *terminal {
	t.Helper()
	program, err := exec.LookPath("progressctl")
	if err != nil {
		t.Fatal(err)
	}
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	if err := pty.Setsize(master, &size); err != nil {
		t.Fatal(err)
	}
	s := &terminal{t: t, pty: master, changed: make(chan struct{}), gone: make(chan struct{})}
	if s.before, err = term.GetState(int(master.Fd())); err != nil {
		t.Fatal(err)
	}
	s.cmd = exec.Command(program, args...)
	s.cmd.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=", env)
	s.cmd.Stdin, s.cmd.Stdout, s.cmd.Stderr = tty, tty, tty
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go s.read()
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // if it still runs, the test has failed already
		<-s.gone
		_ = master.Close()
	})
	return s
}

// read collects what the program writes until the terminal is closed.
func (s *terminal) read() {
	defer close(s.gone)
	buf := make([]byte, 4096)
	for {
		n, err := s.pty.Read(buf)
		s.mu.Lock()
		s.raw.Write(buf[:n])
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// screen returns what the terminal shows now, and a channel that is closed when
// that changes.
func (s *terminal) screen() (shown string, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return shows(s.raw.String()), s.changed
}

// until waits until the screen is as wanted, and returns it.
func (s *terminal) until(what string, wanted func(screen string) bool) string {
	s.t.Helper()
	patience := time.After(20 * time.Second)
	for {
		shown, changed := s.screen()
		if wanted(shown) {
			return shown
		}
		select {
		case <-changed:
		case <-patience:
			s.t.Fatalf("waited in vain for %s; the screen is\n%s", what, shown)
		}
	}
}

// ends waits for the program's end and returns its exit code and the screen.
func (s *terminal) ends() (code int, screen string) {
	s.t.Helper()
	<-s.gone
	var exit *exec.ExitError
	if err := s.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return s.cmd.ProcessState.ExitCode(), shows(s.raw.String())
}

var escape = regexp.MustCompile(`^\x1b\[([0-9;]*)([A-Za-z])`)

// shows returns what a terminal shows after such output, down to the cursor: it
// knows the sequences that progress bars need, and shows every other one.
func shows(raw string) string {
	rows, row, col := [][]rune{{}}, 0, 0
	for raw != "" {
		if m := escape.FindStringSubmatch(raw); m != nil {
			n, _ := strconv.Atoi(m[1])
			switch m[2] {
			case "A": // up
				row = max(row-n, 0)
			case "J": // erase to the end of the screen
				rows = rows[:row+1]
				rows[row] = rows[row][:min(col, len(rows[row]))]
			case "m":
			default:
				rows[row] = append(rows[row], []rune(fmt.Sprintf("%q", m[0]))...)
			}
			raw = raw[len(m[0]):]
			continue
		}
		r, size := utf8.DecodeRuneInString(raw)
		raw = raw[size:]
		switch r {
		case '\r':
			col = 0
		case '\n':
			if row++; row == len(rows) {
				rows = append(rows, []rune{})
			}
		default:
			for len(rows[row]) <= col {
				rows[row] = append(rows[row], ' ')
			}
			rows[row][col] = r
			col++
		}
	}
	var out strings.Builder
	for i, r := range rows {
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(strings.TrimRight(string(r), " "))
	}
	return out.String()
}
