package lives

import (
	"errors"
	"net/http"
	"time"

	"progress_exporter/replay/play"
)

// Result is what came of a life under a condition.
type Result struct {
	Life, Condition string
	Fired           []Firing
	Wrong           []string
	Watched         time.Duration // of virtual time
}

// Run plays a life with the rules of a file. Its error is that the life could not be
// played; what the rules did wrong is in the Result.
func Run(l *Life, c *Condition, rules, dir string) (Result, error) {
	res := Result{Life: l.Name, Condition: c.Name, Watched: l.Watch}
	s, err := newStage(l, c, dir)
	if err != nil {
		return res, err
	}
	defer s.close()
	record, err := play.Run(play.Config{
		Clock: s.clock, Length: l.Watch,
		Exporter: func() http.Handler { return s.answering() },
		Scrapes:  s.scrapes(), Interval: c.Interval,
		Rules: []string{rules}, Evaluate: c.Evaluate, Dir: dir,
	})
	if err = errors.Join(err, s.err); err != nil {
		return res, err
	}
	res.Fired, res.Wrong = s.judge(record)
	return res, record.Close()
}
