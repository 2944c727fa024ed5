package status

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// Job is what one read of a target brought, for programs that show it to a
// person instead of to Prometheus.
type Job struct {
	Target     string          // its name
	JobID      string          // of a list or probed: the label job_id; empty for the target itself
	JobName    string          // what people call it; empty: nothing but its id
	API        string          // the product's name
	Migration  string          // what several targets, or jobs of lists, are part of; empty: it is a job of its own
	Whole      *float64        // how much of the migration is done, from 0 to 1; nil: not known
	Report     progress.Report // of a good read
	LeftOut    string          // what of the answer could not be read or shown, in words; empty: nothing
	Err        *progress.Error // nil if the read was good
	Began      time.Time       // zero: the target was not read yet
	Took       time.Duration   // how long the read took
	LastRead   time.Time       // the last good read
	LastChange time.Time       // when work was last seen to move
	Ended      bool            // the job was seen ended
	End        time.Time       // when that was; zero if it had ended before it was first seen
	Still      time.Duration   // how long the job has stood still, if that is longer than StallAfter; else 0
	Rate       float64         // share of the work done in a second lately; 0: not known
	Expected   time.Time       // when the job will be done at that rate; zero: not known, or not to be trusted
	Earliest   time.Time       // the beginning of the range in which that will be; zero as Expected
	Latest     time.Time       // its end
	StallAfter time.Duration   // 0: the job never counts as stalled
	Deadline   time.Time       // when it has to be done; zero: none
}

// Left returns how long the job will take to its end at its recent rate, as of its last
// read; 0 if that cannot be told.
func (r *Job) Left() time.Duration {
	if r.Expected.IsZero() {
		return 0
	}
	return r.Expected.Sub(r.LastRead)
}

// LeftRange says for how long the job may go on, such as 2–3 h; empty if that cannot be
// told.
func (r *Job) LeftRange() string {
	if r.Latest.IsZero() {
		return ""
	}
	return Range(r.Earliest.Sub(r.LastRead), r.Latest.Sub(r.LastRead))
}

// Kind says in a word or two how the target is: its job's state, or what matters
// more. It is a word of palette.Kinds.
func (r *Job) Kind() string {
	switch {
	case r.Began.IsZero():
		return palette.NotRead
	case r.Err != nil:
		return palette.CannotBeRead
	case r.Still > 0:
		return palette.Stalled
	}
	return r.Report.State.String()
}

// Progress returns how much of the job is done, from 0 to 1; nil if the product does not
// say. What has succeeded is done: of several mongosync processes each reports its own part
// of the bytes of all, and an estimate of them may have been too high.
func (r *Job) Progress() *float64 {
	if r.Report.Ratio == nil || r.Report.State != progress.Succeeded {
		return r.Report.Ratio
	}
	return progress.Ptr(1.0)
}

// Percent returns how much of 100 a ratio is, cut after the first decimal and not
// rounded: 100 is said when it is reached.
func Percent(ratio float64) float64 {
	const rounding = 1e-9 // 0.29 times 1000 may be a little less than 290
	return math.Floor(ratio*1000+rounding) / 10
}

// Span says a duration as configurations write it, rounded to what a person wants to
// know.
func Span(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		d = d.Round(time.Hour)
	case d >= 10*time.Minute:
		d = d.Round(time.Minute)
	default:
		d = d.Round(time.Second)
	}
	return model.Duration(d).String()
}

// Title returns what tells the job from all others: the name of its target, and the id of
// a job that is one of several.
func (r *Job) Title() string {
	if r.JobID == "" {
		return r.Target
	}
	return r.Target + "/" + r.JobID
}

// All says of a snapshot what there is to show: a target, or in its place the jobs of its
// list. A list stays itself while it cannot be read, was not read yet, or holds no job.
func All(snapshot []scrape.Reading) []Job {
	var jobs []Job
	ofList := "" // what was left out of the answer that is about all jobs
	for _, r := range scrape.WithJobs(snapshot) {
		job := Of(&r)
		if r.Target.IsList() {
			ofList = job.LeftOut
			if r.Err == nil && len(r.Memory.Jobs) > 0 {
				continue
			}
		} else if r.Target.Lists && r.Err == nil {
			job.LeftOut = cmp.Or(job.LeftOut, ofList)
		}
		jobs = append(jobs, job)
	}
	return jobs
}

// leftOut says what of a good answer could not be read, or was read and cannot be.
func leftOut(r *ledger.Result) string {
	var parts []string
	if len(r.Report.Unread) > 0 {
		parts = append(parts, "fields "+progress.UnreadFields(r.Report.Unread))
	}
	if dropped := r.Dropped.String(); dropped != "" {
		parts = append(parts, "series "+dropped)
	}
	return strings.Join(parts, "; ")
}

// Range says two durations in one unit, of which the shorter one has at least two: it is
// rounded down and the longer one up, so that nothing is promised: 2–3 h, 20–50 min.
func Range(from, to time.Duration) string {
	unit, name := time.Second, "s"
	switch {
	case from >= 48*time.Hour:
		unit, name = 24*time.Hour, "d"
	case from >= 2*time.Hour:
		unit, name = time.Hour, "h"
	case from >= 2*time.Minute:
		unit, name = time.Minute, "min"
	}
	least, most := max(from, 0)/unit, (max(to, 0)+unit-1)/unit
	if least == most {
		return fmt.Sprintf("%d %s", most, name)
	}
	return fmt.Sprintf("%d–%d %s", least, most, name)
}

// Of says of a target what a scrape found.
func Of(r *scrape.Reading) Job {
	m := &r.Memory
	p := Job{
		JobID: r.Target.Job, JobName: r.JobName,
		Target: r.Target.Target, API: r.Target.API.Name, Report: r.Report, Err: r.Err,
		Began: r.Started, Took: r.Duration, LastRead: m.LastRead, LastChange: m.LastChange,
		Ended: m.Ended, End: m.End, StallAfter: r.Target.StallAfter, Deadline: r.Target.Deadline,
	}
	if !r.Target.IsList() && (r.Target.Job == "" || r.Target.Lists) { // no list itself, and no job that was probed
		p.Migration = r.Target.Migration()
	}
	if r.Err != nil { // of a job that cannot be read nobody knows how it does
		return p
	}
	p.Rate, p.Whole, p.LeftOut = m.Rate, m.Whole, leftOut(r.Result)
	if m.Stalled(p.StallAfter) {
		p.Still = m.LastRead.Sub(m.Still)
	} else {
		p.Earliest, p.Expected, p.Latest = m.Earliest, m.Expected, m.Latest
	}
	return p
}
