package web

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// stuck is how long a client may read nothing of its answer while others wait for its
// place.
const stuck = time.Second

// gate bounds the requests of one kind that are answered at a time. One client cannot
// take all places from the others: when it is full, a client from elsewhere takes a
// place from the host that has the most, and any client takes the place of one that
// does not read.
type gate struct {
	most int
	full string // what is said to who is refused, with a verb for most

	mu     sync.Mutex
	guests []*guest // as they came
}

// guest is a request that is being answered, and its context.
type guest struct {
	context.Context
	from     string // the client's host, or network
	cancel   context.CancelFunc
	deadline func(time.Time) error // for writing
	writing  atomic.Int64          // since when the client has to take what is written now, in Unix milliseconds; 0: nothing is
	ousted   atomic.Bool           // the place went to another
	before   *guest                // of the gate that was entered before this one; nil: none
}

// lost reports whether this place, or one before it, went to another.
func (in *guest) lost() bool {
	return in.ousted.Load() || in.before != nil && in.before.lost()
}

// newGate returns a gate for so many requests; 0: no bound. Full is what is said to who is
// refused.
func newGate(most int, full string) *gate {
	if most <= 0 {
		most = math.MaxInt
	}
	return &gate{most: most, full: full}
}

var errOusted = errors.New("the client's place went to another")

type guestKey struct{}

// Value returns the guest itself for its key.
func (in *guest) Value(key any) any {
	if key == (guestKey{}) {
		return in
	}
	return in.Context.Value(key)
}

// enter lets a request in until leave, and returns it with a context that ends after
// timeout, or when its place goes to another; or says why not.
func (g *gate) enter(w http.ResponseWriter, r *http.Request, timeout time.Duration) (*http.Request, *guest, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	from := network(r.RemoteAddr)
	if len(g.guests) >= g.most {
		other := g.worst(from)
		if other == nil {
			return nil, nil, fmt.Errorf(g.full+" (--web.max-requests); try again later", g.most)
		}
		g.oust(other)
	}
	in := &guest{from: from, deadline: http.NewResponseController(w).SetWriteDeadline}
	in.before, _ = r.Context().Value(guestKey{}).(*guest)
	in.Context, in.cancel = context.WithTimeout(r.Context(), timeout)
	_ = in.deadline(time.Now().Add(timeout + writePatience)) // what the server grants is for short answers
	g.guests = append(g.guests, in)
	return r.WithContext(in), in, nil
}

// leave is the end of what enter began. It reports whether the place went to another
// before.
func (g *gate) leave(in *guest) (ousted bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	in.cancel()
	g.remove(in)
	return in.ousted.Load()
}

// worst returns the guest whose place a client from that host takes, or nil if the
// client is refused. It is one that does not read, unless its host has fewer places than
// the client's; else the first of the host that has the most places, if that one still
// has at least as many as the client's then.
func (g *gate) worst(from string) (worst *guest) {
	places := map[string]int{}
	for _, in := range g.guests {
		places[in.from]++
	}
	own := places[from]
	for _, in := range g.guests {
		n := places[in.from]
		if n >= own && in.stuck() {
			return in
		}
		if n > own+1 && (worst == nil || n > places[worst.from]) {
			worst = in
		}
	}
	return worst
}

// oust ends a request whose place goes to another.
func (g *gate) oust(in *guest) {
	in.ousted.Store(true)
	in.cancel()
	if in.writing.Load() != 0 {
		_ = in.deadline(time.Now())
	}
	g.remove(in)
}

func (g *gate) remove(in *guest) {
	for i, other := range g.guests {
		if other == in {
			g.guests = append(g.guests[:i], g.guests[i+1:]...)
			return
		}
	}
}

func (in *guest) stuck() bool {
	since := in.writing.Load()
	return since != 0 && time.Since(time.UnixMilli(since)) > stuck
}

// network returns the host of a client. An IPv6 network of 64 bits counts as one host,
// because one machine may use all of its addresses.
func network(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote // as of a socket that is no network's
	}
	addr := at.Addr().Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
