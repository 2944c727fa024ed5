package web

import (
	_ "embed" // the page and its style
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-kit/log/level"

	"progress_exporter/collector/palette"
)

//go:embed page.gohtml
var pageTemplate string

//go:embed page.css
var pageLayout string

// pageStyle returns the page's whole style.
func pageStyle() string { return Style() + pageLayout + palette.Style() }

// pageRefresh is after how many seconds the page is reloaded: Prometheus'
// usual scrape interval, because nothing new is known before the next scrape.
const pageRefresh = 15

// pageRows is how many targets a page shows, and pageNodes how many nodes of each: a
// browser, and the exporter, has to hold them all.
const (
	pageRows  = 100
	pageNodes = 50
)

// page is what the template shows: a part of the targets.
type page struct {
	Style   template.CSS
	Refresh int    // seconds; 0: never
	Only    string // the one kind that is shown; empty: all
	Rows    []part
	Number  int // of this page, from 1
	Pages   int
	all     []*row
}

// part is a row of the page. What belongs to one migration stands together.
type part struct {
	*row
	of    *migration
	Whole *migration // that stands above this row, because it is the first part; else nil
}

// IsPart reports whether the row is one of several of a migration.
func (p part) IsPart() bool { return p.of.Name != "" }

// newPage returns what a request's query asks for of the targets: those of one kind, or all,
// and of these a page. What wants a look comes first.
func newPage(all []*row, query url.Values) *page {
	p := &page{Style: template.CSS(pageStyle()), Refresh: pageRefresh, all: all}
	if query.Get("refresh") == "off" {
		p.Refresh = 0
	}
	if kind := query.Get("kind"); palette.Urgency(kind) >= 0 { // of another word there is no target
		p.Only = kind
	}
	var shown []part
	for _, m := range migrations(all) {
		for _, r := range m.Parts {
			if p.Only == "" || r.Kind() == p.Only {
				shown = append(shown, part{row: r, of: m})
			}
		}
	}
	p.Pages = max((len(shown)+pageRows-1)/pageRows, 1)
	number, _ := strconv.Atoi(query.Get("page")) // what is no number is the first page
	p.Number = min(max(number, 1), p.Pages)
	p.Rows = shown[(p.Number-1)*pageRows : min(p.Number*pageRows, len(shown))]
	for i := range p.Rows {
		if r := &p.Rows[i]; r.of.Name != "" && (i == 0 || p.Rows[i-1].of != r.of) {
			r.Whole = r.of
		}
	}
	return p
}

// Link returns the address of a page of the same targets, with the reloading that refresh asks for.
func (p *page) Link(number int, refresh bool) string { return link(p.Only, number, refresh) }

// Filter returns the address of the first page of the targets of a kind; empty: of all.
func (p *page) Filter(kind string) string { return link(kind, 1, p.Refresh > 0) }

func link(kind string, number int, refresh bool) string {
	q := url.Values{}
	if kind != "" {
		q.Set("kind", kind)
	}
	if number > 1 {
		q.Set("page", strconv.Itoa(number))
	}
	if !refresh {
		q.Set("refresh", "off")
	}
	return "?" + q.Encode()
}

// Numbers returns the numbers of all pages.
func (p *page) Numbers() []int {
	numbers := make([]int, p.Pages)
	for i := range numbers {
		numbers[i] = i + 1
	}
	return numbers
}

// tally is how many targets are of one kind.
type tally struct {
	Kind   string
	Number int
}

// Summary counts the targets by kind; what wants a look comes first.
func (p *page) Summary() []tally {
	number := map[string]int{}
	for _, r := range p.all {
		number[r.Kind()]++
	}
	var list []tally
	for _, k := range palette.Kinds() {
		if number[k.Word] > 0 {
			list = append(list, tally{k.Word, number[k.Word]})
		}
	}
	return list
}

// Page answers /targets: what is known about every target, for a person. It asks
// no product, so it shows what the last scrape brought. With ?refresh=off the page
// stays as it is, to be read in peace; ?page=2 is the second of several, and
// ?kind=failed shows the targets of one kind only.
func (h *Handlers) Page() http.Handler {
	tmpl := template.Must(template.New("page").Parse(pageTemplate))
	policy := pagePolicy(pageStyle())
	gate := h.newGate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, leave, ok := h.enter(gate, handlerTargets, w, r, maxScrape)
		if !ok {
			return
		}
		defer leave()
		p := newPage(rows(h.reader.Known(h.plan().Targets), h.opts.Now()), r.URL.Query())
		setPageHeader(w.Header(), policy)
		if err := tmpl.Execute(newPaced(w, r), p); err != nil {
			_ = level.Warn(h.opts.Logger).Log("msg", "cannot answer /targets", "err", err)
		}
	})
}
