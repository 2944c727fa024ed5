package memoryfile

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Version is the form of the file that this package writes and reads.
const Version = 1

// Bounds of what is read. A file that exceeds them was not written by this package.
const (
	maxEntries = 200_000
	maxList    = 4_000
	maxText    = 1_024
)

// Entry is what is remembered of one target, of one job that was probed, or of one job of a
// list. A zero time is one that is not known.
type Entry struct {
	Target string `json:"target"`
	API    string `json:"api"`
	Home   string `json:"home"`            // hash of where the product is asked
	Probed string `json:"probed,omitzero"` // hash of the job that was probed
	Run    string `json:"run,omitzero"`    // hash of the run that work and codes belong to

	// Job and JobName are the labels of a job of a list, which is shown by them before the
	// product is asked.
	Job     string `json:"job,omitzero"`
	JobName string `json:"job_name,omitzero"`

	Created  time.Time `json:"created"` // when the counters began
	Reads    float64   `json:"reads"`
	Failures float64   `json:"failures"`
	// ReadsAhead and FailuresAhead are how many more may be counted before the next write.
	// The counters of a process that was killed go on behind them, so that none steps back.
	ReadsAhead    float64 `json:"reads_ahead"`
	FailuresAhead float64 `json:"failures_ahead"`

	JobErrors    []Count  `json:"job_errors,omitempty"`
	NodeErrors   []Count  `json:"node_errors,omitempty"`
	FailureCodes []string `json:"failure_codes,omitempty"`
	JobCode      string   `json:"job_code,omitzero"`    // the code that stands
	NodeCodes    []Node   `json:"node_codes,omitempty"` // the codes that stand

	Seen       time.Time `json:"seen,omitzero"`       // when somebody last asked for the job
	FirstSeen  time.Time `json:"first_seen,omitzero"` // of this run
	LastRead   time.Time `json:"last_read,omitzero"`
	LastChange time.Time `json:"last_change,omitzero"`
	Excused    time.Time `json:"excused,omitzero"` // when the job was last free to stand still
	Ended      bool      `json:"ended,omitzero"`
	End        time.Time `json:"end,omitzero"`
	WorkHash   float64   `json:"work_hash"`
	Pace       Pace      `json:"pace,omitzero"`
	Copied     *float64  `json:"copied,omitempty"`
	Total      *float64  `json:"total,omitempty"`
	Course     *Course   `json:"course,omitempty"` // of this run, if it can be told
	Runs       []Run     `json:"runs,omitempty"`   // earlier ones that ended well, oldest first
}

// Count is how often an error code was counted.
type Count struct {
	Code  string  `json:"code"`
	Count float64 `json:"count"`
}

// Node is an error code that stands on a node.
type Node struct {
	Node string `json:"node"`
	Code string `json:"code"`
}

// Pace is how a job moved lately.
type Pace struct {
	Last   *float64 `json:"last,omitempty"` // the last ratio
	Points []Point  `json:"points,omitempty"`
}

// Point is a ratio that was reached.
type Point struct {
	At    time.Time `json:"at"`
	Ratio float64   `json:"ratio"`
}

// Course is how far a run has come after how much work, in whole seconds.
type Course struct {
	Ran     time.Time `json:"ran,omitzero"` // when it was last read, if it ran then
	Worked  uint32    `json:"worked"`
	Ratio   float64   `json:"ratio"`
	Reached []uint32  `json:"reached,omitempty"` // after how much work it had done each of the shares that are remembered
	Took    uint32    `json:"took,omitzero"`     // until it was done
}

// Run is how much work an earlier run took, in whole seconds.
type Run struct {
	Took    uint32   `json:"took"`
	Reached []uint32 `json:"reached"`
}

// Migration is what is remembered of several targets that are one job.
type Migration struct {
	API  string `json:"api"`
	Name string `json:"migration"`
	Pace Pace   `json:"pace"`
}

// State is the whole memory.
type State struct {
	Version    int         `json:"version"`
	Written    time.Time   `json:"written"`
	Clean      bool        `json:"clean"` // the process stopped, and counted nothing afterwards
	Salt       string      `json:"salt"`
	Entries    []Entry     `json:"entries"`
	Migrations []Migration `json:"migrations,omitempty"`
}

// check returns an error unless the state may have been written by this package.
func (s *State) check() error {
	switch {
	case s.Version != Version:
		return fmt.Errorf("it has version %d, and this program reads version %d", s.Version, Version)
	case len(s.Salt) < 16 || len(s.Salt) > maxText:
		return errors.New("it has no salt")
	case len(s.Entries)+len(s.Migrations) > maxEntries:
		return fmt.Errorf("it has %d entries, more than %d", len(s.Entries)+len(s.Migrations), maxEntries)
	}
	for i := range s.Entries {
		if err := s.Entries[i].check(); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
	}
	for i := range s.Migrations {
		if err := s.Migrations[i].Pace.check(); err != nil {
			return fmt.Errorf("migration %d: %w", i+1, err)
		}
	}
	return nil
}

func (e *Entry) check() error {
	if e.Target == "" || e.API == "" || e.Home == "" || e.Created.IsZero() {
		return errors.New("it does not say whose it is")
	}
	for _, v := range []float64{e.Reads, e.Failures, e.ReadsAhead, e.FailuresAhead} {
		if !counts(v) {
			return fmt.Errorf("it counts %v reads", v)
		}
	}
	if len(e.JobErrors) > maxList || len(e.NodeErrors) > maxList || len(e.FailureCodes) > maxList || len(e.NodeCodes) > maxList {
		return errors.New("it has too many error codes")
	}
	texts := append([]string{e.Target, e.API, e.Home, e.Probed, e.Run, e.Job, e.JobName, e.JobCode}, e.FailureCodes...)
	for _, c := range append(e.JobErrors[:len(e.JobErrors):len(e.JobErrors)], e.NodeErrors...) {
		if !counts(c.Count) {
			return fmt.Errorf("it counts an error %v times", c.Count)
		}
		texts = append(texts, c.Code)
	}
	for _, n := range e.NodeCodes {
		texts = append(texts, n.Node, n.Code)
	}
	for _, text := range texts {
		if len(text) > maxText {
			return fmt.Errorf("it has a text of %d bytes", len(text))
		}
	}
	if len(e.Runs) > maxList {
		return errors.New("it has too many runs")
	}
	return e.Pace.check()
}

func (p *Pace) check() error {
	if len(p.Points) > maxList {
		return errors.New("it has too many movements")
	}
	return nil
}

// counts reports whether v can be the value of a counter.
func counts(v float64) bool { return v >= 0 && v == math.Trunc(v) && v < 1<<53 }

// Until replaces every time after now by now: what a clock that was set back has not
// reached yet cannot have happened.
func (s *State) Until(now time.Time) {
	for i := range s.Entries {
		e := &s.Entries[i]
		for _, at := range []*time.Time{&e.Created, &e.Seen, &e.FirstSeen, &e.LastRead, &e.LastChange, &e.Excused, &e.End} {
			clamp(at, now)
		}
		if e.Course != nil {
			clamp(&e.Course.Ran, now)
		}
		e.Pace.until(now)
	}
	for i := range s.Migrations {
		s.Migrations[i].Pace.until(now)
	}
}

func (p *Pace) until(now time.Time) {
	for i := range p.Points {
		if p.Points[i].At.After(now) { // a rate over dates that were moved would be made up
			p.Points = nil
			return
		}
	}
}

func clamp(at *time.Time, now time.Time) {
	if at.After(now) {
		*at = now
	}
}
