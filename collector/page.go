package collector

import (
	"crypto/sha256"
	_ "embed" // the page and its style
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"

	"github.com/go-kit/log/level"
)

//go:embed page.gohtml
var pageTemplate string

//go:embed page.css
var pageStyle string

// pageRefresh is after how many seconds the page loads itself again: Prometheus'
// usual scrape interval, because nothing new is known before the next scrape.
const pageRefresh = 15

// page is what the template shows.
type page struct {
	Style   template.CSS
	Refresh int // seconds; 0: never
	Rows    []*row
}

// tally is how many targets are of one kind.
type tally struct {
	Kind   string
	Number int
}

// Summary counts the targets by kind; what wants a look comes first.
func (p *page) Summary() []tally {
	number := map[string]int{}
	for _, r := range p.Rows {
		number[r.Kind()]++
	}
	var list []tally
	for _, k := range Kinds() {
		if number[k] > 0 {
			list = append(list, tally{k, number[k]})
		}
	}
	return list
}

// Page answers /targets: what is known about every target, for a person. It asks
// no product, so it shows what the last scrape brought. With ?refresh=off the page
// stays as it is, to be read in peace.
func (e *Exporter) Page() http.Handler {
	tmpl := template.Must(template.New("page").Parse(pageTemplate))
	policy := pagePolicy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := page{Style: template.CSS(pageStyle), Refresh: pageRefresh, Rows: rows(e.Known(), e.opts.Now())}
		if r.URL.Query().Get("refresh") == "off" {
			p.Refresh = 0
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if err := tmpl.Execute(w, &p); err != nil {
			_ = level.Warn(e.opts.Logger).Log("msg", "cannot answer /targets", "err", err)
		}
	})
}

// pagePolicy returns a Content-Security-Policy that lets the page have its own
// style and nothing else: no script, no image, no frame, no form, no other host.
func pagePolicy() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
}
