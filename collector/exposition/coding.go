package exposition

import (
	"net/http"
	"strconv"
	"strings"
)

// identity is the content coding of an answer that is not compressed.
const identity = "identity"

// coding returns the content coding of an answer: identity, gzip or zstd, whichever the
// client likes best, and of equals the first. The client that likes none of them gets
// identity.
func coding(h http.Header) string {
	best, likes := identity, 0.0
	for _, offer := range [...]string{identity, "gzip", "zstd"} {
		for _, value := range h["Accept-Encoding"] {
			for part := range strings.SplitSeq(value, ",") {
				name, q := weight(part)
				if (name == offer || name == "*") && q > likes {
					best, likes = offer, q
				}
			}
		}
	}
	return best
}

// weight takes one part of an Accept-Encoding header apart, such as "gzip;q=0.5".
// What is malformed has no weight.
func weight(part string) (name string, q float64) {
	name, param, ok := strings.Cut(part, ";")
	name = strings.TrimSpace(name)
	if !ok {
		return name, 1
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(param), "q=")
	q, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || !(q >= 0 && q <= 1) {
		return name, 0
	}
	return name, q
}
