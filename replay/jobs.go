package replay

import (
	"cmp"
	"slices"
	"time"

	"progress_exporter/collector/recording"
	"progress_exporter/replay/play"
)

// Job is what a target did.
type Job struct {
	Target      string       `json:"target"`
	API         string       `json:"api"`
	JobID       string       `json:"job_id,omitempty"` // of one of the jobs of a list
	States      []State      `json:"states"`
	Moves       int          `json:"moves"`       // how often its work was seen to move
	Standstills []Standstill `json:"standstills"` // in their order
}

// State is the state that a job was in until the next one, or cannotBeRead.
type State struct {
	At    time.Time `json:"at"`
	State string    `json:"state"`
}

// cannotBeRead stands in the place of a state while reads fail.
const cannotBeRead = "cannot be read"

// Standstill is a stretch in which a job did not move although it should have.
type Standstill struct {
	Span
	// Healthy says that the job went on by itself, or was done.
	Healthy bool `json:"healthy"`
}

// Length returns how long it was.
func (s Standstill) Length() time.Duration { return s.To.Sub(s.From) }

// Title returns what tells the job from all others.
func (j *Job) Title() string { return title(j.Target, j.JobID) }

func title(target, id string) string {
	if id == "" {
		return target
	}
	return target + "/" + id
}

// Longest returns the longest standstill; of the healthy ones alone, if that is asked for.
func (j *Job) Longest(healthy bool) (longest Standstill) {
	for _, s := range j.Standstills {
		if s.Length() > longest.Length() && (s.Healthy || !healthy) {
			longest = s
		}
	}
	return longest
}

// jobsOf says what each target of a life did, as the series have it.
func jobsOf(l *recording.Life, r *play.Record) ([]Job, error) {
	series := map[string][]play.Series{}
	for _, metric := range []string{"progress_state", "progress_up", "progress_work_hash", "progress_standstill_start_timestamp_seconds"} {
		var err error
		if series[metric], err = r.Series(metric); err != nil {
			return nil, err
		}
	}
	var jobs []Job
	for _, j := range jobsIn(l, series["progress_state"]) {
		of := func(metric string) (found []play.Series) {
			for _, s := range series[metric] {
				if s.Labels["target"] == j.Target && (s.Labels["job_id"] == j.JobID || s.Labels["job_id"] == "") {
					found = append(found, s)
				}
			}
			return found
		}
		j.States, j.Standstills = states(of("progress_state"), of("progress_up")), []Standstill{}
		var moves []time.Time
		for _, s := range of("progress_work_hash") {
			for _, p := range stretches(s.Points)[1:] {
				moves = append(moves, p.from)
			}
		}
		j.Moves = len(moves)
		done := len(j.States) > 0 && j.States[len(j.States)-1].State == "succeeded"
		for _, s := range of("progress_standstill_start_timestamp_seconds") {
			found := j.joined(stretches(s.Points), moves)
			for i, p := range found {
				since := time.UnixMilli(int64(p.value * 1000)).UTC()
				j.Standstills = append(j.Standstills, Standstill{Span{since, p.to}, done || i < len(found)-1})
			}
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// jobsIn returns the jobs of a life: its targets, or in the place of one the jobs of its
// list.
func jobsIn(l *recording.Life, states []play.Series) (jobs []Job) {
	for _, t := range l.Head.Targets {
		var ids []string
		for _, s := range states {
			if id := s.Labels["job_id"]; s.Labels["target"] == t.Name && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
		if len(ids) == 0 { // it never could be read
			ids = []string{""}
		}
		slices.Sort(ids)
		for _, id := range ids {
			jobs = append(jobs, Job{Target: t.Name, API: t.API, JobID: id})
		}
	}
	return jobs
}

// joined makes one of standstills between which nothing moved and nothing was excused: the
// exporter had restarted, and did not know since when.
func (j *Job) joined(found []stretch, moves []time.Time) (list []stretch) {
	for _, next := range found {
		n := len(list)
		if n == 0 || j.between(list[n-1].to, next.from, moves) {
			list = append(list, next)
		} else {
			list[n-1].to = next.to
		}
	}
	return list
}

// between reports whether a job moved, or did not have to, after one moment and up to
// another.
func (j *Job) between(after, upTo time.Time, moves []time.Time) bool {
	within := func(at time.Time) bool { return at.After(after) && !at.After(upTo) }
	return slices.ContainsFunc(moves, within) || slices.ContainsFunc(j.States, func(s State) bool {
		return within(s.At) && !slices.Contains([]string{"running", "pending", "unknown", cannotBeRead}, s.State)
	})
}

// states returns how the state of a job changed.
func states(states, ups []play.Series) []State {
	var all []State
	for _, s := range states {
		for _, p := range s.Points {
			if p.Value == 1 {
				all = append(all, State{p.At, s.Labels["state"]})
			}
		}
	}
	for _, s := range ups {
		for _, p := range s.Points {
			if p.Value == 0 {
				all = append(all, State{p.At, cannotBeRead})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b State) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.State, b.State)) })
	return slices.CompactFunc(all, func(a, b State) bool { return a.State == b.State })
}

// stretch is how long a series had a value.
type stretch struct {
	value    float64
	from, to time.Time
}

func stretches(points []play.Point) (list []stretch) {
	for _, p := range points {
		if n := len(list); n > 0 && list[n-1].value == p.Value {
			list[n-1].to = p.At
		} else {
			list = append(list, stretch{p.Value, p.At, p.At})
		}
	}
	return list
}
