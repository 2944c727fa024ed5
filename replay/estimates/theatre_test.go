package estimates

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/progress"
)

// theatre is an exporter with targets of which one after the other is played.
type theatre struct {
	t       *testing.T
	now     time.Time
	handler http.Handler
	answer  string // of the product
}

func newTheatre(t *testing.T) *theatre {
	th := &theatre{t: t, now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	now := func() time.Time { return th.now }
	products := apis.Known(now)
	exporter := collector.New(products, collector.Options{
		Concurrency: 1, Logger: log.NewNopLogger(), Now: now,
		Fetch: func(string) progress.Fetch {
			return func(req *http.Request) (progress.Response, error) {
				return progress.Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(th.answer), Received: th.now, Request: req}, nil
			}
		},
	})
	t.Cleanup(exporter.Close)
	var file strings.Builder
	file.WriteString("targets:\n")
	for i := range targets {
		fmt.Fprintf(&file, "- {name: t%d, api: redfish-task, url: 'http://bmc.example.com', stall_after: 0s, options: {task: 1}}\n", i)
	}
	name := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(name, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := collector.NewReloader(exporter, name, products).Reload(); err != nil {
		t.Fatal(err)
	}
	th.handler = exporter.Probe()
	return th
}

var estimated = regexp.MustCompile(`(?m)^progress_estimated_end_timestamp_seconds\{.*bound="(early|likely|late)".*\} (\S+)`)

// read has a target read, and returns how many seconds are left until each bound, as the
// exporter says it.
func (th *theatre) read(target, state string, ratio float64) map[string]float64 {
	th.answer = fmt.Sprintf(`{"Id": "1", "TaskState": %q, "PercentComplete": %.1f}`, state, 100*ratio)
	w := httptest.NewRecorder()
	th.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/probe?target="+target, nil))
	if !strings.Contains(w.Body.String(), "\nprogress_total_ratio{") {
		th.t.Fatalf("%s: %d %s", target, w.Code, w.Body)
	}
	left := map[string]float64{}
	for _, m := range estimated.FindAllStringSubmatch(w.Body.String(), -1) {
		end, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			th.t.Fatal(err)
		}
		left[m[1]] = end - float64(th.now.UnixMilli())/1000
	}
	return left
}

// run plays a run of a target to its end, and returns what its ranges were worth at each
// twentieth of its time.
func (th *theatre) run(target string, length time.Duration, way curve) *trial {
	said := &trial{}
	begun, interval, next := th.now, max(15*time.Second, length/240), 0.05
	for at := time.Duration(0); at < length; at += interval {
		th.now = begun.Add(at)
		share := at.Seconds() / length.Seconds()
		left := th.read(target, "Running", way(share))
		if share < next || share > 0.96 {
			continue
		}
		next += 0.05
		if _, told := left["likely"]; told {
			said.add(left, (length - at).Seconds())
		}
	}
	th.now = begun.Add(length)
	th.read(target, "Completed", 1)
	th.now = begun.Add(length + time.Hour)
	return said
}
