package targets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLoadLargestFile(t *testing.T) {
	content := "targets: []\n#"
	dir := write(t, map[string]string{"targets.yml": content + strings.Repeat("x", maxFile-len(content))})
	if _, err := Load(filepath.Join(dir, "targets.yml")); err != nil {
		t.Errorf("a file of exactly 1 MiB: %v", err)
	}
}

// many returns a file with n targets that all use an anchor.
func many(n int) string {
	var b strings.Builder
	b.WriteString("x-u: &u {api: mongosync, url: 'http://192.0.2.1:27182'}\ntargets:\n")
	for i := range n {
		fmt.Fprintf(&b, "- {<<: *u, name: t%d, labels: {shard: %d}, options: {<<: *u}}\n", i, i)
	}
	return b.String()
}

func TestLoadMany(t *testing.T) {
	const n = 10_000
	dir := write(t, map[string]string{"targets.yml": many(n)})
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Targets) != n || c.Targets[n-1].Name != "t9999" || c.Targets[n-1].Labels["shard"] != "9999" {
		t.Errorf("got %d targets, want %d", len(c.Targets), n)
	}
	for i := 0; i < n; i += n / 10 {
		target := c.Targets[i]
		var o struct{ API, URL string }
		if err := target.Options(&o); err != nil || o.API != "mongosync" {
			t.Fatalf("options of %s: %+v, %v", target.Name, o, err)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "targets.yml")
			if err := os.WriteFile(path, []byte(many(n)), 0o644); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := Load(path); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
