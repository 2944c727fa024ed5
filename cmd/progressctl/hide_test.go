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
