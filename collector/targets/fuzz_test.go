package targets

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad feeds the main file. What is accepted must be usable; target files are
// left out, so that no input can name a file of this machine.
func FuzzLoad(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.yml")
	if err != nil || len(paths) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, path := range paths {
		content, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		c := &Config{Path: "targets.yml"}
		if err := c.parse(content, "/etc/progress_exporter"); err != nil {
			if err.Error() == "" {
				t.Error("an error without a text")
			}
			return
		}
		names := map[string]bool{}
		for _, target := range c.Targets {
			switch {
			case target.Name == "", names[target.Name]:
				t.Errorf("the name %q is empty or not unique", target.Name)
			case target.API == "", target.URL == nil, target.URL.Host == "", target.URL.User != nil:
				t.Errorf("%q: no api or no usable URL", target.Name)
			case target.Timeout <= 0, target.StallAfter < 0, target.MinInterval < 0, target.MaxJobs < 1, target.MaxJobs > mostJobs:
				t.Errorf("%q: a bad duration", target.Name)
			case target.HTTP.FollowRedirects:
				t.Errorf("%q: follows redirects", target.Name)
			}
			for label := range target.Labels {
				if err := checkLabelName(label); err != nil {
					t.Errorf("%q: label %v", target.Name, err)
				}
			}
			names[target.Name] = true
			var o product
			_ = target.Options(&o) // must not panic
			var free map[string]any
			_ = target.Options(&free)
			if _, err := c.Definition("/etc/progress_exporter/jobs.d/new.yml", target, "a name that nobody has", nil); err != nil {
				t.Errorf("%q cannot stand in another file: %v", target.Name, err)
			}
		}
		for _, p := range c.Patterns {
			if !filepath.IsAbs(p) {
				t.Errorf("the pattern %q is not absolute", p)
			}
		}
	})
}
