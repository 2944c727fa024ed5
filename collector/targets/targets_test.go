package targets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// product is what a product's options may look like.
type product struct {
	Token     progress.Secret   `yaml:"token"`
	TokenFile string            `yaml:"token_file"`
	ID        int8              `yaml:"id"`
	States    map[string]string `yaml:"states"`
	Hosts     []string          `yaml:"hosts"`
	Zone      zone              `yaml:"zone"`
	Login     struct {
		Type     string          `yaml:"type"`
		Password progress.Secret `yaml:"password"`
	} `yaml:"login"`
}

// zone is an option that checks itself.
type zone string

func (z *zone) UnmarshalText(text []byte) error {
	if *z = zone(text); *z != "UTC" {
		return errors.New("zone is unknown")
	}
	return nil
}

// withOptions loads a single target. The options begin on line 6.
func withOptions(t *testing.T, options string) (*Target, string) {
	t.Helper()
	dir := write(t, map[string]string{"targets.yml": `x-login: &login {type: cas, password: hunter2}
targets:
  - name: a
    api: mrs
    url: https://192.0.2.10
` + options})
	path := filepath.Join(dir, "targets.yml")
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return c.Targets[0], path
}

func TestOptions(t *testing.T) {
	target, _ := withOptions(t, `    options:
      token: hunter2
      id: 0x7f
      states: &states {DONE: succeeded}
      hosts: [a, b]
      login: {<<: *login, type: session}
`)
	var got product
	if err := target.Options(&got); err != nil {
		t.Fatal(err)
	}
	want := product{Token: progress.NewSecret("hunter2"), ID: 127, States: map[string]string{"DONE": "succeeded"}, Hosts: []string{"a", "b"}}
	want.Login.Type, want.Login.Password = "session", progress.NewSecret("hunter2")
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(progress.Secret{})); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestOptionsAbsent(t *testing.T) {
	for _, options := range []string{"", "    options:\n", "    options: {}\n"} {
		target, _ := withOptions(t, options)
		got := product{TokenFile: "kept"}
		if err := target.Options(&got); err != nil || got.TokenFile != "kept" {
			t.Errorf("%q: got %+v and %v, want it untouched", options, got, err)
		}
	}
}

func TestOptionsInvalid(t *testing.T) {
	for _, tt := range []struct {
		name, options string
		want          []string
	}{
		{"unknown keys", "{tokn: hunter2,\n  login: {typ: cas}}", []string{`:6: targets[0].options: unknown key "tokn"`, `:7: targets[0].options: unknown key "typ"`}},
		{"no space", "{token:hunter2}", []string{`:6: targets[0].options: unknown key (not shown, it does not look like one; is the space after a colon missing?)`}},
		{"repeated", "{token: hunter2,\n  token: hunter3}", []string{`:7: targets[0].options: the key "token" is already given at line 6`}},
		{"secret list", "{token: [hunter2]}", []string{":6: targets[0].options: a list does not fit here"}},
		{"number", "{id: hunter2}", []string{":6: targets[0].options: want a whole number, found text"}},
		{"range", "{id: 1280}", []string{":6: targets[0].options: the number is out of range"}},
		{"list", "{hosts: hunter2}", []string{":6: targets[0].options: want a list, found text"}},
		{"mapping", "{states: hunter2}", []string{":6: targets[0].options: want a mapping, found text"}},
		{"odd tag", "{id: !hunter2 x}", []string{":6: targets[0].options: want a whole number, found a value with a tag (!name)"}},
		{"wrong tag", "{token_file: !!int hunter2}", []string{":6: targets[0].options: a value does not fit its tag (!!name)"}},
		{"own check", "{zone: hunter2}", []string{":6: targets[0].options: zone is unknown"}},
		{"elsewhere", "{login: {<<: *login, user: ops}}", []string{`:6: targets[0].options: unknown key "user"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			target, path := withOptions(t, "    options: "+strings.ReplaceAll(tt.options, "\n", "\n      ")+"\n")
			// The second call finds the same: nothing remembers the first.
			for range 2 {
				var o product
				err := target.Options(&o)
				if err == nil {
					t.Fatal("no error")
				}
				got := strings.Split(strings.ReplaceAll(err.Error(), path, ""), "\n")
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("messages (-want +got):\n%s", diff)
				}
			}
		})
	}
}

// TestOptionsConcurrent is for the race detector: targets share their nodes, and
// /probe opens a target while another request does.
func TestOptionsConcurrent(t *testing.T) {
	dir := write(t, map[string]string{"targets.yml": `
x-bad: &bad {tokn: x}
defaults: {api: mrs, url: "http://localhost", options: {<<: *bad, token: hunter2}}
targets: [{name: a}, {name: b}]
`})
	path := filepath.Join(dir, "targets.yml")
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 32 {
		wg.Go(func() {
			var o product
			err := c.Targets[i%2].Options(&o)
			if want := path + `:2: defaults.options: unknown key "tokn"`; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
	wg.Wait()
}

// TestReadFile proves what names are relative to: the file in which the options
// stand, which for inherited ones is the main file.
func TestReadFile(t *testing.T) {
	dir := write(t, map[string]string{
		"targets.yml": `
defaults: {api: mrs, url: "http://localhost", options: {token_file: token}}
target_files: [jobs.d/*.yml]
targets: [{name: a}]
`,
		"jobs.d/b.yml": "targets: [{name: inherits}, {name: own, options: {token_file: token}}]",
		"token":        "of the main file",
		"jobs.d/token": "of the target file",
	})
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, target := range append(c.Targets, c.Files[0].Targets...) {
		content, err := target.ReadFile("token")
		if err != nil {
			t.Fatal(err)
		}
		got[target.Name] = string(content)
	}
	want := map[string]string{"a": "of the main file", "inherits": "of the main file", "own": "of the target file"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
	if content, err := c.Targets[0].ReadFile(filepath.Join(dir, "jobs.d/token")); err != nil || string(content) != "of the target file" {
		t.Errorf("an absolute name: got %q, %v", content, err)
	}
}

func TestReadFileErrors(t *testing.T) {
	target, path := withOptions(t, "")
	dir := filepath.Dir(path)
	if err := os.WriteFile(filepath.Join(dir, "large"), []byte(strings.Repeat("hunter2", maxFile/7+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := target.ReadFile("large")
	if want := filepath.Join(dir, "large") + ": cannot read it: the file is larger than 1 MiB"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = target.ReadFile("none")
	if want := filepath.Join(dir, "none") + ": cannot read it: no such file or directory; check its name"; err == nil || err.Error() != want || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want %s", err, want)
	}
}
