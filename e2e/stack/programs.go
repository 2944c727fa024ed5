package stack

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest/programs"
)

// The generations of Prometheus that tests run on, as scripts/prometheus-tools
// names them.
const (
	Local  = ""    // the one in PATH, or of the distribution's packages
	Newest = "sid" // the newest one that Debian has
)

// Generations returns Local and Newest.
func Generations() []string { return []string{Local, Newest} }

// Wanted skips the test unless E2E=1 asks for end-to-end tests: they start many
// programs and take a minute or two.
func Wanted(t testing.TB) {
	t.Helper()
	if os.Getenv("E2E") != "1" {
		t.Skip("end-to-end tests run with E2E=1; make e2e does that")
	}
}

// Root returns the root of the checkout.
func Root(t testing.TB) string {
	t.Helper()
	return filepath.Dir(run(t, "", "go", "env", "GOMOD"))
}

// BuildReplay builds progress_replay, which is of a module of its own, into a folder.
func BuildReplay(t testing.TB, bin string) {
	t.Helper()
	programs.Build(t, filepath.Join(Root(t), "replay"), bin, "./progress_replay")
}

// Build builds progress_exporter and progress_sim from the checkout and returns
// the folder that holds them.
func Build(t testing.TB) string {
	t.Helper()
	bin := t.TempDir()
	programs.Build(t, Root(t), bin, "./cmd/progress_exporter", "./cmd/progress_sim")
	return bin
}

// Tools returns the folder that holds prometheus, promtool, alertmanager and
// amtool of a generation. The test fails if Local cannot be had, and is skipped if
// Newest cannot: what Debian has there is not in our hands.
func Tools(t testing.TB, generation string) string {
	t.Helper()
	args := strings.Fields(generation)
	out, err := output(Root(t), "scripts/prometheus-tools", args...)
	switch {
	case err == nil:
		return out
	case generation == Newest:
		t.Skip(err)
	}
	t.Fatal(err)
	return ""
}

// Check runs a checking tool, such as promtool, and fails the test with what it
// says if it objects.
func Check(t testing.TB, tool string, args ...string) {
	t.Helper()
	run(t, "", tool, args...)
}

func run(t testing.TB, dir, name string, args ...string) string {
	t.Helper()
	out, err := output(dir, name, args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// output runs a command in a folder and returns what it prints. The error holds
// everything that it said.
func output(dir, name string, args ...string) (string, error) {
	if dir != "" && strings.Contains(name, "/") {
		name = filepath.Join(dir, name)
	}
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", errors.New(strings.Join(cmd.Args, " ") + ": " + err.Error() + "\n" + string(out) + said.String())
	}
	return strings.TrimSpace(string(out)), nil
}
