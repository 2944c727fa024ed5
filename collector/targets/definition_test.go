package targets

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// loadTexts loads targets.yml among files, and returns it with its directory.
func loadTexts(t *testing.T, files map[string]string) (*Config, string) {
	t.Helper()
	dir := write(t, files)
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return c, dir
}

func mustFind(t *testing.T, c *Config, name string) *Target {
	t.Helper()
	target, ok := c.Find(name)
	if !ok {
		t.Fatalf("no target %q", name)
	}
	return target
}

func TestDefinition(t *testing.T) {
	for _, tc := range []struct{ name, entry, want string }{
		{"least", `
  - {name: a, api: x, url: 'http://h'}
`, `targets:
  - {name: job, api: x, url: 'http://h', options: {token: secret}}
`},
		{"all", `
  - name: a # the comment may hold what was once a password
    api: x
    url: &url http://h
    timeout: 5s
    stall_after: 20m
    min_interval: 0s
    deadline: 2026-12-01T06:00:00+09:00
    labels: {team: "1", key_file: relative}
    http_client_config:
      authorization: {credentials: hunter2}
      tls_config: {ca_file: ca.pem, cert_file: /abs/cert.pem, key_file: 7}
      http_headers: {X-A: {files: [a, b/c], values: [files]}}
      proxy_url: http://192.0.2.1
      proxy_connect_header: {files: [a]}
    options: &self {token_file: old, token_dir: [*self]}
`, `targets:
  - name: job
    api: x
    url: http://h
    timeout: 5s
    stall_after: 20m
    min_interval: 0s
    deadline: 2026-12-01T06:00:00+09:00
    labels: {team: "1", key_file: relative}
    http_client_config:
      authorization: {credentials: hunter2}
      tls_config: {ca_file: DIR/ca.pem, cert_file: /abs/cert.pem, key_file: DIR/7}
      http_headers: {X-A: {files: [DIR/a, DIR/b/c], values: [files]}}
      proxy_url: http://192.0.2.1
      proxy_connect_header: {files: [a]}
    options:
      token: secret
`},
		{"oauth2", `
  - name: a
    api: x
    url: http://h
    http_client_config: {oauth2: {client_id: i, client_secret_file: s, token_url: 'http://t', endpoint_params: {ca_file: x}, tls_config: {ca_file: c}}}
`, `targets:
  - name: job
    api: x
    url: http://h
    http_client_config: {oauth2: {client_id: i, client_secret_file: DIR/s, token_url: 'http://t', endpoint_params: {ca_file: x}, tls_config: {ca_file: DIR/c}}}
    options:
      token: secret
`},
		{"aliases", `
  - &first
    name: a
    api: x
    url: http://h
    http_client_config: *http
  - {<<: *first, name: b}
`, `targets:
  - name: job
    api: x
    url: http://h
    http_client_config: {basic_auth: {username: u, password_file: DIR/p}}
    options:
      token: secret
`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, dir := loadTexts(t, map[string]string{
				"targets.yml": "x-http: &http {basic_auth: {username: u, password_file: p}}\ndefaults: {labels: {env: test}}\ntarget_files: [jobs.d/*.yml]\ntargets:" + tc.entry})
			path := filepath.Join(dir, "jobs.d", "job.yml")
			from := mustFind(t, c, "a")
			got, err := c.Definition(path, from, "job", map[string]string{"token": "secret"})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(string(got), dir, "DIR")); diff != "" {
				t.Errorf("content (-want +got):\n%s", diff)
			}
			if err := os.Mkdir(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
			job := mustFind(t, c.Refresh(), "job")
			var o struct{ Token string }
			if err := job.Options(&o); err != nil || o.Token != "secret" {
				t.Errorf("options %+v, %v", o, err)
			}
			job.Name, job.options, from.options = from.Name, block{}, block{}
			if !job.Same(from) {
				t.Errorf("read back it is another target: %+v, want %+v", job, from)
			}
		})
	}
}

// A target that takes most of itself from another, and one of a target file.
func TestDefinitionOfOthers(t *testing.T) {
	c, dir := loadTexts(t, map[string]string{
		"targets.yml": `target_files: [jobs.d/*.yml]
defaults: {http_client_config: {authorization: {credentials_file: key}}}
targets:
  - &a {name: a, api: x, url: 'http://h', http_client_config: {bearer_token_file: token}}
  - {<<: [*a, &self {options: *self}], name: b}
`,
		"jobs.d/c.yml": "targets: [{name: c, api: x, url: 'http://h', http_client_config: {bearer_token_file: token}}]",
		"jobs.d/d.yml": "targets: [{name: d, api: x, url: 'http://h'}]",
	})
	want := map[string]string{
		"b": "targets:\n  - {<<: [{name: a, api: x, url: 'http://h', http_client_config: {bearer_token_file: DIR/token}}, {}], name: job, options: {}}\n",
		"c": "targets:\n  - {name: job, api: x, url: 'http://h', http_client_config: {bearer_token_file: DIR/jobs.d/token}, options: {}}\n",
		"d": "targets:\n  - {name: job, api: x, url: 'http://h', options: {}}\n",
	}
	got := map[string]string{}
	for name := range want {
		content, err := c.Definition(filepath.Join(dir, "jobs.d", "job.yml"), mustFind(t, c, name), "job", map[string]string{})
		if err != nil {
			t.Fatal(err)
		}
		got[name] = strings.ReplaceAll(string(content), dir, "DIR")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
}

func TestDefinitionRefused(t *testing.T) {
	c, dir := loadTexts(t, map[string]string{
		"targets.yml":  "target_files: [jobs.d/*.yml]\ntargets: [{name: a, api: x, url: 'http://h'}]",
		"jobs.d/c.yml": "targets: [{name: c, api: x, url: 'http://h'}]",
	})
	for name, want := range map[string]string{
		"a":    `DIR/jobs.d/job.yml:2: targets[0]: the name "a" is already taken at DIR/targets.yml:2: targets[0]`,
		"c":    `DIR/jobs.d/job.yml:2: targets[0]: the name "c" is already taken at DIR/jobs.d/c.yml:1: targets[0]`,
		"":     "DIR/jobs.d/job.yml:2: targets[0].name: is empty",
		"x\ny": "DIR/jobs.d/job.yml:2: targets[0].name: contains a control character",
	} {
		content, err := c.Definition(filepath.Join(dir, "jobs.d", "job.yml"), mustFind(t, c, "a"), name, nil)
		if content != nil || err == nil {
			t.Errorf("%q: content %q, want an error", name, content)
			continue
		}
		if got := strings.ReplaceAll(err.Error(), dir, "DIR"); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	stranger := mustFind(t, c, "a")
	stranger.Timeout++
	if _, err := c.Definition(filepath.Join(dir, "job.yml"), stranger, "job", nil); err == nil || !strings.HasSuffix(err.Error(), ":2: targets[0]: the target cannot be copied into another file as it stands there") {
		t.Errorf("a target that its entry does not make: %v", err)
	}
}

func TestFind(t *testing.T) {
	c, _ := loadTexts(t, map[string]string{"targets.yml": "targets: [{name: a, api: x, url: 'http://h'}]"})
	if _, ok := c.Find("b"); ok {
		t.Error("found a target that is not there")
	}
}

func TestReads(t *testing.T) {
	c, dir := loadTexts(t, map[string]string{"targets.yml": "target_files: ['*.yml', jobs.d/*.yml]\ntargets: []"})
	for name, want := range map[string]bool{
		"jobs.d/a.yml": true, "a.yml": true, "jobs.d/../a.yml": true,
		"jobs.d/a.yaml": false, "jobs.d/.a.yml": false, "jobs.d/x/a.yml": false, "targets.yml": false,
	} {
		if got, err := c.Reads(dir + "/" + name); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", name, got, err, want)
		}
	}
}
