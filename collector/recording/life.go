package recording

import (
	"encoding/json"
	"time"
)

// version is the form of a life. Another one is not read.
const version = 1

// Head is the first line of each file of a life.
type Head struct {
	Version  int       `json:"life"`
	Begun    time.Time `json:"begun"`
	Interval Duration  `json:"interval"` // between two reads of a target
	Targets  []Target  `json:"targets"`
}

// Target is what was recorded, with what is needed to read its answers again.
type Target struct {
	Name       string            `json:"target"`
	API        string            `json:"api"`
	URL        string            `json:"url"`
	StallAfter Duration          `json:"stall_after"`
	Deadline   *time.Time        `json:"deadline,omitempty"`
	MaxJobs    int               `json:"max_jobs,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	// Options are those of the configuration, without credentials; see Options.
	Options json.RawMessage `json:"options,omitempty"`
}

// Read is one read of a target: the answers, or why there is none, or both, if a product
// that is asked several things did not answer all.
type Read struct {
	At      time.Time `json:"at"` // when it began
	Target  string    `json:"target"`
	Took    Duration  `json:"took"`
	Answers []Answer  `json:"answers,omitempty"`
	Failure *Failure  `json:"failure,omitempty"` // nil: the read was good
}

// Answer is the last answer to one question of a read.
type Answer struct {
	Method string            `json:"method"`
	Host   string            `json:"host,omitempty"` // with its port, if the read has asked several
	Path   string            `json:"path"`           // of the address, without its query
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"` // those that matter to a reader
	JSON   json.RawMessage   `json:"json,omitempty"`   // the body, if it is JSON
	Text   string            `json:"text,omitempty"`   // the body, if it is not
	// Failure is why there is no answer, if the read has asked several hosts: it is then
	// about this one alone. The status is 0.
	Failure *Failure `json:"failure,omitempty"`
}

// Body returns the body of the answer.
func (a *Answer) Body() []byte {
	if a.JSON != nil {
		return a.JSON
	}
	return []byte(a.Text)
}

// Failure is why a read failed.
type Failure struct {
	Reason  string `json:"reason"` // a progress.Reason
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
}

// Duration is a time.Duration that is written as 1m30s.
type Duration time.Duration

// MarshalText writes the duration.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads the duration.
func (d *Duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	*d = Duration(parsed)
	return err
}
