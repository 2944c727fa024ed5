package main

import (
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
)

// A client that is slow or says too much cannot hold the server.
func TestServerHasLimits(t *testing.T) {
	f := &flags{maxScrapes: 1}
	f.engine.Logger = log.NewNopLogger()
	e := collector.New(apis.All(), f.engine)
	defer e.Close()
	s, err := newServer(f, e, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]time.Duration{
		"ReadHeaderTimeout": s.ReadHeaderTimeout, "ReadTimeout": s.ReadTimeout, "WriteTimeout": s.WriteTimeout, "IdleTimeout": s.IdleTimeout,
	} {
		if d <= 0 || d > 5*time.Minute {
			t.Errorf("%s is %v", name, d)
		}
	}
	if s.MaxHeaderBytes <= 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("MaxHeaderBytes is %d", s.MaxHeaderBytes)
	}
}
