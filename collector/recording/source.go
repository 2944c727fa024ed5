package recording

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"progress_exporter/collector/progress"
)

// Recorder keeps the reads of one target.
type Recorder struct {
	Target  string // its name
	Secrets *progress.Secrets
	Now     func() time.Time
	Keep    func(Read) // is called behind each read
}

// Source returns a source that reads as the given one does, and records it.
func (r *Recorder) Source(of progress.Source) progress.Source { return &recorded{r, of} }

type recorded struct {
	*Recorder
	of progress.Source
}

// Lists reports whether the source reads a list of jobs: one answer, and so one recorded
// read, for all of them.
func (s *recorded) Lists() bool { return progress.Lists(s.of) }

// Progress reads and records.
func (s *recorded) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	read := Read{At: s.Now(), Target: s.Target}
	var mu sync.Mutex // a source may ask several questions at a time
	var passed []Exchange
	report, err := s.of.Progress(ctx, func(req *http.Request) (progress.Response, error) {
		resp, err := fetch(req)
		x := Exchange{Request: req, Response: resp}
		if x.Response.Body = bytes.Clone(resp.Body); err != nil {
			x.Response.Status = 0 // what was sent has to be known all the same
			x.Err = s.Secrets.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		passed = append(passed, x)
		return resp, err
	})
	if errors.Is(ctx.Err(), context.Canceled) {
		return report, err // the recording ends, which is no answer of the product
	}
	read.Took = Duration(s.Now().Sub(read.At))
	read.Answers = Answers(s.Secrets, passed)
	if err != nil {
		read.Failure = newRedactor(s.Secrets, passed).failure(s.Secrets.Error(err))
	}
	s.Keep(read)
	return report, err
}
