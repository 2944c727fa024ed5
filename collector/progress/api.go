package progress

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// API is one product: a plug-in of the engine. A product package exports a
// function API() that returns one; whatever its targets share (sessions) lives in
// that value and so outlives a reload.
type API struct {
	// Name stands in the file as `api:` and in every series as the label api.
	Name string
	// ErrorCodes and NodeErrorCodes are the codes that the product documents for a
	// job and for a node. Their counters exist at 0 from the first scrape on.
	ErrorCodes, NodeErrorCodes []string
	// Families are the product's own metrics.
	Families []Family
	// Open checks a target's options and returns its Source. It does no I/O. Its
	// error says every option that is wrong.
	Open func(Target) (Source, error)
}

// MetricPrefix is what the names of the product's own metrics begin with: a dash in its
// name is none in that of a metric.
func (a *API) MetricPrefix() string {
	return "progress_" + strings.ReplaceAll(a.Name, "-", "_") + "_"
}

// Target is what the file says about one target, as far as its product needs it.
type Target struct {
	Name string
	URL  *url.URL // absolute http(s), without userinfo, query and fragment

	// Job replaces the job key of the options (/probe?job=): a command id, a
	// cluster's number, the name of a token's file. Empty: use the options.
	Job string

	// Options decodes the product's options, strictly: an unknown key is an error.
	Options func(into any) error
	// ReadFile reads a file that the configuration names, relative to it.
	ReadFile func(name string) ([]byte, error)
	// ReadDir returns the names of the files in a directory that the configuration names,
	// relative to it, in order: without hidden ones and directories.
	ReadDir func(name string) ([]string, error)
	// MaxJobs is how many jobs of a list are shown, at least 1. A source that asks for each
	// of them needs to ask for no more.
	MaxJobs int
	// Secrets learns what the target's credentials are, so that no text shows them.
	Secrets *Secrets
}

// Source reads one job, or a list of jobs if it is a Lister that says so.
type Source interface {
	// Progress asks the product once. It never logs, retries or sleeps, and it is
	// never called twice at the same time for one target and plan. The error is an
	// *Error with a Reason; anything else counts as Internal. Beside an error only
	// Report.Samples is used. What the product says, in a report or in an error, is handed
	// over as it came: not cut, not in quotes, and with whatever secret is in it.
	Progress(ctx context.Context, fetch Fetch) (Report, error)
}

// Lister is a Source that may read a list: one answer about many jobs, each of which is
// then a job of its own, with the label job_id.
type Lister interface {
	Source
	// Lists reports whether this source reads a list: its reports say what they have to say
	// in Report.Jobs. It does not change.
	Lists() bool
}

// Lists reports whether a source reads a list of jobs instead of one job.
func Lists(s Source) bool {
	l, ok := s.(Lister)
	return ok && l.Lists()
}

// Finder is a Source that can tell by itself whether there is its job, because the key of the
// job is in a file, for example.
type Finder interface {
	Source
	// Find returns an error if there is no such job: what is missing, and what to do. It asks
	// nobody.
	Find() error
}

// Fetch sends a request and reads the whole, bounded answer. It may be called by several
// goroutines, as Together does. Every HTTP status is
// a Response; only transport faults are errors, each an *Error with its Reason, beside
// which a Response has at most its Request. Redirects are not followed.
type Fetch func(*http.Request) (Response, error)

// Response is the answer to a request.
type Response struct {
	Status   int
	Header   http.Header
	Body     []byte        // valid until Progress returns, or the question of Together
	Received time.Time     // when it was there as a whole
	Request  *http.Request // as it was sent, with its credentials, for errors to name and to hide; may be nil
}
