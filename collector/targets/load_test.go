package targets

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/prometheus/common/config"
)

// plainly compares targets by what is exported.
func plainly() cmp.Option {
	return cmp.Options{cmpopts.IgnoreUnexported(Config{}, File{}, Target{}, config.ProxyConfig{})}
}

func mustURL(t *testing.T, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// write puts files, given as name and content, into a fresh directory.
func write(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoad(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	jobs := filepath.Join(dir, "jobs.d")
	plain := config.DefaultHTTPClientConfig
	plain.FollowRedirects = false
	withCA, withKey := plain, plain
	withCA.TLSConfig.CAFile = filepath.Join(dir, "ca.pem")
	withKey.Authorization = &config.Authorization{Type: "Bearer", CredentialsFile: filepath.Join(dir, "secrets/sonar.key")}
	base := Target{
		API:        "mongosync",
		URL:        mustURL(t, "http://localhost:27182"),
		Timeout:    5 * time.Second,
		StallAfter: 90 * time.Minute,
		MaxJobs:    200,
		Labels:     map[string]string{"site": "berlin", "team": "ops"},
		HTTP:       withCA,
	}
	sonar, mrs, news, shard0, shard1 := base, base, base, base, base
	sonar.Name, sonar.API, sonar.URL = "siem-parser-pack", "logpresso", mustURL(t, "https://sonar.example.com")
	sonar.Timeout, sonar.StallAfter, sonar.MinInterval = 500*time.Millisecond, 24*time.Hour, 30*time.Second
	sonar.Deadline = time.Date(2026, 11, 30, 21, 0, 0, 0, time.UTC)
	sonar.Labels = map[string]string{"site": "berlin", "team": "secops", "shard": "0"}
	sonar.HTTP, sonar.Origin = withKey, "testdata/good.yml:14: targets[0]"
	mrs.Name, mrs.API, mrs.URL = "hdfs-restart", "mrs", mustURL(t, "https://192.0.2.10:28443/web")
	mrs.StallAfter, mrs.Origin = 0, "testdata/good.yml:25: targets[1]"
	news.Name, news.Origin = "뉴스", "testdata/good.yml:32: targets[2]"
	shard0.Name, shard0.Origin = "shard0", filepath.Join(jobs, "10-good.yml")+":2: targets[0]"
	shard1.Name, shard1.Origin = "shard1", filepath.Join(jobs, "50-good.yml")+":3: targets[0]"
	broken, taken, mainKeys := filepath.Join(jobs, "20-broken.yml"), filepath.Join(jobs, "30-taken.yml"), filepath.Join(jobs, "40-main-keys.yml")
	want := &Config{
		Path:    "testdata/good.yml",
		Targets: []*Target{&sonar, &mrs, &news},
		Files: []File{
			{Path: filepath.Join(jobs, "10-good.yml"), Targets: []*Target{&shard0}},
			{Path: broken, Err: errors.New(broken + ":2: targets[0].url: " + wantURL)},
			{Path: taken, Err: errors.New(taken + `:3: targets[1]: the name "shard2" is already taken at ` + taken + ":2: targets[0]")},
			{Path: mainKeys, Err: errors.New(mainKeys + ":1: unknown key \"defaults\"\n" + mainKeys + ":2: unknown key \"target_files\"")},
			{Path: filepath.Join(jobs, "50-good.yml"), Targets: []*Target{&shard1}},
		},
		Patterns:  []string{filepath.Join(jobs, "*.yml"), "/srv/progress/*.yml"},
		Unmatched: []string{"/srv/progress/*.yml"},
	}
	got, err := Load("testdata/good.yml")
	if err != nil {
		t.Fatal(err)
	}
	message := cmp.Transformer("message", func(err error) string { return err.Error() })
	isError := cmp.FilterValues(func(a, b error) bool { return a != nil && b != nil }, message)
	if diff := cmp.Diff(want, got, plainly(), isError); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
}

func TestLoadDefaults(t *testing.T) {
	dir := write(t, map[string]string{"targets.yml": "targets: [{name: a, api: mongosync, url: 'http://localhost'}]"})
	path := filepath.Join(dir, "targets.yml")
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	http := config.DefaultHTTPClientConfig
	http.FollowRedirects = false
	want := []*Target{{
		Name: "a", API: "mongosync", URL: mustURL(t, "http://localhost"),
		Timeout: 10 * time.Second, StallAfter: 15 * time.Minute, MaxJobs: 200, HTTP: http, Origin: path + ":1: targets[0]",
	}}
	if diff := cmp.Diff(want, c.Targets, plainly()); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

// TestLoadLabels proves that merging a target's labels leaves the defaults alone.
func TestLoadLabels(t *testing.T) {
	dir := write(t, map[string]string{"targets.yml": `
defaults: {api: mongosync, url: "http://localhost", labels: {team: ops, site: "1"}}
targets:
  - {name: a, labels: {team: dba, shard: 0x10, on: yes}}
  - {name: b}
  - {name: c, labels: {team: , site: ""}}
`})
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]string
	for _, target := range c.Targets {
		got = append(got, target.Labels)
	}
	want := []map[string]string{
		{"team": "dba", "site": "1", "shard": "0x10", "on": "yes"},
		{"team": "ops", "site": "1"},
		{"team": "ops", "site": ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

func TestLoadNothing(t *testing.T) {
	for _, content := range []string{"targets: []", "targets:", "target_files: []", "---\ntargets: []\n...\n", "\xef\xbb\xbftargets: []"} {
		dir := write(t, map[string]string{"targets.yml": content})
		c, err := Load(filepath.Join(dir, "targets.yml"))
		if err != nil {
			t.Errorf("%q: %v", content, err)
		} else if len(c.Targets)+len(c.Files) != 0 {
			t.Errorf("%q: got %+v, want nothing", content, c)
		}
	}
}

func TestLoadUnreadable(t *testing.T) {
	dir := write(t, map[string]string{
		"large.yml":  "targets: []\n#" + strings.Repeat("x", maxFile),
		"locked.yml": "targets: []",
	})
	if err := os.Chmod(filepath.Join(dir, "locked.yml"), 0); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path, want string
		cause      error
	}{
		{filepath.Join(dir, "none.yml"), "cannot read it: no such file or directory; check its name", fs.ErrNotExist},
		{filepath.Join(dir, "large.yml"), "cannot read it: the file is larger than 1 MiB", errTooLarge},
		{filepath.Join(dir, "locked.yml"), "cannot read it: permission denied; check the rights of the exporter's user", fs.ErrPermission},
		{dir, "cannot read it: is a directory", nil},
	} {
		t.Run(filepath.Base(tt.path), func(t *testing.T) {
			if tt.cause == fs.ErrPermission && os.Geteuid() == 0 {
				t.Skip("root may read everything")
			}
			_, err := Load(tt.path)
			if err == nil || err.Error() != tt.path+": "+tt.want {
				t.Errorf("got %v, want %s: %s", err, tt.path, tt.want)
			}
			if tt.cause != nil && !errors.Is(err, tt.cause) {
				t.Errorf("%v does not wrap %v", err, tt.cause)
			}
		})
	}
}

// A file as some editors save it is not merely no UTF-8.
func TestLoadUTF16(t *testing.T) {
	for _, content := range []string{"\xff\xfet\x00a\x00r\x00", "\xfe\xff\x00t\x00a\x00r", "t\x00a\x00r\x00"} {
		path := filepath.Join(write(t, map[string]string{"targets.yml": content}), "targets.yml")
		if _, err := Load(path); err == nil || err.Error() != path+": is in UTF-16; save the file as UTF-8" {
			t.Errorf("%q: %v", content, err)
		}
	}
}
