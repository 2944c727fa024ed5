package docs_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a command may take, and how long it is waited for what the
// page shows. No command of a page takes a fourth of it on an idle machine.
const patience = 3 * time.Minute

// session is a shell in a folder, to which a reader gives one command after the other.
// What goes on there until it is stopped goes on until the test ends.
type session struct {
	t       *testing.T
	script  *os.File  // what the shell reads
	said    *output   // what it and its commands write
	staying []*output // of each command that goes on, in their order
	next    int       // the number of the next one that goes on
	seen    int       // how much of said has been read
}

// open starts a shell for so many commands that go on. It has a loopback network of its
// own where the system lets it, so that the ports of a page are free.
func open(t *testing.T, folder string, staying int) *session {
	t.Helper()
	argv := []string{"bash", "/dev/fd/3"}
	own := exec.Command("unshare", "--map-root-user", "--net", "ip", "link", "set", "lo", "up").Run() == nil
	if own {
		argv = append([]string{"unshare", "--map-root-user", "--net"}, argv...)
	}
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = folder, environment()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	inner, script := pipe(t)
	s := &session{t: t, script: script}
	ends := []*os.File{inner}
	for i := range staying + 1 {
		reader, writer := pipe(t)
		o := follow(reader)
		if ends = append(ends, writer); i == 0 {
			s.said = o
		} else {
			s.staying = append(s.staying, o)
		}
	}
	cmd.ExtraFiles = slices.Concat(ends[:1], ends[2:])
	cmd.Stdout, cmd.Stderr = ends[1], ends[1]
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for _, end := range ends {
		_ = end.Close()
	}
	t.Cleanup(func() { s.stop(cmd) })
	if own {
		s.send("ip link set lo up\n")
	}
	return s
}

// stop ends the shell and all that it started.
func (s *session) stop(cmd *exec.Cmd) {
	_ = s.script.Close()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	for _, o := range append(s.staying, s.said) {
		if !o.wait(20*time.Second, never) && !o.ended() {
			_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
			s.t.Errorf("a command did not end at SIGTERM; it had written\n%s", o.all())
		}
	}
	_ = cmd.Wait() // the shell was killed
}

var done = regexp.MustCompile(`\n\x01(\d+)\n$`)

// do gives a command and returns what it wrote and its exit status.
func (s *session) do(command string) (string, int) {
	s.t.Helper()
	s.send(command + "\nstatus=$?; printf '\\n\\001%d\\n' $status; (exit $status)\n")
	if !s.said.wait(patience, func(all string) bool { return done.MatchString(all[s.seen:]) }) {
		s.t.Fatalf("$ %s\ndid not end; it wrote\n%s", command, s.said.all()[s.seen:])
	}
	text := s.said.all()[s.seen:]
	s.seen += len(text)
	status, err := strconv.Atoi(done.FindStringSubmatch(text)[1])
	if err != nil {
		s.t.Fatal(err)
	}
	return done.ReplaceAllString(text, ""), status
}

// again gives a command until its output is enough.
func (s *session) again(command string, enough func(string) bool) (output string, status int, ok bool) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if output, status = s.do(command); enough(output) {
			return output, status, true
		}
	}
	return output, status, false
}

// stay gives a command that goes on, and returns its output once that is enough.
func (s *session) stay(command string, enough func(string) bool) (string, bool) {
	s.t.Helper()
	fd, o := 4+s.next, s.staying[s.next]
	s.next++
	s.send(fmt.Sprintf("{ %s\n} >&%d 2>&%d </dev/null &\n", command, fd, fd))
	ok := o.wait(patience, enough)
	return o.all(), ok
}

func (s *session) send(text string) {
	if _, err := s.script.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// environment is that of whoever reads the page, not of the make that runs the test.
func environment() []string {
	return append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "MAKE") || strings.HasPrefix(v, "MFLAGS=") || strings.HasPrefix(v, "VERSION=")
	}), "NO_COLOR=1")
}

func pipe(t *testing.T) (reader, writer *os.File) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	return reader, writer
}

// output is what is written into a pipe.
type output struct {
	mu      sync.Mutex
	text    strings.Builder
	changed chan struct{} // closed at the next line
	closed  bool          // nobody can write any more
}

// follow reads a pipe until its end.
func follow(reader *os.File) *output {
	o := &output{changed: make(chan struct{})}
	go func() {
		defer reader.Close()
		lines := bufio.NewReader(reader)
		for {
			line, err := lines.ReadString('\n')
			o.add(line, err != nil)
			if err != nil {
				return
			}
		}
	}()
	return o
}

func (o *output) add(line string, end bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.WriteString(line)
	o.closed = end
	close(o.changed)
	o.changed = make(chan struct{})
}

func (o *output) state() (text string, closed bool, changed chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.closed, o.changed
}

func (o *output) all() string { text, _, _ := o.state(); return text }

func (o *output) ended() bool { _, closed, _ := o.state(); return closed }

// wait returns true once enough says so, and false at the end of the output or after so
// long.
func (o *output) wait(limit time.Duration, enough func(string) bool) bool {
	late := time.After(limit)
	for {
		text, closed, changed := o.state()
		switch {
		case enough(text):
			return true
		case closed:
			return false
		}
		select {
		case <-changed:
		case <-late:
			return false
		}
	}
}

func never(string) bool { return false }
