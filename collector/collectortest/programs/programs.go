// Package programs builds the programs that tests start.
package programs

import (
	"os"
	"os/exec"
	"testing"
)

// Build builds commands into a folder, in the module that dir is in. It does so without
// cgo, as for a release: what make has compiled is not compiled anew.
func Build(t testing.TB, dir, bin string, commands ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"build", "-o", bin + string(os.PathSeparator)}, commands...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}
