package main

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
)

// A read that never ends, because a file system hangs for example, does not keep the
// program: it is left, and the exit code says so.
func TestStopLeavesWhatHangs(t *testing.T) {
	hang, left := make(chan struct{}), make(chan struct{})
	var text strings.Builder
	s := stopper{
		server: &http.Server{}, signals: make(chan os.Signal), within: time.Millisecond, logger: log.NewLogfmtLogger(&text),
		close: func() { defer close(left); <-hang },
	}
	if err := s.stop(); !errors.Is(err, errCut) {
		t.Errorf("got %v, want %v", err, errCut)
	}
	close(hang)
	<-left
	if want := `msg="some reads did not end, leaving them" within=1ms`; !strings.Contains(text.String(), want) {
		t.Errorf("the log lacks %s:\n%s", want, text.String())
	}
}

// Without any time to wait, what has to be kept is kept all the same.
func TestStopWithoutTime(t *testing.T) {
	closed := make(chan struct{})
	s := stopper{server: &http.Server{}, signals: make(chan os.Signal), logger: log.NewNopLogger(), close: func() { close(closed) }}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	<-closed
}
