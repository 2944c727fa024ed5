// Package sestest is a fake of NAVER Cloud's Search Engine Service behind its API
// gateway, as far as the rolling upgrade goes. It follows the vendor's pages and
// shares nothing with the package that reads the product, so that they cannot share
// a mistake.
package sestest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/collectortest/drill"
)

// The names of the calls, which follow the path of a region.
const (
	Call     = "/cluster/getRollingUpgradeProgress"
	ListCall = "/cluster/getClusterInfoList"
)

// regions are the paths of the regions on the vendor's page.
var regions = []string{"/api/v2", "/api/sgn-v2", "/api/jpn-v2", "/api/krs-v2"}

// Node is a node of the cluster. Role is M (manager) or D (data).
type Node struct{ Hostname, Role string }

// Cluster is one of several clusters, with the story of its upgrade.
type Cluster struct {
	Number, Name string
	Drill        drill.Drill
}

// defaultNodes are the cluster if Server.Nodes is empty.
var defaultNodes = []Node{
	{"logs-prod-m-a1", "M"}, {"logs-prod-d-a2", "D"}, {"logs-prod-d-a3", "D"}, {"logs-prod-d-a4", "D"},
}

// Server is the fake product, an http.Handler. The zero value has one cluster that
// was never upgraded. Set its fields before it serves, and use its methods from
// then on.
type Server struct {
	// AccessKey and SecretKey are the keys that requests have to be signed with.
	// Empty: any keys.
	AccessKey, SecretKey string
	// Drill is the story of the upgrade, whichever cluster is asked for.
	Drill drill.Drill
	// Clusters are those that the keys may see, instead of the one of Drill. Nil: the list has
	// that one, with the number 3427188.
	Clusters []Cluster
	// Nodes are upgraded one after the other. Empty: a manager and three data nodes.
	Nodes []Node
	// Throttle refuses every request with HTTP 429 and asks for so long a pause, in
	// whole seconds. 0: none is refused.
	Throttle time.Duration
	// Now is the gateway's clock. Nil: time.Now.
	Now func() time.Time
	// Body gives the answer instead of all of the above. Nil: they do.
	Body func() (status int, body string)

	mu       sync.Mutex
	requests int
}

var _ http.Handler = (*Server)(nil)

// SetDrill changes Drill.
func (s *Server) SetDrill(d drill.Drill) { s.set(func() { s.Drill = d }) }

// SetClusters changes Clusters.
func (s *Server) SetClusters(list []Cluster) { s.set(func() { s.Clusters = list }) }

// SetThrottle changes Throttle.
func (s *Server) SetThrottle(pause time.Duration) { s.set(func() { s.Throttle = pause }) }

// SetBody changes Body.
func (s *Server) SetBody(body func() (status int, body string)) { s.set(func() { s.Body = body }) }

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// Requests returns how many requests there were, whatever they asked for.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// ServeHTTP answers as the product does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		panic(http.ErrAbortHandler) // nobody is left to be answered
	}
	now := time.Now()
	if s.Now != nil {
		now = s.Now()
	}
	status, body, pause := s.answer(r, string(content), now)
	if pause > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(pause/time.Second)))
	}
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// answer counts a request and returns its answer, and a pause that it asks for.
func (s *Server) answer(r *http.Request, content string, now time.Time) (status int, body string, pause time.Duration) {
	s.mu.Lock()
	number, all, throttle, own := s.requests, s.clusters(), s.Throttle, s.Body
	s.requests++
	one := s.asked(content)
	s.mu.Unlock()

	moment := one.Drill.At(number)
	switch refused := s.check(r, content, now); {
	case own != nil:
		status, body = own()
		return status, body, 0
	case throttle > 0:
		return http.StatusTooManyRequests, throttled, throttle
	case moment.Outage:
		return http.StatusServiceUnavailable, outage, 0
	case refused != nil:
		return refused.status, refused.body, 0
	}
	if isCall(r.URL.Path, ListCall) {
		return http.StatusOK, envelope(number, list(all, r.URL.Query())), 0
	}
	if one.Number == "" {
		return http.StatusOK, unknownCluster, 0
	}
	nodes := s.Nodes
	if len(nodes) == 0 {
		nodes = defaultNodes
	}
	return http.StatusOK, envelope(number, tell(one, moment, nodes)), 0
}

// envelope wraps a result as the service does.
func envelope(number int, result string) string {
	return fmt.Sprintf(`{"code":0,"message":"SUCCESS","result":%s,"requestId":"00000000-0000-4000-8000-%012d"}`, result, number)
}

// isCall reports whether a path is that of a call, in any region.
func isCall(path, call string) bool {
	for _, region := range regions {
		if strings.HasSuffix(path, region+call) {
			return true
		}
	}
	return false
}
