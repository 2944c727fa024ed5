package replay

import (
	"errors"
	"net/url"
	"os"
	"time"

	"progress_exporter/collector/recording"
	"progress_exporter/replay/play"
)

// Config is what is played, and how.
type Config struct {
	Life     *recording.Life
	Rules    []string      // files of Prometheus' rules
	Interval time.Duration // of the scrapes; 0: as often as it was recorded
	Evaluate time.Duration // of groups of rules that do not say it themselves; 0: a minute, as Prometheus has it
	// StallAfter takes the place of every target's own; nil: it does not.
	StallAfter *time.Duration
	// Restart is how long an exporter lives before another one follows; 0: to the end.
	Restart time.Duration
	// Memory says whether the next exporter knows what the one before did (--memory.file).
	Memory bool
	// Descriptions are files with descriptions of products that the library does not have.
	Descriptions []string
}

// Result is what came of a life.
type Result struct {
	From    time.Time     `json:"from"`
	To      time.Time     `json:"to"`
	Reads   int           `json:"reads"`
	Targets int           `json:"recorded_targets"`
	Torn    int           `json:"torn_lines"`
	Gaps    []Span        `json:"not_recorded"`
	Jobs    []Job         `json:"jobs"`
	Alerts  []Alert       `json:"alerts"`
	Took    time.Duration `json:"-"` // of real time
}

// Span is a stretch of time.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Run plays a life.
func Run(cfg Config) (*Result, error) {
	began := time.Now()
	dir, err := os.MkdirTemp("", "progress_replay")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if cfg.Interval == 0 {
		cfg.Interval = time.Duration(cfg.Life.Head.Interval)
	}
	if cfg.Interval <= 0 {
		return nil, errors.New("the life does not say how often its targets were read; say how often Prometheus scrapes")
	}
	if cfg.Evaluate == 0 {
		cfg.Evaluate = time.Minute
	}
	s, err := newStage(cfg, dir)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	from, to := cfg.Life.Span()
	record, err := play.Run(play.Config{
		Clock: s.clock, Length: max(to.Sub(s.clock.Now()), 0) + cfg.Interval,
		Exporter: s.answering, Scrapes: scrapes(cfg.Life), Interval: cfg.Interval,
		Rules: cfg.Rules, Evaluate: cfg.Evaluate, OwnIntervals: true, Dir: dir,
	})
	if err = errors.Join(err, s.err); err != nil {
		return nil, err
	}
	res := &Result{From: from, To: to, Reads: len(cfg.Life.Reads), Targets: len(cfg.Life.Head.Targets), Torn: cfg.Life.Torn, Gaps: s.gaps, Alerts: alertsOf(record)}
	res.Jobs, err = jobsOf(cfg.Life, record)
	res.Took = time.Since(began)
	return res, errors.Join(err, record.Close())
}

// scrapes returns what Prometheus scrapes: each target through /probe, because what the
// exporter says about itself was not recorded.
func scrapes(l *recording.Life) (list []play.Scrape) {
	for _, t := range l.Head.Targets {
		list = append(list, play.Scrape{Path: "/probe?" + url.Values{"target": {t.Name}}.Encode(), Job: "progress", Instance: t.Name})
	}
	return list
}
