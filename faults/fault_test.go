package faults

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"progress_exporter/collector/progress"
)

// marker is in every body, and must not be in a log or a series.
const marker = "text-of-the-body"

// notApplicable is the cell of a fault that a product cannot have.
const notApplicable = "–"

// fault is a row of the matrix: one way in which a product, or what stands before
// it, goes wrong.
type fault struct {
	name  string
	want  cell
	but   map[string]cell                                       // by column: what is otherwise there
	note  string                                                // what a person sees or does where nothing is logged
	start func(t *testing.T, p product, good http.Handler) site // plays the fault
	about subject
	hangs bool // the read lasts until the target's own timeout
	mute  bool // there is no word for the state that the log could say
	heavy bool // the answer is so large that it is not worth a debug view
	asks  int  // requests that two scrapes and a debug view make; 0: not counted
}

// subject is what has to be there for a fault to be possible.
type subject int

const (
	anything subject = iota // an address is enough
	values                  // a good answer in JSON, which the fault changes
)

// cell is what has to come of a fault: a reason, or that the target is up, and then
// how many series are left out at each read.
type cell string

const up cell = "up"

func reason(r progress.Reason) cell { return cell(r) }

// wanted returns the cell of a product.
func (f fault) wanted(p product) cell {
	if f.about == values && p.pages {
		return notApplicable
	}
	if c, ok := f.but[p.column]; ok {
		return c
	}
	return f.want
}

// speechless returns the fault as a mute one.
func (f fault) speechless() fault {
	f.mute = true
	return f
}

// large returns the fault as a heavy one.
func (f fault) large() fault {
	f.heavy = true
	return f
}

// except returns the fault with other cells for some columns.
func (f fault) except(but map[string]cell) fault {
	f.but = but
	return f
}

// site is where a fault is played.
type site struct {
	url      string
	ca       string        // in PEM: what the client trusts; empty: what the system trusts
	key      string        // the file of the client's credentials; empty: they are in the configuration
	requests *atomic.Int32 // nil: not counted
}

// faults returns the rows.
func faults() []fault {
	return slices.Concat(connectionFaults(), certificateFaults(), transferFaults(), statusFaults(), pageFaults(), valueFaults())
}

// serve starts an HTTP server that counts its requests.
func serve(t *testing.T, h http.Handler) site {
	t.Helper()
	s := site{requests: &atomic.Int32{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	s.url = server.URL
	return s
}

// answering plays a fault with a handler that knows nothing of the product.
func answering(h http.HandlerFunc) func(*testing.T, product, http.Handler) site {
	return func(t *testing.T, _ product, _ http.Handler) site { return serve(t, h) }
}

// asksForProgress reports whether a request is the one that all others lead to.
func asksForProgress(r *http.Request) bool {
	return strings.HasSuffix(strings.ToLower(r.URL.Path), "progress")
}
