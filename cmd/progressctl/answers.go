package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/described"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
)

// replay hands over answers that are there already, in the order of the questions; the
// last one again and again, as the daemon's tests do.
type replay struct {
	mu      sync.Mutex
	answers []progress.Response
	asked   int
}

// fetch is a progress.Fetch.
func (r *replay) fetch(req *http.Request) (progress.Response, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	resp := r.answers[min(r.asked, len(r.answers)-1)]
	r.asked++
	resp.Request, resp.Body = req, bytes.Clone(resp.Body)
	return resp, nil
}

// kept is the answers to the questions of a read.
type kept struct{ answers []progress.Response }

// save writes the answers, without what must not be seen, into a directory of dir that is
// named by the time of the read: the layout of a case of a description's tests. It returns
// the directory.
func (k *kept) save(dir string, secrets *progress.Secrets) (string, error) {
	if len(k.answers) == 0 {
		return "", fmt.Errorf("there is no answer to record")
	}
	at := k.answers[0].Received
	if at.IsZero() {
		at = time.Now()
	}
	dir = filepath.Join(dir, at.UTC().Format("20060102T150405.000Z"))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", err
	}
	passed := make([]recording.Exchange, len(k.answers))
	for i, answer := range k.answers {
		passed[i] = recording.Exchange{Request: answer.Request, Response: answer}
	}
	answers := recording.Answers(secrets, passed)
	for i := range answers {
		name := "response.json"
		if i > 0 {
			name = fmt.Sprintf("response-%d.json", i+1)
		}
		if err := os.WriteFile(filepath.Join(dir, name), answers[i].Body(), 0o600); err != nil {
			return "", err
		}
	}
	if status := answers[0].Status; status != http.StatusOK {
		return dir, os.WriteFile(filepath.Join(dir, "status"), fmt.Appendln(nil, status), 0o600)
	}
	return dir, nil
}

// planOf makes a plan with one target, called job, of a described product. File is that of
// the description; if it is empty, name is that of a known product. The options are YAML.
func planOf(file, name, options string, products []progress.API) (*plan.Plan, error) {
	dir, err := os.MkdirTemp("", "progressctl")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var b strings.Builder
	if file != "" {
		if file, err = filepath.Abs(file); err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "api_files: [%s]\n", quoted(file))
	}
	fmt.Fprintf(&b, "targets:\n- name: job\n  api: %s\n  url: http://127.0.0.1\n", quoted(name))
	if options = strings.TrimSpace(options); options != "" {
		b.WriteString("  options:\n    " + strings.ReplaceAll(options, "\n", "\n    ") + "\n")
	}
	config := filepath.Join(dir, "targets.yml")
	if err := os.WriteFile(config, []byte(b.String()), 0o600); err != nil {
		return nil, err
	}
	p, err := plan.Load(config, products)
	if err != nil {
		return nil, fmt.Errorf("%s", strings.ReplaceAll(err.Error(), config, "targets.yml"))
	}
	return p, nil
}

// quoted returns a text as YAML.
func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// productOf returns what the description in a file calls its product. A code other than
// exitReached says that there is none, and that a person was told.
func (p *program) productOf(file string) (name string, code int) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", p.usage(err)
	}
	d, err := described.Parse(file, content, nil)
	if err != nil {
		p.complain("%v", err)
		return "", exitFailed
	}
	return d.API.Name, exitReached
}

// jsonAnswer returns an answer as a product would have sent it.
func jsonAnswer(status int, body []byte, at time.Time) progress.Response {
	return progress.Response{Status: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Received: at}
}
