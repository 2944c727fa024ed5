package stack

import (
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a program may take for one step, such as listening or
// stopping: much more than it needs on a busy machine.
const patience = 60 * time.Second

// Process is a program that runs beside the test.
type Process struct {
	name   string
	pid    int
	said   *transcript
	exited chan struct{} // closed when it has ended
	err    error         // how it ended; to be read after exited
	stop   sync.Once
}

// Start starts a program. It is stopped when the test ends; if the test failed,
// the last that it said is logged.
func Start(t testing.TB, program string, args ...string) *Process {
	t.Helper()
	p := &Process{name: program[strings.LastIndex(program, "/")+1:], said: &transcript{}, exited: make(chan struct{})}
	cmd := exec.Command(program, args...)
	cmd.Stdout, cmd.Stderr = p.said, p.said
	cmd.SysProcAttr = dieWithParent()
	started := make(chan error)
	go func() {
		// Linux ends the program with the thread that started it, not with the
		// process: the thread has to stay as long as the program.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.exited)
		}
	}()
	if err := <-started; err != nil {
		t.Fatalf("cannot start %s: %v", program, err)
	}
	t.Cleanup(func() {
		p.Stop(t)
		if t.Failed() {
			t.Logf("%s said at the end:\n%s", p.name, p.said.tail())
		}
	})
	return p
}

// Stop asks the program to end and waits until it has. The test fails if it does
// not end by itself, or not cleanly.
func (p *Process) Stop(t testing.TB) {
	t.Helper()
	p.stop.Do(func() {
		p.signal(syscall.SIGTERM)
		select {
		case <-p.exited:
		case <-time.After(patience):
			p.signal(syscall.SIGKILL)
			<-p.exited
			t.Errorf("%s had to be killed: it did not end within %v", p.name, patience)
			return
		}
		if p.err != nil {
			t.Errorf("%s did not end cleanly: %v", p.name, p.err)
		}
	})
}

// AwaitExit waits until the program has ended by itself.
func (p *Process) AwaitExit(t testing.TB) {
	t.Helper()
	Await(t, "the end of "+p.name, func() bool {
		select {
		case <-p.exited:
			return true
		default:
			return false
		}
	})
}

// signal sends a signal unless the program has ended: its id may be another's then.
func (p *Process) signal(s syscall.Signal) {
	select {
	case <-p.exited:
	default:
		_ = syscall.Kill(p.pid, s)
	}
}

// Await waits until the program has said something that matches, and returns every
// match with its groups.
func (p *Process) Await(t testing.TB, pattern *regexp.Regexp) [][]string {
	t.Helper()
	var found [][]string
	Await(t, p.name+" to say "+pattern.String(), func() bool {
		found = pattern.FindAllStringSubmatch(p.said.String(), -1)
		select {
		case <-p.exited:
			if found == nil {
				t.Fatalf("%s has ended: %v\n%s", p.name, p.err, p.said.tail())
			}
		default:
		}
		return found != nil
	})
	return found
}

// listening is what programs with Prometheus' web toolkit say once they listen.
var listening = regexp.MustCompile(`msg="Listening on".* address=(\S+)`)

// address waits until the program listens and returns where.
func (p *Process) address(t testing.TB) string {
	t.Helper()
	return p.Await(t, listening)[0][1]
}

// Await waits until done. It fails the test if that takes too long: what says what
// was waited for.
func Await(t testing.TB, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !done(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v in vain for %s", patience, what)
		}
	}
}

// transcript keeps what a program says.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
}

// Write implements io.Writer.
func (s *transcript) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

// String returns all that was said.
func (s *transcript) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// tail returns the last that was said.
func (s *transcript) tail() string {
	lines := strings.SplitAfter(s.String(), "\n")
	return strings.Join(lines[max(0, len(lines)-40):], "")
}
