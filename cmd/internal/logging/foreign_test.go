package logging

import (
	"bytes"
	"encoding/json"
	stdlog "log"
	"strings"
	"testing"

	"github.com/alecthomas/kingpin/v2"
)

// foreignLine returns what becomes of a line of somebody else's logger.
func foreignLine(t *testing.T, line string, args ...string) string {
	t.Helper()
	app := kingpin.New("test", "")
	c := AddFlags(app)
	if _, err := app.Parse(args); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	logger, _ := c.New(&out)
	stdlog.New(Foreign(logger), "", 0).Print(line)
	return out.String()
}

func TestForeign(t *testing.T) {
	const (
		eof  = "http: TLS handshake error from 192.0.2.7:51234: EOF"
		boom = "http: panic serving 192.0.2.7:51234: boom\ngoroutine 7 [running]:"
		path = "server.go:12: odd"
	)
	for _, tc := range []struct{ line, level, want string }{
		{eof, "info", ""},
		{eof, "debug", "debug"},
		{"http: TLS handshake error from [2001:db8::1]:443: remote error: tls: bad certificate", "info", ""},
		{boom, "info", "warn"},
		{path, "info", "warn"},
		{"2026/01/02 03:04:05 http: Accept error: too many open files; retrying in 5ms", "info", "warn"},
	} {
		for _, format := range []string{"logfmt", "json"} {
			out := foreignLine(t, tc.line, "--log.level="+tc.level, "--log.format="+format)
			if tc.want == "" {
				if out != "" {
					t.Errorf("%s, %s: %q is written: %s", format, tc.level, tc.line, out)
				}
				continue
			}
			key := "caller="
			if format == "json" {
				key = `"caller":`
				var fields map[string]string
				if err := json.Unmarshal([]byte(out), &fields); err != nil || fields["msg"] != tc.line || fields["level"] != tc.want {
					t.Errorf("%v in %s", err, out)
				}
			}
			if strings.Count(out, key) != 1 || strings.Count(out, "\n") != 1 {
				t.Errorf("%s: want one line with one caller: %s", format, out)
			}
		}
	}
}
