package fetch

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

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
				ctx, end := budget.Begin(t.Context())
				ends = append(ends, end)
				for range 2 { // of one read takes one place
					if err := read(ctx, way, MaxBody-1); err != nil {
						t.Fatal(err)
					}
				}
			}
			for _, size := range []int{smallBody / 2, mediumBody / 2} {
				ctx, end := budget.Begin(t.Context())
				if err := read(ctx, way, size); err != nil {
					t.Errorf("%d bytes: %v", size, err)
				}
				end()
			}
			over := newDeadline(t)
			close(over.up)
			ctx, end := budget.Begin(over)
			resp := &http.Response{Header: http.Header{}, ContentLength: -1, Body: io.NopCloser(strings.NewReader(strings.Repeat("x", MaxBody-1)))}
			_, err := readBody(ctx, resp)
			e := c.route.explain(ctx, forBody, err)
			if want := "timeout: the answer is large, and waited until the time was up for other large answers to be read and decoded; is this the right url?"; e.Error() != want {
				t.Errorf("got  %v\nwant %s", e, want)
			}
			end()
			waiting := make(chan error)
			ctx, end = budget.Begin(t.Context())
			go func() { waiting <- read(ctx, way, MaxBody-1) }()
			ends[0]()
			if err := <-waiting; err != nil {
				t.Error(err)
			}
			end()
			for _, end := range ends[1:] {
				end()
			}
			if len(budget.large) != 0 || len(budget.medium) != 0 {
				t.Errorf("%d large and %d medium places are still taken", len(budget.large), len(budget.medium))
			}
		})
	}
}

// Whoever waits for a large place holds none that another could use, so that they
// cannot wait for each other; nor does a read that was cancelled blame the product.
func TestWaitingHoldsNothing(t *testing.T) {
	budget := NewBudget()
	for range largeSlots {
		budget.large <- struct{}{}
	}
	over, cancel := context.WithCancel(t.Context())
	ctx, end := budget.Begin(over)
	if err := grow(ctx, mediumBody); err != nil || len(budget.medium) != 1 {
		t.Fatalf("%d medium places, want 1; %v", len(budget.medium), err)
	}
	cancel()
	err := grow(ctx, MaxBody)
	if e := (route{}).explain(ctx, forBody, err); e.Reason != progress.Internal || e.Message != "the read was cancelled: context canceled" {
		t.Errorf("got %v", e)
	}
	if len(budget.medium) != 0 {
		t.Errorf("%d medium places are held", len(budget.medium))
	}
	end()
	if len(budget.large) != largeSlots {
		t.Errorf("%d large places, want %d", len(budget.large), largeSlots)
	}
}
