package scrape

import (
	"slices"
	"strings"

	"github.com/go-kit/log/level"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// fillJobs sets what a list says about each job that there is room for, and returns which
// fields of the list and of the answers about its jobs could not be read.
func fillJobs(t *plan.Target, cleaner *sanitize.Cleaner, list progress.Report, res *ledger.Result) []progress.Unread {
	unread := list.Unread
	for i := range list.Jobs {
		for _, u := range list.Jobs[i].Report.Unread {
			unread = progress.AddUnread(unread, u.Field, u.Kind)
		}
	}
	kept, cut := cleaner.Jobs(list.Jobs, t.MaxJobs)
	for _, id := range list.Unasked {
		cut = append(cut, cleaner.Label(id))
	}
	res.CutJobs = cut
	res.Jobs = make([]ledger.ListedJob, len(kept))
	for i := range kept {
		j := &kept[i]
		own := &ledger.Result{Started: res.Started}
		res.Jobs[i] = ledger.ListedJob{ID: j.ID, Name: j.Name, Result: own}
		if j.Err != nil {
			own.Err = t.Secrets.Error(j.Err)
			continue
		}
		own.WorkHash, own.NodeErrors = j.Report.WorkHash(), ledger.NodeErrors(j.Report.Nodes, cleaner.Label)
		cleaner.Report(&j.Report, t.API.Families, t.Reserved)
		own.Report = j.Report
	}
	return unread
}

// record records a read of a job or of a list.
func (r *Reader) record(f *flight, res *ledger.Result) (ledger.Memory, ledger.Change) {
	t := f.target
	if !t.IsList() {
		return r.ledger.Record(f.entry, res)
	}
	m, changed, news := r.ledger.RecordList(t.Key, t.API, t.MaxJobs, f.entry, res)
	if len(news.Words) > 0 { // in one line, however many jobs there are
		_ = level.Warn(logOf(r.logger, t)).Log("msg", "the product used words for the state of jobs that are not known; their state is unknown", "words", progress.Quote(strings.Join(news.Words, ", ")))
	}
	for _, j := range news.Failed {
		_ = level.Warn(logOf(r.logger, t.Listed(j.ID, j.Name))).Log("msg", "cannot read a job of the list", "reason", j.Result.Err.Reason, "err", j.Result.Err)
	}
	return m, changed
}

// WithJobs returns a snapshot that has, behind each target that is a list, a reading of
// each job that is known of it. A list that was not read well was not for any of them.
func WithJobs(snapshot []Reading) []Reading {
	if !slices.ContainsFunc(snapshot, func(r Reading) bool { return r.Target.IsList() }) {
		return snapshot
	}
	var all []Reading
	for _, r := range snapshot {
		if r.Target.Only == "" {
			all = append(all, r)
		}
		if !r.Target.IsList() {
			continue
		}
		only := r.Target.Only
		for _, j := range r.Memory.Jobs {
			if only == "" || only == j.ID {
				all = append(all, r.of(j))
			}
		}
		if only != "" && !slices.ContainsFunc(r.Memory.Jobs, func(j ledger.KnownJob) bool { return j.ID == only }) {
			nobody := ledger.Outcome{Result: &ledger.Result{Report: progress.Report{State: progress.None}}, Memory: ledger.Memory{Created: r.Memory.Created}}
			if r.Err == nil {
				nobody.Memory.LastRead = r.Memory.LastRead
			}
			all = append(all, r.of(ledger.KnownJob{ID: only, Outcome: nobody}))
		}
	}
	return all
}

// of returns the reading of a job of the list.
func (r *Reading) of(j ledger.KnownJob) Reading {
	job := Reading{Target: r.Target.Listed(j.ID, j.Name), JobName: j.Name, Outcome: j.Outcome}
	own := *j.Result
	own.Started, own.Duration = r.Started, r.Duration
	if r.Err != nil {
		own.Err, own.Report = r.Err, progress.Report{}
	}
	job.Alone = own.Err != nil && r.Err == nil
	job.Result = &own
	return job
}
