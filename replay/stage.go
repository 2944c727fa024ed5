package replay

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
	"progress_exporter/replay/play"
)

// stage is a life in play: the exporter, which is told what was recorded.
type stage struct {
	cfg       Config
	dir       string
	clock     *play.Clock
	playbacks map[string]*recording.Playback
	gaps      []Span
	exporter  *collector.Exporter // nil: it does not run
	handler   http.Handler
	born      time.Time
	err       error
}

func newStage(cfg Config, dir string) (*stage, error) {
	s := &stage{cfg: cfg, dir: dir, clock: play.NewClock(beginning(cfg.Life)), playbacks: map[string]*recording.Playback{}, gaps: gapsIn(cfg.Life)}
	staging := recording.Staging{Descriptions: cfg.Descriptions}
	if cfg.StallAfter != nil {
		staging.StallAfter = func(recording.Target) time.Duration { return *cfg.StallAfter }
	}
	for _, t := range cfg.Life.Head.Targets {
		s.playbacks[t.Name] = cfg.Life.Playback(t.Name, s.clock.Now)
	}
	if err := os.WriteFile(s.file(), []byte(cfg.Life.Config(staging)), 0o600); err != nil {
		return nil, err
	}
	return s, s.start()
}

func (s *stage) file() string { return filepath.Join(s.dir, "targets.yml") }

// answering returns the exporter as it is at the clock's moment; nil if it cannot be
// reached. What was not recorded is played as a time in which it did not run, because
// nobody knows what the products would have said.
func (s *stage) answering() http.Handler {
	now := s.clock.Now()
	for _, g := range s.gaps {
		if now.After(g.From) && now.Before(g.To) {
			s.stop()
			return nil
		}
	}
	if s.exporter != nil && s.cfg.Restart > 0 && now.Sub(s.born) >= s.cfg.Restart {
		s.stop()
		s.born = now
		return nil // it is on its way
	}
	if s.exporter == nil {
		s.err = errors.Join(s.err, s.start())
	}
	return s.handler
}

// start begins a new exporter, which remembers what its memory file holds.
func (s *stage) start() error {
	opts := collector.Options{
		Concurrency: len(s.playbacks), Logger: log.NewNopLogger(), Now: s.clock.Now,
		Fetch: func(target string) progress.Fetch { return s.playbacks[target].Fetch },
	}
	if s.cfg.Memory {
		opts.MemoryFile = filepath.Join(s.dir, "memory.json")
	}
	products := apis.Known(s.clock.Now)
	s.exporter = collector.New(products, opts)
	s.handler, s.born = s.exporter.Probe(), s.clock.Now()
	return collector.NewReloader(s.exporter, s.file(), products).Reload()
}

func (s *stage) stop() {
	if s.exporter != nil {
		s.exporter.Close()
	}
	s.exporter, s.handler = nil, nil
}

// beginning returns when a life is looked at first: once every target of the first round
// was read, and a little later than its reads were, so that a scrape does not come just
// before the read of its round when both take place as often.
func beginning(l *recording.Life) time.Time {
	interval := time.Duration(l.Head.Interval)
	from, _ := l.Span()
	last := from
	for i := range l.Reads {
		if at := l.Reads[i].At; at.Sub(from) < interval/2 {
			last = at
		}
	}
	return last.Add(min(interval/4, time.Second)).Truncate(time.Millisecond).Add(time.Millisecond)
}

// gapsIn returns the stretches of a life in which nothing was recorded: the recording was
// interrupted. A read that took long is none.
func gapsIn(l *recording.Life) []Span {
	interval := time.Duration(l.Head.Interval)
	gaps := []Span{}
	for i := 1; i < len(l.Reads); i++ {
		before, next := &l.Reads[i-1], &l.Reads[i]
		if next.At.Sub(before.At) > max(4*interval, time.Minute)+time.Duration(before.Took) {
			gaps = append(gaps, Span{before.At.Add(interval), next.At})
		}
	}
	return gaps
}
