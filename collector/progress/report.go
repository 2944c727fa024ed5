package progress

import (
	"slices"
	"time"
)

// Report is what one successful read of a product says about one job.
type Report struct {
	// Job identifies this run of the job (install token, command id, action date).
	// When it changes, another job has taken the target's place. It is compared and
	// hashed, never shown: it may be secret.
	Job string

	State State
	Word  string // the product's own word for State; for logs and pages, never a label
	// Quiet says that the product shows no movement of what the job does now, such as
	// building indexes, so that standing still is no stall. States in which nothing has to
	// move (Ready, Paused, …) need not say so.
	Quiet bool

	Ratio          *float64 // total progress, 0–1
	NodeCount      *float64 // nodes that take part
	NodesCompleted *float64 // nodes that are done
	Nodes          []Node

	ErrorCode string // the product's code for what is wrong with the job now; empty while nothing is

	Lag         *float64 // seconds by which the copy is behind its source
	CopiedBytes *float64 // bytes copied so far
	TotalBytes  *float64 // bytes to copy, an estimate that may move
	Start       time.Time

	Info    []Label  // labels of progress_job_info; nothing secret, nothing unbounded
	Samples []Sample // the product's own families; published even beside an error
	Work    Work     // what else moves when work moves (phase, events, …)
	Unread  []Unread // fields of the answer that could not be read, and are absent

	// Jobs are those of a source that Lists. Beside them only Samples, Unread and Unasked are
	// used, which are then about the list.
	Jobs []Listed
	// Unasked are the ids of further jobs of the list that nobody asked about: there are more
	// than Target.MaxJobs.
	Unasked []string
}

// Listed is one of the jobs that a source Lists.
type Listed struct {
	ID     string // the product's stable key, and the label job_id: needed, unique in the list, not secret
	Name   string // the label job_name, for people; empty: there is no such label
	Report Report // as if the job was read alone; its Jobs are not used, and its Unread counts for the list
	Err    error  // why this job alone could not be read, as Progress says it; its Report is then not used
}

// Node is one machine's part of a job.
type Node struct {
	ID        string   // the product's stable key: a GUID, or the hostname
	Name      string   // display name; need not be unique
	Type      string   // the product's word: control, data, manager, …
	Ratio     *float64 // 0–1
	Status    string   // the product's own word
	ErrorCode string   // empty while nothing is wrong
	Work      Work     // what else moves when this node works (SES: updatedDate)
}

// Label is one name and value of progress_job_info.
type Label struct{ Name, Value string }

// Sample is one value of one of the product's own families.
type Sample struct {
	Family int      // index into API.Families
	Labels []string // values for Family.Labels, in that order
	Value  float64
}

// Family declares one of a product's own metrics; all of them are gauges, because
// no product keeps a number that survives its own restart. The engine adds the
// prefix progress_<api>_ and the labels target and api.
type Family struct {
	Name   string
	Help   string
	Labels []string
	Signed bool // values below 0 are possible; else they are left out
}

// Ptr returns a pointer to v: the way to say a value that the product did say.
func Ptr[T any](v T) *T { return &v }

// Append adds a sample of an unlabelled family to samples, unless the product did
// not say the value.
func Append(samples []Sample, family int, value *float64) []Sample {
	if value == nil {
		return samples
	}
	return append(samples, Sample{Family: family, Value: *value})
}

// AppendFlag is Append for a boolean: 1 is true.
func AppendFlag(samples []Sample, family int, value *bool) []Sample {
	if value == nil {
		return samples
	}
	return append(samples, Sample{Family: family, Value: Flag(*value)})
}

// AppendOneOf adds one 0/1 sample for each value of a closed set to a family with
// one label. A current value outside the set counts as the set's last member,
// which therefore has to be a catch-all such as "other". A current value that is
// nil adds nothing.
func AppendOneOf(samples []Sample, family int, set []string, current *string) []Sample {
	if current == nil {
		return samples
	}
	at := len(set) - 1
	for i, v := range set {
		if v == *current {
			at = i
		}
	}
	samples = slices.Grow(samples, len(set))
	for i := range set {
		samples = append(samples, Sample{Family: family, Labels: set[i : i+1 : i+1], Value: Flag(i == at)})
	}
	return samples
}

// Flag returns 1 for true and 0 for false, as metrics say it.
func Flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
