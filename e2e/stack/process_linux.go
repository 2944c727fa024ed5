package stack

import "syscall"

// dieWithParent makes a program end with the test, even if that is killed or
// crashes, so that no test leaves a program behind.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
