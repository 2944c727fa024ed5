package targets

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSame(t *testing.T) {
	load := func(text string) *Target {
		t.Helper()
		file := filepath.Join(t.TempDir(), "targets.yml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		last := c.Targets[len(c.Targets)-1]
		last.options.dir = "" // each is loaded from a directory of its own
		last.HTTP.SetDirectory("/")
		return last
	}
	const base = "targets: [{name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: [1, {p: q}]}}]"
	for _, tc := range []struct {
		name, text string
		want       bool
	}{
		{"the same text", base, true},
		{"elsewhere in the file", "\n\ntargets:\n- {name: b, api: x, url: 'http://h'}\n- {name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: [1, {p: q}]}}", true},
		{"an alias for the same", "x-o: &o {p: q}\ntargets: [{name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: [1, *o]}}]", true},
		{"another option", "targets: [{name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: [1, {p: r}]}}]", false},
		{"an option of another type", "targets: [{name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: ['1', {p: q}]}}]", false},
		{"no options", "targets: [{name: a, api: x, url: 'http://h', labels: {k: v}}]", false},
		{"another label", "targets: [{name: a, api: x, url: 'http://h', labels: {k: w}, options: {o: [1, {p: q}]}}]", false},
		{"another url", "targets: [{name: a, api: x, url: 'http://i', labels: {k: v}, options: {o: [1, {p: q}]}}]", false},
		{"another credential", "targets: [{name: a, api: x, url: 'http://h', labels: {k: v}, options: {o: [1, {p: q}]}, http_client_config: {authorization: {credentials: s}}}]", false},
	} {
		if got := load(base).Same(load(tc.text)); got != tc.want {
			t.Errorf("%s: same %v, want %v", tc.name, got, tc.want)
		}
	}
}

func TestRefreshReadsTargetFilesOnly(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("targets.yml", "defaults: {api: x, url: 'http://h'}\ntarget_files: ['*.job.yml']\ntargets: [{name: main}]")
	write("1.job.yml", "targets: [{name: one}]")
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	write("targets.yml", "nonsense")
	write("2.job.yml", "targets: [{name: two}]")
	fresh := c.Refresh()
	if len(fresh.Targets) != 1 || len(fresh.Files) != 2 || fresh.Files[1].Targets[0].Name != "two" || fresh.Files[1].Targets[0].API != "x" {
		t.Errorf("refreshed: %+v", fresh)
	}
	if len(c.Files) != 1 {
		t.Error("the configuration itself was changed")
	}
}
