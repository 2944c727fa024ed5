package replay

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Threshold is what a stall_after would have done.
type Threshold struct {
	StallAfter time.Duration `json:"-"`
	Text       string        `json:"stall_after"`
	// Pages are the alerts that would have fired because of it.
	Pages []Page `json:"pages"`
}

// Page is an alert that fired.
type Page struct {
	Alert  string    `json:"alert"`
	Target string    `json:"target"`
	JobID  string    `json:"job_id,omitempty"` // of one of the jobs of a list
	At     time.Time `json:"at"`
	// Healthy says that the job went on by itself afterwards: the page was for nothing.
	Healthy bool `json:"healthy"`
}

// Title returns what tells the job from all others that paged.
func (p *Page) Title() string { return title(p.Target, p.JobID) }

// Sweep is what each of several values of stall_after would have done, and which one is
// proposed.
type Sweep struct {
	Thresholds []Threshold `json:"thresholds"` // from the shortest on
	Healthy    Standstill  `json:"longest_healthy_standstill"`
	Of         string      `json:"of"`       // the target or job of that standstill; empty: there was none
	Proposal   string      `json:"proposal"` // empty: none of them is quiet
	Why        string      `json:"why"`
}

// steps are the thresholds that a person would choose.
var steps = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute, 45 * time.Minute,
	time.Hour, 90 * time.Minute, 2 * time.Hour, 3 * time.Hour, 4 * time.Hour, 6 * time.Hour, 8 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// Between returns the thresholds from one to another, which are among them.
func Between(from, to time.Duration) []time.Duration {
	list := []time.Duration{from}
	for _, s := range steps {
		if s > from && s < to {
			list = append(list, s)
		}
	}
	if to > from {
		list = append(list, to)
	}
	return list
}

// RunSweep plays a life once with each threshold, and once with none: what fires then has
// nothing to do with a standstill.
func RunSweep(cfg Config, thresholds []time.Duration) (*Sweep, error) {
	never := time.Duration(0)
	cfg.StallAfter = &never
	base, err := Run(cfg)
	if err != nil {
		return nil, err
	}
	anyway := map[string]bool{}
	for i := range base.Alerts {
		anyway[fired(&base.Alerts[i])] = true
	}
	sweep := &Sweep{}
	for i := range base.Jobs {
		if s := base.Jobs[i].Longest(true); s.Length() > sweep.Healthy.Length() {
			sweep.Healthy, sweep.Of = s, base.Jobs[i].Title()
		}
	}
	sweep.Thresholds = make([]Threshold, len(thresholds))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, d := range thresholds {
		group.Go(func() error {
			own := cfg
			own.StallAfter = &d
			res, err := Run(own)
			if err != nil {
				return err
			}
			t := Threshold{StallAfter: d, Text: Short(d), Pages: []Page{}}
			for i := range res.Alerts {
				if a := &res.Alerts[i]; a.Firing != nil && !anyway[fired(a)] {
					t.Pages = append(t.Pages, Page{a.Name, a.Labels["target"], a.Labels["job_id"], *a.Firing, base.recovered(a)})
				}
			}
			sweep.Thresholds[i] = t
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	sweep.propose()
	return sweep, nil
}

// fired tells apart when which alert fired; empty if it did not.
func fired(a *Alert) string {
	if a.Firing == nil {
		return ""
	}
	return a.id() + a.Firing.String()
}

// late is how long an alert may be pending after the job has gone on: it is evaluated once
// a minute, of what was scraped before.
const late = 3 * time.Minute

// recovered reports whether an alert fired because of a standstill from which the job went
// on by itself: the longest of those that lasted when it became pending.
func (r *Result) recovered(a *Alert) bool {
	var because Standstill
	for i := range r.Jobs {
		if r.Jobs[i].Target != a.Labels["target"] || r.Jobs[i].JobID != a.Labels["job_id"] {
			continue
		}
		for _, s := range r.Jobs[i].Standstills {
			if s.From.Before(a.Pending) && s.To.Add(late).After(a.Pending) && s.Length() > because.Length() {
				because = s
			}
		}
	}
	return because.Healthy
}

// propose chooses the shortest threshold that pages nobody for nothing.
func (s *Sweep) propose() {
	longest := "no job stood still and went on"
	if s.Of != "" {
		longest = fmt.Sprintf("the longest standstill of a healthy stretch was %s (%s)", Short(s.Healthy.Length()), s.Of)
	}
	var loud []string
	for _, t := range s.Thresholds {
		n := 0
		for _, p := range t.Pages {
			if p.Healthy {
				n++
			}
		}
		switch {
		case n > 0:
			loud = append(loud, fmt.Sprintf("%s would have paged %s for nothing", t.Text, times(n)))
			s.Proposal = ""
		case s.Proposal == "" && t.StallAfter > s.Healthy.Length():
			s.Proposal = t.Text
			s.Why = fmt.Sprintf("%s: %s is quiet", longest, t.Text)
			if real := len(t.Pages); real > 0 {
				s.Why += fmt.Sprintf(", and pages %s for a job that did not go on", times(real))
			}
		}
	}
	if s.Proposal == "" {
		s.Why = longest + ": none of these is quiet"
	}
	if len(loud) > 0 {
		s.Why += "; " + strings.Join(loud, ", ")
	}
}

func times(n int) string {
	switch n {
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return fmt.Sprintf("%d times", n)
}

// Short says a duration without the units that are 0.
func Short(d time.Duration) string {
	text := d.Round(time.Second).String()
	if len(text) > 2 && strings.HasSuffix(text, "m0s") {
		text = text[:len(text)-2]
	}
	if len(text) > 2 && strings.HasSuffix(text, "h0m") {
		text = text[:len(text)-2]
	}
	return text
}
