package progress

import (
	"encoding/json"
	"fmt"
	"html"
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

// Time stays bounded, whatever a product makes of what it was sent.
func TestRedactIsLinear(t *testing.T) {
	secret := strings.Repeat("a", 1000) + "b"
	s := NewSecrets([]string{secret}, nil)
	if got := s.Text(strings.Repeat("a", 4<<20), 200); got != Cut(redacted, 200) && !strings.HasPrefix(got, redacted) {
		t.Errorf("got %q", got)
	}
}
