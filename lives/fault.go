package lives

import (
	"fmt"
	"net/http"
	"time"
)

// Fault is a stretch in which a product does not answer as it should.
type Fault struct {
	Span
	Kind FaultKind
}

// FaultKind is what goes wrong.
type FaultKind int

// The kinds of faults.
const (
	Down      FaultKind = iota // nobody answers
	Flapping                   // nobody answers one read in four
	Refused                    // the credentials are refused
	Throttled                  // every read is refused as one too many
	Sixth                      // one read in six is
)

// What a product asks for that refuses a read as one too many: all of them, or one of them.
const (
	longPause  = time.Minute
	shortPause = time.Second
)

// spoil answers in the place of a product while a fault lasts. Which read it is follows
// from the time, so that a client that asks again at once gets the same answer.
func spoil(p *Part, interval time.Duration, since func() time.Duration, product http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := since()
		read := int(at / interval)
		for _, f := range p.Faults {
			if !f.in(at) {
				continue
			}
			switch f.Kind {
			case Flapping:
				if read%4 == 3 {
					panic(http.ErrAbortHandler)
				}
			case Down:
				panic(http.ErrAbortHandler)
			case Refused:
				answer(w, p.Product.refusal)
				return
			case Throttled:
				throttle(w, p.Product, longPause)
				return
			case Sixth:
				if read%6 == 5 {
					throttle(w, p.Product, shortPause)
					return
				}
			}
		}
		product.ServeHTTP(w, r)
	})
}

func throttle(w http.ResponseWriter, p *Product, pause time.Duration) {
	w.Header().Set("Retry-After", fmt.Sprint(int(pause/time.Second)))
	answer(w, p.throttled)
}

// reply is a status and a body.
type reply struct {
	status int
	body   string
}

func answer(w http.ResponseWriter, r reply) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(r.status)
	_, _ = fmt.Fprint(w, r.body)
}
