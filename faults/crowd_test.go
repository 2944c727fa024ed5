package faults

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	crowdSize = 1000
	// crowdTimeout is the timeout of a scrape of the crowd. It takes as long only if it
	// fails: who hangs answers when everybody in health was asked.
	crowdTimeout = 30 * time.Second
)

// TestCrowd has many of a thousand targets of all products begin to hang at once, from
// a healthy past, until all those in health among them were asked: if they kept those
// waiting, no scrape would end by itself. Two Prometheus scrape at the same time, on
// /metrics or with a burst of a thousand probes each.
//
// With SOAK=1 in the environment (make soak) it plays every share of hanging targets.
func TestCrowd(t *testing.T) {
	t.Parallel()
	shares := []int{300}
	if os.Getenv("SOAK") != "" {
		shares = []int{64, 128, 300, 900}
	}
	for _, hanging := range shares {
		t.Run(fmt.Sprint("hanging=", hanging), func(t *testing.T) {
			c := newCrowd(t, hanging)
			for way, ask := range map[string]func(*testing.T) []string{"metrics": c.metrics, "probe": c.probes} {
				c.recover()
				c.want(t, way+", in health", ask, crowdSize)
				for n := range 2 { // the second time it is known who hangs
					c.assemble()
					c.want(t, fmt.Sprintf("%s, scrape %d of the outage", way, n+1), ask, crowdSize-hanging)
				}
				_, fams := c.scrape(t, crowdTimeout)
				for i := range crowdSize {
					if name := c.name(i); strings.HasPrefix(name, hangs) {
						fams.wantDown(t, name, "http_5xx") // what it says in the end
					}
				}
			}
		})
	}
}

// crowd is an exporter with many targets of all products.
type crowd struct {
	stage
	hanging  int
	mu       sync.Mutex
	unasked  map[string]bool // the healthy that were not asked yet
	everyone chan struct{}   // closed when all were
}

func newCrowd(t *testing.T, hanging int) *crowd {
	t.Helper()
	c := &crowd{hanging: hanging}
	c.recover()
	all := slices.DeleteFunc(products(), func(p product) bool { return p.pages })
	sites := make([]site, len(all))
	for i, p := range all {
		sites[i] = serve(t, c.play(p.good()))
		c.product.secrets = append(c.product.secrets, p.secrets...)
	}
	targets := make([]any, crowdSize)
	for i := range targets {
		p, at, name := all[i%len(all)], sites[i%len(all)], c.name(i)
		entry := p.entryOf(name, at, at.url, 8*deadline).(options)
		entry["http_client_config"].(options)["http_headers"] = options{crowdHeader: options{"values": []string{name}}}
		targets[i] = entry
	}
	c.load(t, targets)
	return c
}

// crowdHeader tells a product which target asks.
const crowdHeader = "X-Crowd"

const hangs = "hangs-"

// name returns the name of a target, which says whether it hangs in an outage; those
// that do are spread evenly.
func (c *crowd) name(i int) string {
	if (i+1)*c.hanging/crowdSize > i*c.hanging/crowdSize {
		return fmt.Sprint(hangs, i)
	}
	return fmt.Sprint("healthy-", i)
}

// assemble begins an outage, or the next scrape of it.
func (c *crowd) assemble() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unasked, c.everyone = map[string]bool{}, make(chan struct{})
	for i := range crowdSize {
		if name := c.name(i); !strings.HasPrefix(name, hangs) {
			c.unasked[name] = true
		}
	}
}

// recover ends an outage.
func (c *crowd) recover() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.everyone = nil
}

// play has a good product hang for some of those who ask, and counts the others.
func (c *crowd) play(good http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.Header.Get(crowdHeader)
		c.mu.Lock()
		everyone := c.everyone
		c.mu.Unlock()
		if everyone != nil && strings.HasPrefix(name, hangs) {
			select {
			case <-everyone:
				send(http.StatusServiceUnavailable, html)(w, r)
			case <-r.Context().Done():
			}
			return
		}
		good.ServeHTTP(w, r)
		if everyone != nil && asksForProgress(r) {
			c.count(name, everyone)
		}
	})
}

// count notes that a target in health was asked.
func (c *crowd) count(name string, everyone chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if everyone != c.everyone || !c.unasked[name] {
		return
	}
	delete(c.unasked, name)
	if len(c.unasked) == 0 {
		close(everyone)
	}
}

// metrics returns the expositions of a scrape of /metrics.
func (c *crowd) metrics(t *testing.T) []string {
	return []string{c.answer(t, c.exporter.Metrics(), "/metrics")}
}

// probes returns the expositions of a burst of probes, one for each target.
func (c *crowd) probes(t *testing.T) []string {
	probe, texts := c.exporter.Probe(), make([]string, crowdSize)
	var burst sync.WaitGroup
	for i := range texts {
		burst.Go(func() { texts[i] = c.answer(t, probe, "/probe?target="+c.name(i)) })
	}
	burst.Wait()
	return texts
}

func (c *crowd) answer(t *testing.T, h http.Handler, path string) string {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, request(t.Context(), path, crowdTimeout))
	if w.Code != http.StatusOK {
		t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// want scrapes from two places at once. In both, all of the healthy targets have to be
// read, and no other.
func (c *crowd) want(t *testing.T, when string, ask func(*testing.T) []string, up int) {
	t.Helper()
	var replicas sync.WaitGroup
	for range 2 {
		replicas.Go(func() {
			read := 0
			for _, text := range ask(t) {
				for line := range strings.Lines(text) {
					if strings.HasPrefix(line, "progress_up{") && strings.HasSuffix(line, "} 1\n") {
						read++
					}
				}
			}
			if read != up {
				t.Errorf("%s: %d targets were read, want %d", when, read, up)
			}
		})
	}
	replicas.Wait()
}
