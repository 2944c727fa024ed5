package targets

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNamedFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "targets.yml")
	text := `
x-login: &login {type: cas, username: u, password_file: pw}
targets:
- name: a
  api: x
  url: https://h
  http_client_config:
    authorization: {credentials_file: secrets/key}
    tls_config: {ca_file: /etc/ca.pem, cert_file: c.pem, key_file: k.pem}
    http_headers: {X-Tenant: {files: [tenant]}}
  options: {<<: {token_dir: tokens}, token_file: token, login: *login, name_file: '', password: inline}
- {name: b, api: x, url: 'https://h', http_client_config: {basic_auth: {username_file: user, password_file: password}}}
- {name: c, api: x, url: 'https://h', http_client_config: {oauth2: {client_id: i, token_url: 'https://t', client_secret_file: s, tls_config: {ca_file: ca}}}}
- {name: d, api: x, url: 'https://h'}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	const http = "http_client_config."
	want := [][]NamedFile{
		{
			{http + "authorization.credentials_file", in("secrets/key"), true},
			{http + "http_headers.X-Tenant.files", in("tenant"), true},
			{http + "tls_config.ca_file", "/etc/ca.pem", false},
			{http + "tls_config.cert_file", in("c.pem"), false},
			{http + "tls_config.key_file", in("k.pem"), true},
			{"options.login.password_file", in("pw"), true},
			{"options.token_dir", in("tokens"), true},
			{"options.token_file", in("token"), true},
		},
		{{http + "basic_auth.password_file", in("password"), true}, {http + "basic_auth.username_file", in("user"), true}},
		{{http + "oauth2.client_secret_file", in("s"), true}, {http + "oauth2.tls_config.ca_file", in("ca"), false}},
		nil,
	}
	for i, w := range want {
		if diff := cmp.Diff(w, c.Targets[i].NamedFiles()); diff != "" {
			t.Errorf("target %s (-want +got):\n%s", c.Targets[i].Name, diff)
		}
	}
}

// Options were not decoded when their files are asked for: they may hold themselves,
// or the same more often than anybody can count, and name files in any spelling.
func TestNamedFilesOfOddOptions(t *testing.T) {
	dir := t.TempDir()
	deep := "l0: &l0 {password_file: deep}\n"
	for i := 1; i < 40; i++ {
		deep += fmt.Sprintf("l%d: &l%d {a: *l%d, b: *l%d}\n", i, i, i-1, i-1)
	}
	for text, want := range map[string][]string{
		"options: &a {x: *a, y_file: f}":                       {"options.x.y_file", "options.y_file"},
		"options: {<<: [{y_file: f}], &k z_file: g}":           {"options.y_file", "options.z_file"},
		"labels: {k: &k y_file}\n  options: {*k : f}":          {"options.y_file"},
		"options: {list: [{y_file: f}, {deeper: {z_dir: g}}]}": {"options.list.deeper.z_dir", "options.list.y_file"},
		"options: *l39": {"options.a.a"},
	} {
		file := filepath.Join(dir, "targets.yml")
		whole := "targets:\n- name: a\n  api: x\n  url: https://h\n  " + text + "\n"
		if strings.Contains(text, "*l39") {
			whole = "x-all:\n" + indent(deep) + whole
		}
		if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(file)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		var got []string
		for _, f := range c.Targets[0].NamedFiles() {
			got = append(got, f.Key)
		}
		if len(got) == 1 && strings.HasPrefix(got[0], "options.a.a") {
			got[0] = "options.a.a" // forty levels deep
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n  ") + "\n"
}
