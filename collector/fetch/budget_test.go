package fetch

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// sized answers with as many bytes as the header X-Size says, in the way X-Way says.
func sized(t *testing.T) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.Header.Get("X-Size"))
		body := strings.Repeat("x", size)
		switch r.Header.Get("X-Way") {
		case "announced":
			w.Header().Set("Content-Length", strconv.Itoa(size))
		case "compressed":
			w.Header().Set("Content-Encoding", "gzip")
			body = zipped(t, strings.NewReader(body))
		default:
			w.(http.Flusher).Flush() // in chunks
		}
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server
}

// However an answer comes, a large one waits while large ones take all places, a
// smaller one does not, and what is freed is enough for it.
func TestBudget(t *testing.T) {
	server, c := sized(t), newClient(t, config.HTTPClientConfig{})
	read := func(ctx context.Context, way string, size int) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
		if err != nil {
			return err
		}
		req.Header.Set("X-Way", way)
		req.Header.Set("X-Size", strconv.Itoa(size))
		resp, err := c.Do(req)
		if err == nil && len(resp.Body) != size {
			t.Errorf("%s: %d bytes, want %d", way, len(resp.Body), size)
		}
		return err
	}
	for _, way := range []string{"announced", "in chunks", "compressed"} {
		t.Run(way, func(t *testing.T) {
			budget := NewBudget()
			var ends []func()
			for range largeSlots {
				ctx, end := budget.Begin(t.Context(), time.Minute)
				ends = append(ends, end)
				for range 2 { // of one read takes one place
					if err := read(ctx, way, MaxBody-1); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, size := range []int{smallBody / 2, mediumBody / 2} {
				ctx, end := budget.Begin(t.Context(), time.Minute)
				if err := read(ctx, way, size); err != nil {
					t.Errorf("%d bytes: %v", size, err)
				}
				end()
			}
			over := newDeadline(t)
			close(over.up)
			ctx, end := budget.Begin(over, time.Minute)
			resp := &http.Response{Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(strings.NewReader(strings.Repeat("x", MaxBody-1)))}
			_, err := readBody(ctx, resp)
			e := c.route.explain(ctx, forBody, err)
			if want := "timeout: the answer is large, and waited until the time was up for other large answers to be read and decoded; is this the right url?"; e.Error() != want {
				t.Errorf("got  %v\nwant %s", e, want)
			}
			end()
			waiting := make(chan error)
			ctx, end = budget.Begin(t.Context(), time.Minute)
			go func() { waiting <- read(ctx, way, MaxBody-1) }()
			ends[0]()
			if err := <-waiting; err != nil {
				t.Error(err)
			}
			end()
			for _, end := range ends[1:] {
				end()
			}
			if len(budget.large.taken) != 0 || len(budget.medium.taken) != 0 {
				t.Errorf("%d large and %d medium places are still taken", len(budget.large.taken), len(budget.medium.taken))
			}
		})
	}
}

// Whoever waits for a large place holds none that another could use, so that they
// cannot wait for each other; nor does a read that was cancelled blame the product.
func TestWaitingHoldsNothing(t *testing.T) {
	budget := NewBudget()
	for range largeSlots {
		<-budget.large.free
	}
	over, cancel := context.WithCancel(t.Context())
	ctx, end := budget.Begin(over, time.Minute)
	if err := grow(ctx, mediumBody); err != nil || len(budget.medium.taken) != 1 {
		t.Fatalf("%d medium places, want 1; %v", len(budget.medium.taken), err)
	}
	cancel()
	err := grow(ctx, MaxBody)
	if e := (route{}).explain(ctx, forBody, err); e.Reason != progress.Internal || e.Message != "the read was cancelled: context canceled" {
		t.Errorf("got %v", e)
	}
	if len(budget.medium.taken) != 0 {
		t.Errorf("%d medium places are held", len(budget.medium.taken))
	}
	end()
	if len(budget.large.free) != 0 {
		t.Errorf("%d large places are free, want 0", len(budget.large.free))
	}
}

// trickle is a body whose first bytes are there at once, while the rest comes one by one
// until the read is over.
type trickle struct {
	ctx   context.Context
	first int
}

func (b *trickle) Read(p []byte) (int, error) {
	if b.first > 0 {
		n := min(len(p), b.first)
		b.first -= n
		return n, nil
	}
	select {
	case <-time.After(100 * time.Millisecond):
		p[0] = 'x'
		return 1, nil
	case <-b.ctx.Done():
		return 0, b.ctx.Err()
	}
}

func (b *trickle) Close() error { return nil }

// Products whose answers trickle keep large answers out for a second or two, not until
// their own timeout; while nobody waits, they may take all of it.
func TestTrickleGivesWay(t *testing.T) {
	for size, n := range map[int]int{smallBody + 1: mediumSlots, mediumBody + 1: largeSlots} {
		synctest.Test(t, func(t *testing.T) {
			budget := NewBudget()
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			failed := make(chan error, n)
			for range n {
				go func() {
					within, end := budget.Begin(ctx, time.Minute)
					defer end()
					_, err := readBody(within, &http.Response{Header: http.Header{}, ContentLength: int64(2 * size), Body: &trickle{within, size}})
					failed <- (route{}).explain(within, forBody, err)
				}()
			}
			time.Sleep(30 * time.Second)
			synctest.Wait()
			if len(failed) != 0 {
				t.Fatalf("%v, although nobody waited", <-failed)
			}
			within, end := budget.Begin(ctx, time.Minute)
			began := time.Now()
			body, err := readBody(within, &http.Response{Header: http.Header{}, ContentLength: int64(size), Body: io.NopCloser(strings.NewReader(strings.Repeat("x", size)))})
			if took := time.Since(began); len(body) != size || err != nil || took > 2*placeTurn {
				t.Errorf("%d bytes after %v, %v; want %d within two seconds", len(body), took, err, size)
			}
			want := "timeout: the answer is large and came at less than 256 KiB a second while other large answers waited for its place; is the product overloaded, or the line slow?"
			if err := <-failed; err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if len(failed) != 0 {
				t.Errorf("one more has lost its place")
			}
			end()
			cancel()
			synctest.Wait()
		})
	}
}

// Questions that a read asks at the same time take a place each, and free it at their own
// end; one that loses its place ends alone.
func TestPartsOfARead(t *testing.T) {
	budget := NewBudget()
	ctx, end := budget.Begin(t.Context(), time.Minute)
	defer end()
	split := ctx.Value(progress.PartKey{}).(func(context.Context) (context.Context, func()))
	first, firstEnd := split(ctx)
	second, secondEnd := split(ctx)
	for _, part := range []context.Context{first, second} {
		if err := grow(part, MaxBody); err != nil {
			t.Fatal(err)
		}
	}
	if len(budget.large.taken) != 2 {
		t.Errorf("%d large places are taken, want one for each of two questions", len(budget.large.taken))
	}
	firstEnd()
	if len(budget.large.taken) != 1 || first.Err() == nil || second.Err() != nil {
		t.Errorf("%d large places are taken behind the first question, %v, %v", len(budget.large.taken), first.Err(), second.Err())
	}
	secondEnd()
	if len(budget.large.taken) != 0 || ctx.Err() != nil {
		t.Errorf("%d large places are taken behind both, %v", len(budget.large.taken), ctx.Err())
	}
}
