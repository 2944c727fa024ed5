// Package scripttest holds what the test scripts of more than one program use.
package scripttest

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// Slow is a mongosync that answers when it is told to. A script finds it in the
// value "slow".
type Slow struct {
	asked   chan struct{} // one for each request
	release chan struct{} // closed: answer
	once    sync.Once
}

// NewSlow returns a Slow that does not answer yet.
func NewSlow() *Slow {
	return &Slow{asked: make(chan struct{}, 100), release: make(chan struct{})}
}

// ServeHTTP answers an idle mongosync's progress once it is released.
func (s *Slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked <- struct{}{}
	select {
	case <-s.release:
	case <-r.Context().Done():
	}
	_, _ = io.WriteString(w, `{"progress":{"state":"IDLE","canCommit":false},"success":true}`)
}

// Asked is a script's command `asked`: waits until the slow product has been asked
// once more.
func Asked(ts *testscript.TestScript, _ bool, _ []string) {
	select {
	case <-ts.Value("slow").(*Slow).asked:
	case <-time.After(20 * time.Second):
		ts.Fatalf("the slow product was not asked")
	}
}

// Release is a script's command `release`: lets the slow product answer.
func Release(ts *testscript.TestScript, _ bool, _ []string) {
	s := ts.Value("slow").(*Slow)
	s.once.Do(func() { close(s.release) })
}

// Until is a script's command `until [-not] REGEXP URL`: asks until somebody answers
// and a line of the body matches, or none does.
func Until(ts *testscript.TestScript, _ bool, args []string) {
	not := args[0] == "-not"
	if not {
		args = args[1:]
	}
	pattern := regexp.MustCompile("(?m)" + args[0])
	var last string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		body, err := Page(args[1])
		if err == nil && pattern.MatchString(body) != not {
			return
		}
		last = fmt.Sprint(body, err)
	}
	ts.Fatalf("%s: waited in vain for %s (not: %v) in\n%s", args[1], args[0], not, last)
}

// Page returns the body of a page.
func Page(address string) (string, error) {
	resp, err := http.Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

// Expand is a script's command `expand FILE…`: replaces $NAME in files by the
// script's environment.
func Expand(ts *testscript.TestScript, _ bool, files []string) {
	for _, f := range files {
		text := os.Expand(ts.ReadFile(f), ts.Getenv)
		ts.Check(os.WriteFile(ts.MkAbs(f), []byte(text), 0o600))
	}
}
