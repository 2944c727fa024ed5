package logging

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log/level"
)

func write(t *testing.T, args ...string) string {
	t.Helper()
	app := kingpin.New("test", "")
	c := AddFlags(app)
	if _, err := app.Parse(args); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	logger, bridge := c.New(&out)
	_ = level.Debug(logger).Log("msg", "ours debug")
	_ = level.Warn(logger).Log("msg", "ours", "text", "two\nlines")
	bridge.Debug("theirs debug")
	bridge.Warn("theirs", "text", "two\nlines")
	return out.String()
}

func TestBothLoggersWriteTheSameLines(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(write(t)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one of each logger at warn:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	shape := regexp.MustCompile(`^level=warn .*msg=(ours|theirs) text="two\\nlines"$`)
	for _, l := range lines {
		for _, field := range []string{" ts=20", " caller=logging_test.go:"} {
			if strings.Count(l, field) != 1 {
				t.Errorf("want %q once in %s", field, l)
			}
		}
		if !shape.MatchString(l) || strings.Contains(l, " time=") {
			t.Errorf("line %s", l)
		}
	}
}

func TestLevelHoldsForBoth(t *testing.T) {
	if out := write(t, "--log.level=debug"); strings.Count(out, "debug\"") != 2 {
		t.Errorf("debug lines are missing:\n%s", out)
	}
	if out := write(t, "--log.level=error"); out != "" {
		t.Errorf("warnings at level error:\n%s", out)
	}
}

func TestJSON(t *testing.T) {
	for _, l := range strings.Split(strings.TrimSpace(write(t, "--log.format=json")), "\n") {
		var fields map[string]string
		if err := json.Unmarshal([]byte(l), &fields); err != nil || fields["level"] != "warn" || fields["ts"] == "" || fields["text"] != "two\nlines" {
			t.Errorf("%v in %s", err, l)
		}
	}
}
