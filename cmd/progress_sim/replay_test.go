package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/recording"
)

// recordedLife writes a life of an install that was read for an hour, and of a product
// that did not answer.
func recordedLife(t *testing.T) string {
	t.Helper()
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	deadline := begin.Add(2 * time.Hour)
	name := filepath.Join(t.TempDir(), "life.jsonl")
	w, err := recording.Create(name, 1<<20, recording.Head{Begun: begin, Interval: recording.Duration(time.Minute), Targets: []recording.Target{
		{Name: "install", API: "logpresso", URL: "https://sonar.example.com/prefix", StallAfter: recording.Duration(15 * time.Minute), Deadline: &deadline, Options: json.RawMessage(`{"token":"<redacted>"}`)},
		{Name: "down", API: "mongosync", URL: "http://h"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []recording.Read{
		{At: begin, Target: "install", Answers: []recording.Answer{{
			Method: "GET", Path: "/prefix/api/sonar/apps/install-progress", Status: 200,
			JSON: json.RawMessage(`{"install_progress":{"token":"<redacted>","status":"running","total_progress":40}}`),
		}}},
		{At: begin, Target: "down", Failure: &recording.Failure{Reason: "timeout", Message: "no answer"}},
		{At: begin.Add(time.Hour), Target: "down", Failure: &recording.Failure{Reason: "timeout", Message: "no answer"}},
	} {
		if err := w.Write(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// What was recorded is served so that the exporter reads it by the configuration that the
// simulator writes.
func TestReplay(t *testing.T) {
	life, config := recordedLife(t), filepath.Join(t.TempDir(), "targets.yml")
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"--replay", life, "--speed=60", "--replay.config", config}, writer, &stderr)
		_ = writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		_ = reader.Close()
		if c := <-code; c != 0 || stderr.Len() > 0 {
			t.Errorf("exit code %d: %s", c, &stderr)
		}
	})
	var said []string
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.HasPrefix(lines.Text(), "playing") {
			break
		}
	}
	want := regexp.MustCompile(`^install +http://127\.0\.0\.1:\d+/prefix  logpresso\ndown +http://127\.0\.0\.1:\d+  mongosync\n` +
		`playing .*life\.jsonl, recorded from 2026-03-01T08:00:00Z to 2026-03-01T09:00:00Z, in 1m0s; a signal to stop \(Ctrl-C\) ends it$`)
	if got := strings.Join(said, "\n"); !want.MatchString(got) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	products := apis.Known(time.Now)
	p, err := plan.Load(config, products)
	if err != nil {
		t.Fatal(err)
	}
	e := collector.New(products, collector.Options{Concurrency: 2, Logger: log.NewNopLogger()})
	defer e.Close()
	e.Use(p)
	jobs, err := e.Read(t.Context(), "install", "down")
	if err != nil {
		t.Fatal(err)
	}
	install, down := jobs[0], jobs[1]
	if install.Err != nil || install.Report.Ratio == nil || *install.Report.Ratio != 0.4 || install.StallAfter != 15*time.Second {
		t.Errorf("install: %+v", install)
	}
	if left := time.Until(install.Deadline); left > 2*time.Minute || left < time.Minute {
		t.Errorf("the deadline of two hours is in %s, want two minutes", left)
	}
	if down.Err == nil || down.Err.Reason != "connect" {
		t.Errorf("down: %v", down.Err)
	}
}

func TestWhatCannotBeReplayed(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.jsonl")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ports := filepath.Join(t.TempDir(), "ports.jsonl")
	if err := os.WriteFile(ports, []byte(`{"life":1,"targets":[{"target":"orders","api":"mongosync","options":{"ports":"27182-27183"}}]}`+"\n"+`{"target":"orders"}`+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"--replay=" + ports}, 1, "orders is the processes at the ports of a host, which the simulator cannot play; progressctl replay can"},
		{[]string{"--replay.config=x.yml"}, 2, "--replay.config wants --replay"},
		{[]string{"--replay=none.jsonl"}, 1, "none.jsonl: no such file"},
		{[]string{"--replay=" + empty}, 1, "empty.jsonl: unexpected EOF"},
		{[]string{"--replay=" + recordedLife(t), "--replay.config=" + filepath.Join(t.TempDir(), "no", "x.yml")}, 1, "no such file"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), tc.args, &stdout, &stderr); code != tc.code || !strings.Contains(stderr.String(), tc.want) {
			t.Errorf("%q: exit code %d, want %d; stderr %s, want %s", tc.args, code, tc.code, &stderr, tc.want)
		}
	}
}
