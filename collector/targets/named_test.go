package targets

import (
	"os"
	"path/filepath"
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
