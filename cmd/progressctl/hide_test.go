package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest"
)

// What a product repeats is in nothing that a command prints, as a table or as JSON: be
// it an error, a word, a node or a job.
func TestCommandsHide(t *testing.T) {
	for i, secret := range collectortest.Canaries() {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			said := collectortest.Quoted(secret)
			answers := map[string]http.HandlerFunc{
				"mongosync": func(w http.ResponseWriter, _ *http.Request) {
					fmt.Fprintf(w, `{"success":false,"error":"%s","errorDescription":"no %s"}`, said, said)
				},
				"ses": func(w http.ResponseWriter, _ *http.Request) {
					fmt.Fprintf(w, `{"code":0,"result":{"name":"%s","versionVo":{"targetVersionCode":"%s","actionDate":"%s"},
						"nodeStatusVoList":[{"hostname":"%s","status":"%s","nodeRoleCode":"%s"}]}}`, said, said, said, said, said, said)
				},
				"logpresso": func(w http.ResponseWriter, _ *http.Request) {
					fmt.Fprintf(w, `{"install_progress":{"status":"completed","error_code":"%s","node_progresses":[{"node_name":"%s","node_guid":"%s","node_type":"%s","error_code":"%s"}]}}`,
						said, said, said, said, said)
				},
				"mrs": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"state":"%s"}`, said) },
			}
			options := map[string]string{
				"mongosync": "{}", "mrs": "{command_id: 1}", "logpresso": "{token: " + token + "}",
				"ses": `{service_group_instance_no: "1", access_key: example, secret_key: example}`,
			}
			config, path := "targets:\n", map[string]string{"mrs": "/web"}
			for api, answer := range answers {
				server := httptest.NewServer(answer)
				t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
				config += fmt.Sprintf("- {name: %s, api: %s, url: '%s%s', options: %s, http_client_config: {basic_auth: {username: kit, password: \"%s\"}}}\n",
					api, api, server.URL, path[api], options[api], said)
			}
			file := filepath.Join(t.TempDir(), "targets.yml")
			if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			search := collectortest.NewSearch(secret)
			for _, command := range []string{"check", "get", "watch logpresso"} {
				for _, form := range []string{"table", "json"} {
					var stdout, stderr bytes.Buffer
					p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
					p.main(t.Context(), append([]string{"--config.file", file, "-o", form, "--log.level", "debug"}, strings.Fields(command)...))
					if !strings.Contains(stdout.String(), "<redacted>") && command != "watch logpresso" {
						t.Errorf("%s as %s shows no redacted text:\n%s%s", command, form, &stdout, &stderr)
					}
					for _, shown := range []string{stdout.String(), stderr.String(), decoded(stdout.Bytes())} {
						if found := search.Find(shown); found != "" {
							t.Errorf("%s as %s shows %q:\n%s", command, form, found, shown)
						}
					}
				}
			}
		})
	}
}

// decoded returns JSON as those who read it see its texts.
func decoded(text []byte) string {
	var v any
	if json.Unmarshal(text, &v) != nil {
		return ""
	}
	return fmt.Sprint(v)
}

// What try --record keeps may be shown to others: neither what the target is configured
// with, in whatever spelling the product repeats it, nor what its login brought, nor the
// cookies that it sets, nor what fields hold whose names say that it is secret.
func TestRecordedAnswersHide(t *testing.T) {
	const session, cookie, foreign = "session-0123456789abcdef", "cookie-0123456789abcdef", "foreign-0123456789abcdef"
	for i, secret := range collectortest.Canaries() {
		t.Run(fmt.Sprint(i+1), func(t *testing.T) {
			var said string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/login" {
					fmt.Fprintf(w, `{"handed_out": %q, "echo": "%s"}`, session, said)
					return
				}
				http.SetCookie(w, &http.Cookie{Name: "sid", Value: cookie})
				fmt.Fprintf(w, `{"state": "running", "percent": 42, "echo": "of %s", "%s": 1, "said": "%s and %s",
					"user": {"Password": %q, "api_key": [%q], "access_token": {"x": %q}, "clientSecret": %q, "token_count": 7}}`,
					said, said, r.Header.Get("X-Session"), cookie, foreign, foreign, foreign, foreign)
			}))
			t.Cleanup(server.Close)
			dir := t.TempDir()
			for name, text := range map[string]string{
				"described.yml": `
name: described
options: {user: {}, password: {secret: true}, key: {secret: true}}
request: {path: /jobs, query: {key: "{{key}}"}}
login: {request: {path: /login, form: {user: "{{user}}", password: "{{password}}"}}, take: {token: .handed_out}, send: {X-Session: "{{token}}"}}
state: .state
`,
				"targets.yml": fmt.Sprintf(`
api_files: [described.yml]
targets:
- {name: job, api: described, url: '%s', options: {user: ops, password: "%s", key: "%s"},
   http_client_config: {basic_auth: {username: kit, password: "%s"}}}
`, server.URL, collectortest.Quoted(secret), collectortest.Quoted(secret), collectortest.Quoted(secret)),
			} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			search := collectortest.NewSearch(secret)
			for n, spelling := range collectortest.Spellings(secret) {
				said = spelling
				kept := filepath.Join(dir, fmt.Sprint("kept", n))
				var stdout, stderr bytes.Buffer
				p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
				if code := p.main(t.Context(), []string{"--config.file", filepath.Join(dir, "targets.yml"), "try", "--target=job", "--record", kept}); code != exitReached {
					t.Fatalf("exit code %d: %s%s", code, &stdout, &stderr)
				}
				files, err := filepath.Glob(filepath.Join(kept, "*", "*"))
				if err != nil || len(files) != 1 {
					t.Fatalf("recorded %v, %v; want one answer, and none of the login", files, err)
				}
				text, err := os.ReadFile(files[0])
				if err != nil {
					t.Fatal(err)
				}
				for where, shown := range map[string]string{"the answer": string(text), "decoded": decoded(text), "stdout": stdout.String(), "stderr": stderr.String()} {
					if found := search.Find(shown); found != "" {
						t.Errorf("%s shows %q:\n%s", where, found, shown)
					}
					for _, other := range []string{session, cookie, foreign} {
						if strings.Contains(shown, other) {
							t.Errorf("%s shows %s:\n%s", where, other, shown)
						}
					}
				}
				var answer struct {
					State   string
					Percent float64
					User    struct {
						Count float64 `json:"token_count"`
					}
				}
				if err := json.Unmarshal(text, &answer); err != nil || answer.State != "running" || answer.Percent != 42 || answer.User.Count != 7 {
					t.Errorf("what is no secret did not stay: %v\n%s", err, text)
				}
			}
		})
	}
}
