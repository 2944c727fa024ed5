//go:build !linux

package stack

import "syscall"

// dieWithParent is known to Linux alone; elsewhere a killed test leaves its
// programs behind.
func dieWithParent() *syscall.SysProcAttr { return nil }
