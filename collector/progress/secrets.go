package progress

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Secrets is what the texts about one target must not show: what its configuration
// holds, what its credentials were when they were last used, and what its requests were
// sent with. It is the one place in which a product's text is made fit to be shown. A
// product cannot go around it, because nothing that a read returns is shown before; so
// a product hands over texts as they came, whole and not in quotes. What is cut or
// escaped first, no search finds again.
//
// It is safe for concurrent use. A nil Secrets knows none.
type Secrets struct {
	fixed  []string
	public []string

	mu       sync.Mutex
	revealed map[string]string // by option
	sent     []string          // by this read, or set in its answers
	before   []string          // sent by the read before
	made     *redactors        // nil: before they are needed, or of other secrets
}

// redactors take out the secrets as they were when they were made. They are usually the
// same at each read, and so kept.
type redactors struct {
	sent, before []string // that they were made for
	free         *redactor
	labels       func(raw string) string
}

// NewSecrets returns the Secrets of a target. Fixed is what the configuration holds;
// public is what requests are sent with and its owner does not call secret, which
// labels may therefore show.
func NewSecrets(fixed, public []string) *Secrets {
	return &Secrets{fixed: fixed, public: public}
}

// With returns Secrets that know more.
func (s *Secrets) With(more ...string) *Secrets {
	if s == nil {
		return NewSecrets(more, nil)
	}
	return &Secrets{fixed: append(s.all(), more...), public: s.public}
}

// reveal remembers what a credential is now.
func (s *Secrets) reveal(option, value string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.revealed[option] == value {
		return
	}
	if s.revealed == nil {
		s.revealed = map[string]string{}
	}
	s.revealed[option], s.made = value, nil
}

// Learn remembers a secret that no request was sent with yet, such as the token that a
// login brought. What says what it is; the last one of it is kept.
func (s *Secrets) Learn(what, value string) { s.reveal(what, value) }

// Ask asks a source once, and returns a report whose texts are still the product's
// (Label, Text), or an error that may be shown. Beside an error only the samples count.
func (s *Secrets) Ask(ctx context.Context, source Source, fetch Fetch) (Report, *Error) {
	if s != nil {
		s.mu.Lock()
		s.before, s.sent = s.sent, nil
		s.mu.Unlock()
		ctx = context.WithValue(ctx, secretsKey{}, s)
	}
	report, err := source.Progress(ctx, s.Watch(fetch))
	if err != nil {
		return Report{Samples: report.Samples}, s.Error(err)
	}
	return report, nil
}

// Watch returns a fetch that remembers what passes through it.
func (s *Secrets) Watch(fetch Fetch) Fetch {
	if s == nil || fetch == nil {
		return fetch
	}
	return func(req *http.Request) (Response, error) {
		if ctx := req.Context(); ctx.Value(secretsKey{}) != s { // unless it is of Ask
			req = req.WithContext(context.WithValue(ctx, secretsKey{}, s))
		}
		resp, err := fetch(req)
		found := append(Credentials(cmp.Or(resp.Request, req)), CookieValues(resp.Header)...)
		if len(found) > 0 {
			slices.Sort(found) // as the read before, whose headers had another order
			s.mu.Lock()
			s.sent = append(s.sent, found...)
			s.mu.Unlock()
		}
		return resp, err
	}
}

type secretsKey struct{}

// Reveal tells the Secrets, if there are any, behind the context of a request that was
// sent through Watch, of a user and a password that go elsewhere than into the request, as
// those for an OAuth2 token do. The last ones are remembered.
func Reveal(ctx context.Context, user, password string) {
	s, ok := ctx.Value(secretsKey{}).(*Secrets)
	if !ok {
		return
	}
	for i, value := range BasicAuth(user, password) {
		s.reveal(fmt.Sprint("beside the request: ", i), value)
	}
}

// all returns every secret, sorted.
func (s *Secrets) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allLocked()
}

func (s *Secrets) allLocked() []string {
	if len(s.fixed)+len(s.revealed)+len(s.sent)+len(s.before) == 0 { // as for a product without credentials
		return nil
	}
	all := slices.Concat(s.fixed, slices.Collect(maps.Values(s.revealed)), s.sent, s.before)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(v string) bool { return strings.TrimSpace(v) == "" })
}

// free returns what redacts texts that a product says freely. It is a copy of what is
// kept: parts of long secrets, once they are looked for, take room.
func (s *Secrets) free() redactor {
	if s == nil {
		return redactor{}
	}
	return *s.redactors().free
}

// Text returns what a product says freely without secrets, and then cut to n bytes.
func (s *Secrets) Text(raw string, n int) string {
	free := s.free()
	return Cut(free.redact(raw), n)
}

// Whole returns a text of a product without secrets and without a cut, for a file that is
// to hold all of it. It takes time in proportion to the text, which has to be bounded.
func (s *Secrets) Whole(raw string) string {
	free := s.free()
	return free.all(raw)
}

// Labels returns a function that takes secrets out of what is a label, such as a node's
// name. It takes out whole ones only: names may well have a part in common with one.
func (s *Secrets) Labels() func(raw string) string {
	if s == nil {
		return unchanged
	}
	return s.redactors().labels
}

func unchanged(raw string) string { return raw }

// redactors returns those for the secrets as they are now.
func (s *Secrets) redactors() *redactors {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made != nil && slices.Equal(s.made.sent, s.sent) && slices.Equal(s.made.before, s.before) {
		return s.made
	}
	all := s.allLocked()
	s.made = &redactors{sent: s.sent, before: s.before, free: newRedactor(all, minSecret, true), labels: unchanged}
	secret := slices.DeleteFunc(all, func(v string) bool { return slices.Contains(s.public, v) })
	if labels := newRedactor(secret, minInWords, false); len(labels.whole) > 0 {
		s.made.labels = labels.redact
	}
	return s.made
}

// Credentials returns what may be secret in the header of a request.
func Credentials(sent *http.Request) []string {
	if sent == nil {
		return nil
	}
	var found []string
	for name, values := range sent.Header {
		if slices.Contains(harmless, name) {
			continue
		}
		for _, v := range values {
			_, behind, _ := strings.Cut(v, " ") // the scheme, such as Bearer
			found = append(found, v, behind)
		}
	}
	for _, c := range sent.Cookies() {
		found = append(found, c.Value)
	}
	if user, password, ok := sent.BasicAuth(); ok {
		found = append(found, BasicAuth(user, password)...)
	}
	return found
}

// harmless are headers that tell nothing.
var harmless = []string{"Accept", "Content-Type", "User-Agent", "X-Language"}

// BasicAuth returns what is secret about a user and a password, as basic
// authentication spells them.
func BasicAuth(user, password string) []string {
	both := user + ":" + password
	return []string{password, both,
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(both)), "="),
		strings.TrimRight(base64.URLEncoding.EncodeToString([]byte(both)), "=")}
}

// MaxCookies is how many cookies of an answer are known as secrets: each is looked for in
// every text.
const MaxCookies = 100

// CookieValues returns the values of the first cookies that an answer sets, each of which
// may be a session.
func CookieValues(answer http.Header) []string {
	var values []string
	set := answer["Set-Cookie"]
	for _, line := range set[:min(len(set), MaxCookies)] {
		if c, err := http.ParseSetCookie(line); err == nil {
			values = append(values, c.Value)
		}
	}
	return values
}
