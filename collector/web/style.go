package web

import (
	"crypto/sha256"
	_ "embed" // the style
	"encoding/base64"
	"fmt"
	"net/http"
)

//go:embed style.css
var style string

// Style returns the CSS that all pages for people share: light and dark, on a screen and on
// a phone.
func Style() string { return style }

// setPageHeader says of a page that it is one, that nobody should keep it, and by what
// policy it is shown.
func setPageHeader(header http.Header, policy string) {
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cache-Control", "no-store")
}

// pagePolicy returns a Content-Security-Policy that lets a page have its own style and
// nothing else: no script, no image, no frame, no form, no other host.
func pagePolicy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}
