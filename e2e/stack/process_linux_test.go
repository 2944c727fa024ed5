package stack

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestProgramsEndWithTheTest kills a test that has started a program: the program
// must end, too.
func TestProgramsEndWithTheTest(t *testing.T) {
	const pipeOfHelper = "STACK_TEST_PIPE"
	if pipe := os.Getenv(pipeOfHelper); pipe != "" { // the test that is to be killed
		p := Start(t, "/bin/sh", "-c", "exec sleep 3600 >"+pipe)
		<-p.exited
		return
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	helper := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	helper.Env = append(os.Environ(), pipeOfHelper+"="+pipe)
	if err := helper.Start(); err != nil {
		t.Fatal(err)
	}
	open, err := os.Open(pipe) // returns when the program has it open
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if err := helper.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = helper.Wait() // it says that it was killed
	if err := open.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(open); err != nil { // ends when the program has
		t.Errorf("the program still runs: %v", err)
	}
}
