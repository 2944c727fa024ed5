package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// notification is what Alertmanager sends for two alerts of one group.
const notification = `{"version":"4","receiver":"on-call","status":"firing","groupLabels":{"alertname":"ProgressJobStalled"},"alerts":[
{"status":"firing","labels":{"alertname":"ProgressJobStalled","target":"hdfs-restart"},"annotations":{"summary":"hdfs-restart (mrs) has \"stalled\""}},
{"status":"resolved","labels":{"alertname":"ProgressJobStalled"},"annotations":{"summary":"a\u001b[31m\nb"}}]}`

func TestNotifications(t *testing.T) {
	var stdout bytes.Buffer
	n := &notifications{now: func() time.Time { return time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC) }, stdout: &stdout}
	send := func(body string) int {
		w := httptest.NewRecorder()
		n.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/on-call", strings.NewReader(body)))
		return w.Code
	}
	for body, want := range map[string]int{
		notification: 200, `{"alerts":[]}`: 200, "": 400, "[]": 400, `{"alerts":"` + strings.Repeat("x", maxNotification): 400,
	} {
		if got := send(body); got != want {
			t.Errorf("HTTP %d for %.20q, want %d", got, body, want)
		}
	}
	want := `10:30:00 to on-call: ProgressJobStalled firing: hdfs-restart (mrs) has "stalled"
10:30:00 to on-call: ProgressJobStalled resolved: a\x1b[31m\nb
`
	if diff := cmp.Diff(want, stdout.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The simulator listens for them where it is told to, and says so.
func TestSimulatorPrintsAlerts(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := strings.Cut(address, ":")
	_ = l.Close()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--base-port=0", "--alerts.port=" + port}, writer, t.Output())
		_ = writer.Close()
	}()
	lines := bufio.NewScanner(reader)
	next := func(prefix string) string {
		for lines.Scan() {
			if strings.Contains(lines.Text(), prefix) {
				return lines.Text()
			}
		}
		t.Fatalf("no line with %q", prefix)
		return ""
	}
	if got, want := next("alerts"), "alerts that Alertmanager sends to http://"+address+"/RECEIVER, as with examples/alertmanager.yml, are printed here"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	next("playing")
	sent := make(chan error, 1)
	go func() {
		resp, err := http.Post("http://"+address+"/team", "application/json", strings.NewReader(notification))
		if err == nil {
			err = resp.Body.Close()
		}
		sent <- err
	}()
	if got := next("firing"); !strings.HasSuffix(got, ` to team: ProgressJobStalled firing: hdfs-restart (mrs) has "stalled"`) {
		t.Errorf("%s", got)
	}
	next("resolved")
	if err := <-sent; err != nil {
		t.Error(err)
	}
	http.DefaultClient.CloseIdleConnections()
	stop()
	_ = reader.Close()
	if c := <-code; c != 0 {
		t.Errorf("exit code %d", c)
	}
}

func TestAlertsPortIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	var stderr bytes.Buffer
	if code := run(t.Context(), []string{"--base-port=0", "--alerts.port=" + port}, t.Output(), &stderr); code != 1 || !strings.Contains(stderr.String(), "cannot listen for alerts: ") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}
