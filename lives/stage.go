package lives

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/replay/play"
)

// begins is when every life does.
var begins = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// stage is a life in play: the products' fakes and the exporter that reads them.
type stage struct {
	life      *Life
	condition *Condition
	clock     *play.Clock
	dir       string
	actors    []actor
	exporter  *collector.Exporter // nil: it does not run
	reloader  *collector.Reloader
	handler   http.Handler
	born      time.Duration
	err       error
}

// actor plays one part.
type actor struct {
	part   *Part
	server *httptest.Server
	set    func(drill.Drill)
	job    string
	turned bool // to the next job
}

func newStage(l *Life, c *Condition, dir string) (*stage, error) {
	s := &stage{life: l, condition: c, clock: play.NewClock(begins), dir: dir}
	for i := range l.Parts {
		p := &l.Parts[i]
		fake, set := p.Product.play(s.drill(p.Plot, 0), p)
		server := httptest.NewServer(spoil(p, c.Interval, s.since, fake))
		s.actors = append(s.actors, actor{part: p, server: server, set: set, job: p.Product.job})
	}
	return s, s.configure()
}

func (s *stage) close() {
	s.stop()
	for _, a := range s.actors {
		a.server.Close()
	}
}

func (s *stage) since() time.Duration { return s.clock.Now().Sub(begins) }

// drill is a plot that begins so long after the life.
func (s *stage) drill(p Plot, after time.Duration) drill.Drill {
	return drill.Drill{Plot: p.at, Start: begins.Add(after), Length: max(p.length(), time.Hour), Now: s.clock.Now}
}

// configure writes targets.yml.
func (s *stage) configure() error {
	var b strings.Builder
	b.WriteString(s.actors[0].part.Product.description)
	b.WriteString("targets:\n")
	for _, a := range s.actors {
		p := a.part
		stallAfter := p.StallAfter
		if stallAfter == 0 {
			stallAfter = p.Product.stallAfter
		}
		fmt.Fprintf(&b, "  - name: %s\n    api: %s\n    url: %s%s\n    timeout: 30s\n    stall_after: %s\n",
			p.Target, p.Product.api, a.server.URL, p.Product.path, stallAfter)
		if p.Deadline > 0 {
			fmt.Fprintf(&b, "    deadline: %s\n", begins.Add(p.Deadline).Format(time.RFC3339))
		}
		if p.Interval > 0 {
			fmt.Fprintf(&b, "    min_interval: %s\n", p.Interval)
		}
		if p.Migration != "" {
			fmt.Fprintf(&b, "    labels: {migration: %s}\n", p.Migration)
		}
		if p.Product.options != nil {
			fmt.Fprintf(&b, "    options: %s\n", p.Product.options(a.job))
		}
	}
	return os.WriteFile(s.file(), []byte(b.String()), 0o600)
}

func (s *stage) file() string { return filepath.Join(s.dir, "targets.yml") }

// answering returns the exporter as it is at the clock's moment; nil if it cannot be
// reached.
func (s *stage) answering() http.Handler {
	now := s.since()
	if err := s.turn(now); err != nil {
		s.err = errors.Join(s.err, err)
	}
	for _, away := range s.life.Away {
		if away.in(now) {
			s.stop()
			return nil
		}
	}
	if every := s.condition.Restart; every > 0 && s.exporter != nil && now/every > s.born/every {
		s.stop()
	}
	if every := s.condition.Restart; every > 0 && now >= every && now%every < restartTakes {
		s.stop()
		return nil
	}
	if s.condition.Gaps.in(now) {
		return nil
	}
	if s.exporter == nil {
		s.start(now)
	}
	return s.handler
}

// turn lets the next jobs begin that are due.
func (s *stage) turn(now time.Duration) error {
	changed := false
	for i := range s.actors {
		a := &s.actors[i]
		next := a.part.Next
		if next == nil || a.turned || now < next.At {
			continue
		}
		a.turned = true
		a.set(s.drill(next.Plot, next.At))
		if next.Job != "" {
			a.job, changed = next.Job, true
		}
	}
	if !changed {
		return nil
	}
	if err := s.configure(); err != nil {
		return err
	}
	if s.reloader == nil {
		return nil
	}
	return s.reloader.Reload()
}

// start begins a new exporter, which remembers what its memory file holds.
func (s *stage) start(now time.Duration) {
	products := apis.All(s.clock.Now)
	opts := collector.Options{
		Concurrency: 8, TargetsOnMetrics: !s.condition.Probe, Logger: log.NewNopLogger(), Now: s.clock.Now,
	}
	if s.condition.Memory {
		opts.MemoryFile = filepath.Join(s.dir, "memory.json")
	}
	s.exporter = collector.New(products, opts)
	s.reloader = collector.NewReloader(s.exporter, s.file(), products)
	s.err = errors.Join(s.err, s.reloader.Reload())
	mux := http.NewServeMux()
	mux.Handle("/metrics", s.exporter.Metrics())
	mux.Handle("/probe", s.exporter.Probe())
	s.handler, s.born = mux, now
}

func (s *stage) stop() {
	if s.exporter != nil {
		s.exporter.Close()
	}
	s.exporter, s.reloader, s.handler = nil, nil, nil
}

// scrapes returns what Prometheus is configured to scrape.
func (s *stage) scrapes() []play.Scrape {
	const host = "exporter:10091"
	if !s.condition.Probe {
		return []play.Scrape{{Path: "/metrics", Job: "progress", Instance: host}}
	}
	var list []play.Scrape
	for _, a := range s.actors {
		list = append(list, play.Scrape{Path: "/probe?target=" + a.part.Target, Job: "progress", Instance: a.part.Target})
	}
	return append(list, play.Scrape{Path: "/metrics", Job: "progress_exporter", Instance: host})
}
