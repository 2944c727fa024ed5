package fetch

import (
	"bytes"
	"log"
	"strings"
	"testing"

	"github.com/prometheus/common/config"
)

func TestDiscreet(t *testing.T) {
	var out bytes.Buffer
	logger := log.New(Discreet(&out), "logger: ", 0)
	logger.Print("before")
	logger.Printf("%s starting with %q; err=<nil>", unasked, secret)
	logger.Print("after")
	line := []byte(unasked)
	if n, err := Discreet(&out).Write(line); n != len(line) || err != nil {
		t.Errorf("%d bytes of %d written, %v", n, len(line), err)
	}
	if want := "logger: before\nlogger: after\n"; out.String() != want {
		t.Errorf("%q, want %q", &out, want)
	}
}

// The text is net/http's, and may change with it.
func TestDiscreetKnowsNetHTTP(t *testing.T) {
	said := make(lines, 1)
	before := log.Writer()
	log.SetOutput(said)
	t.Cleanup(func() { log.SetOutput(before) })
	base := "http://" + serve(t, answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"+secret))
	resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
	if err != nil || string(resp.Body) != "{}" {
		t.Fatalf("%q, %v; want {}", resp.Body, err)
	}
	if line := <-said; !strings.Contains(line, unasked) || !strings.Contains(line, secret) {
		t.Errorf("net/http says %q; is Discreet still needed, and does it know the text?", line)
	}
}

// lines hands over what is written.
type lines chan string

// Write hands over one line.
func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}
