package plan

import (
	"encoding/pem"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

func TestSecretDir(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "secrets")
	for _, d := range []string{dir, filepath.Join(dir, "..data"), filepath.Join(base, "secrets-too")} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"secrets/key", "secrets/..data/linked", "secrets-too/key", "outside"} {
		if err := os.WriteFile(filepath.Join(base, f), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		if err := os.Symlink(to, filepath.Join(base, name)); err != nil {
			t.Fatal(err)
		}
	}
	link("..data/linked", "secrets/inside")
	link("../outside", "secrets/escape")
	link("secrets", "alias")
	for path, want := range map[string]bool{
		"secrets/key": true, "secrets/none-yet": true, "secrets/sub/none-yet": true, "secrets": true, "secrets/inside": true,
		"secrets/..data/linked": true, "outside": false, "secrets/escape": false, "secrets/../outside": false, "secrets-too/key": false, ".": false,
		"none": false, "secrets/escape/x": false, "alias/escape": false,
	} {
		path = base + "/" + path
		for _, bound := range []string{dir, filepath.Join(base, "alias")} {
			if err := secretDir(bound).check(path); (err == nil) != want {
				t.Errorf("%s within %s: %v, want allowed: %v", path, bound, err, want)
			}
		}
		if err := secretDir("").check(path); err != nil {
			t.Errorf("without a bound: %v", err)
		}
	}
	// A link outside that leads inside now may lead elsewhere at the next read.
	link("secrets/key", "outside-link")
	if err := secretDir(dir).check(filepath.Join(base, "outside-link")); err == nil {
		t.Error("a link outside of the bound is allowed because of where it leads now")
	}
	if err := secretDir(filepath.Join(base, "alias")).check(filepath.Join(base, "alias/key")); err != nil {
		t.Errorf("a file as the bound spells it: %v", err)
	}
	t.Chdir(base)
	if err := secretDir("secrets").check(filepath.Join(dir, "key")); err != nil {
		t.Errorf("a bound that is relative to the working directory: %v", err)
	}
	if err := secretDir(filepath.Join(base, "nowhere")).check(filepath.Join(dir, "key")); err == nil {
		t.Error("a bound that does not exist allows everything")
	}
}

// The bound holds for the HTTP settings when the file is loaded, and for files that
// options name, which a probe can choose, whenever they are read.
func TestSecretDirBoundsTargets(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "secrets"), 0o755); err != nil {
		t.Fatal(err)
	}
	write("secrets/key", "k", 0o600)
	write("outside", "o", 0o644)
	var read func(string) ([]byte, error)
	api := progress.API{Name: "x", Open: func(t progress.Target) (progress.Source, error) {
		read = t.ReadFile
		return silent{}, nil
	}}
	load := func(text string) (*Plan, error) {
		write("targets.yml", text, 0o600)
		return LoadWithin(filepath.Join(dir, "secrets"), filepath.Join(dir, "targets.yml"), []progress.API{api})
	}
	if _, err := load("targets: [{name: a, api: x, url: 'http://h', http_client_config: {authorization: {credentials_file: secrets/key}}}]"); err != nil {
		t.Errorf("a file inside is refused: %v", err)
	}
	if _, err := read("secrets/key"); err != nil {
		t.Errorf("options: a file inside is refused: %v", err)
	}
	if _, err := read("outside"); err == nil || !strings.Contains(err.Error(), "outside of --config.secret-dir") {
		t.Errorf("options: a file outside: %v", err)
	}
	_, err := load("targets: [{name: a, api: x, url: 'http://h', options: {token_file: outside}, http_client_config: {basic_auth: {username: u, password_file: /etc/passwd}}}]")
	if err == nil || !strings.Contains(err.Error(), "targets.yml:1: targets[0]: http_client_config.basic_auth.password_file: /etc/passwd is outside of --config.secret-dir") {
		t.Errorf("files outside: %v", err)
	}
	authority := httptest.NewTLSServer(nil)
	authority.Close()
	write("ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.Certificate().Raw})), 0o644) // no secret
	write("key.pem", "k", 0o640)                                                                                            // not for everybody
	write("targets.yml", `targets: [{name: a, api: x, url: 'http://h', options: {token_file: outside, key_dir: secrets, other_file: none},
  http_client_config: {basic_auth: {username: u, password_file: /etc/passwd}}},
  {name: b, api: x, url: 'http://h', options: {key_file: key.pem}, http_client_config: {tls_config: {ca_file: ca.pem}}}]`, 0o600)
	plan, err := Load(filepath.Join(dir, "targets.yml"), []progress.API{api})
	if err != nil {
		t.Fatalf("without a bound: %v", err)
	}
	if got := plan.Exposed(&Plan{}); len(got) != 2 || got[filepath.Join(dir, "outside")] != "a" {
		t.Errorf("files that everybody can read: %v, want outside and /etc/passwd", got)
	}
}

// A pipe would keep the exporter waiting for somebody who writes, a device may never
// end: neither is read, nor can a target that names one be loaded.
func TestNamedFilesAreRegular(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe") // or what else is no file
	if err := os.Symlink("/dev/zero", pipe); err != nil {
		t.Fatal(err)
	}
	var read func(string) ([]byte, error)
	api := progress.API{Name: "x", Open: func(t progress.Target) (progress.Source, error) {
		read = t.ReadFile
		return silent{}, nil
	}}
	file := filepath.Join(dir, "targets.yml")
	for settings, want := range map[string]string{
		"options: {token_file: pipe}":                                           "options.token_file: " + pipe + " is not a regular file",
		"http_client_config: {authorization: {credentials_file: pipe}}":         "http_client_config.authorization.credentials_file: " + pipe + " is not a regular file",
		"http_client_config: {tls_config: {ca_file: /dev/zero}}":                "http_client_config.tls_config.ca_file: /dev/zero is not a regular file",
		"options: {token_dir: ., token_file: not-yet}, labels: {team: storage}": "",
	} {
		if err := os.WriteFile(file, []byte("targets: [{name: a, api: x, url: 'http://h', "+settings+"}]"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file, []progress.API{api})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", settings, err, want)
		}
	}
	if _, err := read("pipe"); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("a pipe that came later: %v", err)
	}
}

// A directory is listed where the bound allows it: files and links, and nothing hidden.
func TestNamedDirectories(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"secrets/tokens/b", "secrets/tokens/a", "secrets/tokens/.hidden", "secrets/tokens/sub/c", "outside/d"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{"secrets/tokens/link": "a", "secrets/away": "../outside"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cfg := &targets.Target{}
	for _, tc := range []struct {
		bound      secretDir
		name, want string
	}{
		{"", "secrets/tokens", "[a b link] <nil>"},
		{secretDir(filepath.Join(dir, "secrets")), "secrets/tokens", "[a b link] <nil>"},
		{"", "secrets/away", "[d] <nil>"},
		{secretDir(filepath.Join(dir, "secrets")), "secrets/away", "[] DIR/secrets/away is outside of --config.secret-dir DIR/secrets"},
		{secretDir(filepath.Join(dir, "secrets")), "outside", "[] DIR/outside is outside of --config.secret-dir DIR/secrets"},
		{"", "gone", "[] open DIR/gone: no such file or directory"},
	} {
		names, err := tc.bound.lister(cfg)(filepath.Join(dir, tc.name))
		if got := strings.ReplaceAll(fmt.Sprint(names, " ", err), dir, "DIR"); got != tc.want {
			t.Errorf("%s in %q: %s, want %s", tc.name, tc.bound, got, tc.want)
		}
	}
}

// silent is a Source that nobody asks.
type silent struct{ progress.Source }
