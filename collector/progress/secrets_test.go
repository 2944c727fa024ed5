package progress

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
)

// source plays one for Ask.
type source func(context.Context, Fetch) (Report, error)

func (s source) Progress(ctx context.Context, fetch Fetch) (Report, error) { return s(ctx, fetch) }

// Whatever a request is sent with, whatever an answer sets and whatever a credential is
// read to be is known, in this read and in the next.
func TestAskLearns(t *testing.T) {
	s := NewSecrets(nil, nil)
	file := "hunter2-of-a-file"
	tg := Target{Secrets: s, ReadFile: func(string) ([]byte, error) { return []byte(file + "\n"), nil }}
	inline, err := tg.Credential("key", NewSecret("hunter2-inline"), "")
	if err != nil {
		t.Fatal(err)
	}
	read := tg.FileCredential("token_file", "token")
	fetch := func(r *http.Request) (Response, error) {
		sent := r.Clone(r.Context())
		sent.SetBasicAuth("user", "hunter2 of the client")
		return Response{Request: sent, Header: http.Header{"Set-Cookie": {"s=hunter2-session"}}}, nil
	}
	const echo = "hunter2-of-a-file, hunter2-inline, hunter2 of the client, dXNlcjpodW50ZXIyIG9mIHRoZSBjbGllbnQ=, hunter2-session, hunter2-header"
	ask := func(fetches bool) string {
		_, failed := s.Ask(t.Context(), source(func(ctx context.Context, fetch Fetch) (Report, error) {
			for _, c := range []Credential{inline, read} {
				if _, err := c(); err != nil {
					return Report{}, err
				}
			}
			if fetches {
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://h/", nil)
				if err != nil {
					return Report{}, err
				}
				req.Header.Set("X-Key", "hunter2-header")
				if _, err := fetch(req); err != nil {
					return Report{}, err
				}
			}
			return Report{}, &Error{Reason: APIError, Said: echo}
		}), fetch)
		return failed.Message
	}
	if got := ask(false); strings.Contains(got, file) || strings.Contains(got, "hunter2-inline") {
		t.Errorf("credentials are shown: %s", got)
	}
	for range 2 {
		if got, want := ask(true), `; the product says "<redacted>, <redacted>, <redacted>,<redacted>, <redacted>, <redacted>"`; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got, want := ask(false), `; the product says "<redacted>, <redacted>, <redacted>,<redacted>, <redacted>, <redacted>"`; got != want {
		t.Errorf("the read after it: got %s, want %s", got, want)
	}
	file = "hunter2-rotated"
	if got, want := ask(false), `; the product says "hunter2-of-a-file, <redacted>, hunter2 of the client`; !strings.HasPrefix(got, want) {
		t.Errorf("after a rotation: got %s, want %s", got, want)
	}
}

// Nothing of an error outlives it that could hold on to an answer.
func TestErrorIsBounded(t *testing.T) {
	long := strings.Repeat("é", 1<<20)
	for _, reason := range []Reason{APIError, Internal} {
		e := NewSecrets([]string{"hunter2-hunter2"}, nil).Error(&Error{Reason: reason, Code: long, Message: long, Said: long, Err: errors.New("hunter2-hunter2" + long)})
		if len(e.Code) > maxCode || len(e.Message) > maxMessage+maxSaid+50 || e.Said != "" {
			t.Errorf("%s: code of %d, message of %d, said of %d bytes", reason, len(e.Code), len(e.Message), len(e.Said))
		}
		if reason != Internal {
			if e.Err != nil {
				t.Errorf("%s keeps its cause", reason)
			}
			continue
		}
		if got := e.Err.Error(); len(got) > maxCause || !strings.HasPrefix(got, "<redacted>é") {
			t.Errorf("the cause has %d bytes and begins with %.40q", len(got), got)
		}
	}
	var none *Secrets
	if got := none.Error(&Error{Reason: Contract, Message: "m", Said: "s"}); got.Message != `m; the product says "s"` {
		t.Errorf("without secrets: %v", got)
	}
	if got := none.With("hunter2").Text("hunter2", 99); got != redacted {
		t.Errorf("none with one: %q", got)
	}
}

// What takes secrets out is kept as long as they are the same, and no longer.
func TestSecretsKept(t *testing.T) {
	s := NewSecrets([]string{"configured"}, nil)
	long := strings.Repeat("0123456789abcdef", 4)
	ask := func(credential string) {
		t.Helper()
		req := &http.Request{Header: http.Header{"Authorization": {"Bearer " + credential}, "X-Key": {"key-" + credential}}}
		fetch := s.Watch(func(*http.Request) (Response, error) { return Response{}, nil })
		s.mu.Lock()
		s.before, s.sent = s.sent, nil // as Ask does
		s.mu.Unlock()
		if _, err := fetch(req); err != nil {
			t.Fatal(err)
		}
	}
	check := func(text, want string) {
		t.Helper()
		if got := s.Text(text, 1000); got != want {
			t.Errorf("of %s is shown %s, want %s", text, got, want)
		}
		if got := s.Labels()(text); got != want {
			t.Errorf("of the label %s is shown %s, want %s", text, got, want)
		}
	}
	check("with first-credential, configured", "with first-credential, <redacted>")
	ask("first-credential")
	check("with first-credential, configured", "with <redacted>, <redacted>")
	ask("first-credential")
	kept := s.redactors()
	for range 20 { // the order of a header's names is another each time
		ask("first-credential")
		if s.redactors() != kept {
			t.Fatal("the same secrets made others necessary")
		}
	}
	ask(long)
	check(long+" after first-credential", "<redacted> after <redacted>")
	if got, want := s.Text(strings.Repeat("x", 70)+long[:20], 1000), strings.Repeat("x", 70)+"<redacted>"; got != want {
		t.Errorf("of a part is shown %s, want %s", got, want)
	}
	if s.redactors().free.index != nil {
		t.Error("the index of a text's fragments is kept")
	}
	ask("last-credential")
	check("first-credential", "first-credential")
	s.reveal("token", "of the options")
	check("of the options, last-credential", "<redacted>, <redacted>")
	s.reveal("token", "of new options")
	check("of the options, of new options", "of the options, <redacted>")
}
