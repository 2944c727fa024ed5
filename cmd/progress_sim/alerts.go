package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/progress"
)

// maxNotification bounds a notification, in bytes.
const maxNotification = 1 << 20

// notifications is the webhook of an Alertmanager: an http.Handler that prints a line for
// each alert, for who wants to see what somebody would be told. The path is the name of the
// receiver, as in examples/alertmanager.yml.
type notifications struct {
	now func() time.Time

	mu     sync.Mutex
	stdout io.Writer
}

// ServeHTTP takes a notification in Alertmanager's form
// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
func (n *notifications) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var notification struct {
		Alerts []struct {
			Status      string            `json:"status"` // firing or resolved
			Labels      map[string]string `json:"labels"`
			Annotations map[string]string `json:"annotations"`
		} `json:"alerts"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxNotification)).Decode(&notification); err != nil {
		http.Error(w, "want a notification as Alertmanager sends it to webhooks: "+err.Error(), http.StatusBadRequest)
		return
	}
	var lines strings.Builder
	for _, a := range notification.Alerts {
		fmt.Fprintf(&lines, "%s to %s: %s %s: %s\n", n.now().Format(time.TimeOnly), plain(strings.Trim(r.URL.Path, "/")),
			plain(a.Labels["alertname"]), plain(a.Status), plain(a.Annotations["summary"]))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	_, _ = io.WriteString(n.stdout, lines.String())
}

// plain makes a text fit for a line on a terminal.
func plain(s string) string {
	quoted := strconv.QuoteToGraphic(progress.Cut(s, 500))
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
