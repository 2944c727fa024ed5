package progress

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// spelt returns a text as those who write texts spell it.
func spelt(t *testing.T, s string) map[string]string {
	t.Helper()
	quoted := func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[1 : len(b)-1])
	}
	units := func(format string) string {
		var b strings.Builder
		for _, r := range s {
			fmt.Fprintf(&b, format, r)
		}
		return b.String()
	}
	goQuoted, ascii := strconv.Quote(s), strconv.QuoteToASCII(s)
	return map[string]string{
		"raw":                    s,
		"JSON":                   quoted(s),
		"JSON in JSON":           quoted(quoted(s)),
		"JSON with \\/":          strings.ReplaceAll(quoted(s), "/", `\/`),
		"JSON, all of it \\u":    units(`\u%04x`),
		"JSON, all of it \\u, X": units(`\u%04X`),
		"Go":                     goQuoted[1 : len(goQuoted)-1],
		"Go, ASCII":              ascii[1 : len(ascii)-1],
		"query":                  url.QueryEscape(s),
		"path":                   url.PathEscape(s),
		"query, lower case":      lowerHex(url.QueryEscape(s)),
		"query in JSON":          quoted(url.QueryEscape(s)),
		"query twice":            url.QueryEscape(url.QueryEscape(s)),
		"HTML":                   html.EscapeString(s),
		"HTML, all of it":        units("&#x%x;"),
		"HTML in JSON":           quoted(html.EscapeString(s)),
	}
}

// lowerHex writes %2F as %2f.
func lowerHex(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' {
			b.WriteString(strings.ToLower(s[i : i+3]))
			i += 2
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func canaries() []string {
	return []string{
		`hunter2"quoted`, `hunter2\back\nslash`, "hunter2/slash//", "hunter2<&>'+%41", "hunter2-비밀번호-é", "hunter2 with spaces ",
		`a\"/<b>&c d%2Fé+\u0041`, longCanary(), `C:\new\table`,
	}
}

// longCanary has 1 000 bytes, and no part of it twice.
func longCanary() string {
	var b strings.Builder
	for i := 0; b.Len() < 1000; i++ {
		fmt.Fprintf(&b, "%d/x<%d+", i*7919, i)
	}
	return b.String()[:1000]
}

// Whoever spells a secret, in whichever way, shows nothing of it.
func TestTextHidesEverySpelling(t *testing.T) {
	for _, secret := range canaries() {
		s := NewSecrets([]string{secret}, nil)
		for name, said := range spelt(t, secret) {
			if got, want := s.Text("key ["+said+"] refused", 100), "key [<redacted>] refused"; got != want {
				t.Errorf("%q, %s: got %q, want %q", secret, name, got, want)
			}
			if got, want := s.Labels()("key ["+said+"]"), "key [<redacted>]"; got != want {
				t.Errorf("%q, %s, as a label: got %q, want %q", secret, name, got, want)
			}
			e := s.Error(&Error{Reason: APIError, Code: said, Message: "no " + said, Said: "of " + said})
			if got, want := e.Error(), `api "<redacted>": no <redacted>; the product says "of <redacted>"`; got != want {
				t.Errorf("%q, %s, as an error: got %q, want %q", secret, name, got, want)
			}
		}
	}
}

// Wherever a cut goes, nothing of a secret is before it.
func TestTextHidesBeforeTheCut(t *testing.T) {
	secret := "hunter2/" + strings.Repeat("é1<", 300)
	s := NewSecrets([]string{secret, "sh\"ort"}, nil)
	for _, n := range []int{1, 20, 128, 200, 1000, 2048} {
		for before := range 220 {
			got := s.Text(strings.Repeat(".", before)+secret, n)
			if want := Cut(strings.Repeat(".", before)+redacted, n); got != want {
				t.Fatalf("%d before a cut at %d: got %q, want %q", before, n, got, want)
			}
		}
	}
	escapedShort := `sh\u0022ort`
	for _, end := range []string{secret, secret[:100], escapedShort} {
		for off := range 64 {
			text := strings.Repeat(".", window-off) + strings.Repeat(end, 200)
			got := s.Text(text, 1<<20)
			if strings.Contains(strings.ReplaceAll(got, redacted, ""), "h") || strings.Contains(got, "é1") {
				t.Fatalf("%d before the end of what is looked at: %q", off, got[window-off-10:])
			}
		}
	}
}

// A product that cuts what it repeats shows nothing of a long secret either; a short
// one may be a word.
func TestTextHidesPartsOfLongSecrets(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiJ9.c2VjcmV0LXNlY3JldC1zZWNyZXQ"
	s := NewSecrets([]string{token, "hunter2"}, nil)
	for in, want := range map[string]string{
		"of " + token[:20] + "…":                   "of <redacted>…",
		"of …" + token[9:] + ".":                   "of …<redacted>.",
		token[:12] + " and " + token[30:42]:        "<redacted> and <redacted>",
		token[:11]:                                 token[:11],
		"hunter":                                   "hunter",
		token + token:                              "<redacted>",
		"hunter2hunter2":                           "<redacted><redacted>",
		"\xff\xfehunter2\xff":                      "\xff\xfe<redacted>\xff",
		`\ud83d\ude00 \ud83d \q % %zz & &bogus; \`: `\ud83d\ude00 \ud83d \q % %zz & &bogus; \`,
	} {
		if got := s.Text(in, 200); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got, want := s.Labels()(token[:20]), token[:20]; got != want {
		t.Errorf("a label that has a part in common: %q, want %q", got, want)
	}
}

// No part of a secret remains when another is its beginning, and a word is no secret.
func TestSecretsThatBeginAlike(t *testing.T) {
	s := NewSecrets([]string{"EXAMPLE", "EXAMPLE-and-more", "", "   ", "yes"}, nil)
	if got, want := s.Text("EXAMPLE-and-more, EXAMPLE, yes   no", 200), "<redacted>, <redacted>, yes   no"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := s.Error(Errorf(Auth, "EXAMPLE")).Message; got != "EXAMPLE" {
		t.Errorf("our own words: %q, want EXAMPLE, which is short", got)
	}
	if got := s.Labels()("EXAMPLE"); got != "EXAMPLE" {
		t.Errorf("a label: %q, want EXAMPLE, which is short", got)
	}
	public := NewSecrets(nil, []string{"production"}).With("production")
	if got := public.Labels()("production-1") + public.Text(" production-1", 99); got != "production-1 <redacted>-1" {
		t.Errorf("what is not called secret: %q", got)
	}
}

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

// Time stays bounded, whatever a product makes of what it was sent.
func TestRedactIsLinear(t *testing.T) {
	secret := strings.Repeat("a", 1000) + "b"
	s := NewSecrets([]string{secret}, nil)
	if got := s.Text(strings.Repeat("a", 4<<20), 200); got != Cut(redacted, 200) && !strings.HasPrefix(got, redacted) {
		t.Errorf("got %q", got)
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
