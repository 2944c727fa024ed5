package soak

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Targets of each product. Guests are those of the target files, which come and go.
const (
	steady   = 12 // are in the plan all the time, unchanged
	changing = 1  // is changed by every reload
	slow     = 1  // hangs, and is not asked more than once in two seconds
	guests   = 3  // at the same time, of all products
	refused  = 2  // of all products: nobody listens there
)

// site is the products' side of the soak, and the configuration that names it.
type site struct {
	*testing.T
	dir    string
	url    string // of all jobs, each under its name
	steady []*job
	others []*job
}

// newSite starts the products and writes the first configuration.
func newSite(t *testing.T) *site {
	s := &site{T: t, dir: t.TempDir()}
	mux := http.NewServeMux()
	add := func(kind string, n int, p product) *job {
		j := &job{name: fmt.Sprintf("%s-%s-%d", kind, p.api, n), product: p, offset: len(s.steady) + len(s.others), failures: failures()}
		mux.Handle("/"+j.name+"/", j)
		return j
	}
	for _, p := range products() {
		for i := range steady {
			s.steady = append(s.steady, add("steady", i, p))
		}
		for i := range changing {
			j := add("changing", i, p)
			j.oneShot = true // the plans before and after a change have a connection each
			s.others = append(s.others, j)
		}
		for i := range slow {
			j := add("slow", i, p)
			j.failures = hanging()
			s.others = append(s.others, j)
		}
		s.others = append(s.others, add("guest", 0, p))
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL
	if err := os.Mkdir(filepath.Join(s.dir, "jobs.d"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.writeMain(0)
	return s
}

// file is the main file.
func (s *site) file() string { return filepath.Join(s.dir, "targets.yml") }

// permanent returns how many targets are always there.
func (s *site) permanent() int { return len(s.steady) + 4*(changing+slow) + refused }

// writeMain writes the main file. Its number is in the timeout of what changes.
func (s *site) writeMain(number int) {
	var text strings.Builder
	text.WriteString("target_files: ['jobs.d/*.yml']\ntargets:\n")
	for _, j := range s.steady {
		s.target(&text, j.name, j, "timeout: 1m")
	}
	for _, j := range s.others {
		switch kind, _, _ := strings.Cut(j.name, "-"); kind {
		case "changing":
			s.target(&text, j.name, j, fmt.Sprintf("timeout: %ds", 60+number%60))
		case "slow":
			s.target(&text, j.name, j, "timeout: 50ms, min_interval: 2s")
		}
	}
	for i := range refused { // port 1 is tcpmux, which nobody has
		fmt.Fprintf(&text, "- {name: refused-%d, api: mongosync, url: 'http://127.0.0.1:1'}\n", i)
	}
	s.write("targets.yml", text.String())
}

// writeGuest writes a target file with a target that nobody has seen before.
func (s *site) writeGuest(number int) {
	var guest []*job
	for _, j := range s.others {
		if strings.HasPrefix(j.name, "guest") {
			guest = append(guest, j)
		}
	}
	var text strings.Builder
	text.WriteString("targets:\n")
	s.target(&text, fmt.Sprintf("guest-%d", number), guest[number%len(guest)], "timeout: 1m")
	s.write(guestFile(number), text.String())
}

// spoilGuest makes nonsense of a target file; what it held stays.
func (s *site) spoilGuest(number int) { s.write(guestFile(number), "nonsense") }

// removeGuest removes a target file.
func (s *site) removeGuest(number int) {
	s.Helper()
	if err := os.Remove(filepath.Join(s.dir, guestFile(number))); err != nil {
		s.Error(err)
	}
}

func guestFile(number int) string { return fmt.Sprintf("jobs.d/%d.yml", number) }

func (s *site) target(text *strings.Builder, name string, j *job, more string) {
	fmt.Fprintf(text, "- {name: %s, api: %s, url: '%s/%s%s', %s", name, j.product.api, s.url, j.name, j.product.path, more)
	if j.product.options != "" {
		text.WriteString(", options: " + j.product.options)
	}
	text.WriteString("}\n")
}

// write replaces a file by renaming.
func (s *site) write(name, text string) {
	s.Helper()
	path := filepath.Join(s.dir, name)
	if err := os.WriteFile(path+".tmp", []byte(text), 0o600); err != nil {
		s.Error(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		s.Error(err)
	}
}
