package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The cases of the library are such cases, and give what the library's own tests say.
func TestCasesOfTheLibrary(t *testing.T) {
	const dir = "../../apis/testdata"
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) < 14 {
		t.Fatalf("%d descriptions have cases, %v", len(entries), err)
	}
	for _, entry := range entries {
		var stdout, stderr bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
		args := []string{"test", "--api=" + entry.Name(), filepath.Join(dir, entry.Name())}
		if code := p.main(t.Context(), args); code != exitReached || !strings.Contains(stdout.String(), "ok       happy\n") {
			t.Errorf("%v: exit code %d\n%s%s", args, code, &stdout, &stderr)
		}
	}
}
