package web

import (
	"net/http"
	"time"
)

const (
	// writePart is how much a client has to take at a time, in bytes, and writePatience
	// for how long it may take nothing.
	writePart     = 64 << 10
	writePatience = 5 * time.Second
	// writeSlowest is the least that a client has to take on average, in bytes a second,
	// after a patience that is given once.
	writeSlowest = 64 << 10
)

// paced is an answer whose client has to read: one that takes nothing for a while, or
// next to nothing for long, loses its connection, because it keeps others from being
// answered. One that is slow and goes on is waited for.
type paced struct {
	http.ResponseWriter
	deadline func(time.Time) error
	now      func() time.Time
	began    time.Time
	taken    int // bytes
	guest    *guest
}

// newPaced returns w, for the answer to r, with a client that has to read from now on.
func newPaced(w http.ResponseWriter, r *http.Request) *paced {
	in, ok := r.Context().Value(guestKey{}).(*guest)
	if !ok {
		in = &guest{deadline: http.NewResponseController(w).SetWriteDeadline} // which nobody looks at
	}
	return &paced{ResponseWriter: w, deadline: in.deadline, now: time.Now, began: time.Now(), guest: in}
}

// Unwrap is for http.ResponseController.
func (p *paced) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// Write writes in parts, each with its own deadline.
func (p *paced) Write(text []byte) (written int, err error) {
	for err == nil && written < len(text) {
		part := text[written:min(written+writePart, len(text))]
		var n int
		n, err = p.write(part)
		written, p.taken = written+n, p.taken+n
	}
	return written, err
}

// write writes a part, unless the place of the request went to another before. Should
// that happen now, the other one sees that a part is written, and ends it.
func (p *paced) write(part []byte) (int, error) {
	p.guest.writing.Store(time.Now().UnixMilli())
	defer p.guest.writing.Store(0)
	_ = p.deadline(p.until(len(part)))
	if p.guest.lost() {
		return 0, errOusted
	}
	return p.ResponseWriter.Write(part)
}

// until returns when the client must have taken so many bytes more.
func (p *paced) until(more int) time.Time {
	soon := p.now().Add(writePatience)
	average := p.began.Add(2*writePatience + time.Duration(p.taken+more)*time.Second/writeSlowest)
	if average.Before(soon) {
		return average
	}
	return soon
}
