package collectortest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Canaries returns secrets with whatever may be spelled in more than one way: quotes,
// backslashes, slashes, <&>, other scripts, blanks, and 1 000 bytes.
func Canaries() []string {
	var long strings.Builder
	for i := 0; long.Len() < 1000; i++ {
		fmt.Fprintf(&long, `c%dN/<%d"+`, i*7919, i)
	}
	return []string{`canary"1"quoted`, `canary\2\back`, "canary/3//slashes", "canary<4>&amp;'%41", "canary-5-비밀번호-é", "canary 6 with  blanks", long.String()[:1000]}
}

// Quoted returns a text as JSON has it, without the quotes.
func Quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string is always JSON
	}
	return string(b[1 : len(b)-1])
}

// spellings are the ways to put a secret between the quotes of a JSON text. They are
// written without a look at the code that finds secrets.
var spellings = map[string]func(secret string) string{
	"as JSON":         Quoted,
	"with \\/":        func(s string) string { return strings.ReplaceAll(Quoted(s), "/", `\/`) },
	"with \\u00xx":    func(s string) string { return units(s, `\u%04x`) },
	"with \\u00XX":    func(s string) string { return units(s, `\u%04X`) },
	"as JSON in JSON": func(s string) string { return Quoted(Quoted(s)) },
	"as Go":           func(s string) string { return Quoted(strings.Trim(strconv.Quote(s), `"`)) },
	"as a query":      func(s string) string { return Quoted(url.QueryEscape(s)) },
	"as a path":       func(s string) string { return Quoted(url.PathEscape(s)) },
	"as a query, %2f": func(s string) string {
		return Quoted(strings.NewReplacer("%2F", "%2f", "%5C", "%5c", "%3C", "%3c", "%3E", "%3e").Replace(url.QueryEscape(s)))
	},
	"as HTML":       func(s string) string { return Quoted(html.EscapeString(s)) },
	"as basic auth": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(kitUser + ":" + s)) },
	"as basic auth, \\/": func(s string) string {
		return strings.ReplaceAll(base64.StdEncoding.EncodeToString([]byte(kitUser+":"+s)), "/", `\/`)
	},
}

// Spellings returns a secret as it may stand between the quotes of a JSON text, in every
// way that the kit knows.
func Spellings(secret string) []string {
	var spelt []string
	for _, name := range slices.Sorted(maps.Keys(spellings)) {
		spelt = append(spelt, spellings[name](secret))
	}
	return spelt
}

func units(s, format string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, format, r)
	}
	return b.String()
}

// long is the length from which on no part of a secret may be shown, and part how much
// of it that is.
const (
	long = 32
	part = 12
)

// Search looks for a secret in what is shown, in every spelling.
type Search struct {
	whole  []string
	parts  map[string]bool
	begins [1 << 16]bool // the first two bytes of a part, so that most of a text costs little
}

// NewSearch returns the search for a secret.
func NewSearch(secret string) *Search {
	s := &Search{parts: map[string]bool{}}
	add := func(spelt string) {
		s.whole = append(s.whole, spelt)
		for i := 0; len(secret) >= long && i+part <= len(spelt); i++ {
			s.parts[spelt[i:i+part]] = true
			s.begins[pair(spelt, i)] = true
		}
	}
	add(secret)
	for _, spell := range spellings {
		add(spell(secret))
	}
	return s
}

func pair(s string, at int) int { return int(s[at])<<8 | int(s[at+1]) }

// Find returns what it finds of the secret in a text that may be HTML or hold quoted
// texts; nothing if there is nothing.
func (s *Search) Find(text string) string {
	unquote := strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\/`, `/`)
	readings := []string{text}
	for _, read := range []string{html.UnescapeString(text), unquote.Replace(text), unquote.Replace(unquote.Replace(text))} {
		if read != text {
			readings = append(readings, read)
		}
	}
	for _, shown := range readings {
		for _, spelt := range s.whole {
			if strings.Contains(shown, spelt) {
				return spelt
			}
		}
		for i := 0; len(s.parts) > 0 && i+part <= len(shown); i++ {
			if s.begins[pair(shown, i)] && s.parts[shown[i:i+part]] {
				return shown[i : i+part]
			}
		}
	}
	return ""
}
