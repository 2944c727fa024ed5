package session

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// many are so many different cookies.
func many(n int) []string {
	set := make([]string, n)
	for i := range set {
		set[i] = fmt.Sprintf("c%d=v", i)
	}
	return set
}

// The largest headers that fetch lets through, of 256 KiB, are read in no time, whatever
// fills them.
func TestHostileCookies(t *testing.T) {
	const header = 256 << 10
	for name, set := range map[string][]string{
		"different":  many(header / len("Set-Cookie: c12345=v\r\n")),
		"the same":   slices.Repeat([]string{"a=b"}, header/len("Set-Cookie: a=b\r\n")),
		"taken back": slices.Repeat([]string{"a=b", "a="}, header/len("Set-Cookie: a=b\r\nSet-Cookie: a=\r\n")),
		"attributes": {"a=b" + strings.Repeat(";a", header/2)},
	} {
		if got := len(Cookies(progress.Response{Header: http.Header{"Set-Cookie": set}})); got > maxCookies {
			t.Errorf("%s: %d cookies", name, got)
		}
	}
}

func TestCookies(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  []string
		want string // as they are sent back
	}{
		{"none", nil, ""},
		{"one", []string{"JSESSIONID=a; Path=/web; Secure; HttpOnly"}, "JSESSIONID=a"},
		{"two", []string{"A=1", "B=2"}, "A=1; B=2"},
		{"the last counts", []string{"CASTGC=; Max-Age=0", "CASTGC=x", "B=2", "CASTGC=y"}, "CASTGC=y; B=2"},
		{"taken back", []string{"A=1", "B=2", `A=""; Path=/`}, "B=2"},
		{"run out", []string{"A=1; Max-Age=0"}, ""},
		{"at most so many, the last", many(maxCookies + 2), strings.Join(many(maxCookies + 2)[2:], "; ")},
		{"each at most so large", []string{"A=1", "B=" + strings.Repeat("b", maxCookie-1), "C=" + strings.Repeat("c", maxCookie-2)}, "A=1; C=" + strings.Repeat("c", maxCookie-2)},
		{"a large one replaces none", []string{"A=1", "A=" + strings.Repeat("a", maxCookie)}, "A=1"},
		{"broken", []string{"=x", ";", "A=\x01"}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			sent := Header(Cookies(progress.Response{Header: http.Header{"Set-Cookie": tc.set}}))
			if diff := cmp.Diff(tc.want, sent.Get("Cookie")); diff != "" {
				t.Errorf("cookies (-want +got):\n%s", diff)
			}
		})
	}
}
