package lives

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Print writes a line for each play: what fired, how long after its cause and how often,
// and what is wrong.
func Print(w io.Writer, results []Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "LIFE\tCONDITION\tALERTS\tDELAYS\tNUMBER\tWRONG")
	for _, r := range results {
		var alerts, delays []string
		for _, p := range pagesOf(&r) {
			alerts, delays = append(alerts, p.name), append(delays, p.delays())
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\n", r.Life, r.Condition,
			strings.Join(alerts, ", "), strings.Join(delays, ", "), len(r.Fired), wrongly(len(r.Wrong)))
	}
	return t.Flush()
}

func wrongly(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// page is what fired of one alert in a play.
type page struct {
	name   string
	delay  []time.Duration
	wanted bool
}

// pagesOf returns what fired, by alert, in the order in which it began.
func pagesOf(r *Result) []page {
	var pages []page
	for _, f := range r.Fired {
		name, wanted := f.Alert, f.Delay >= 0
		if !wanted {
			name += " (not wanted)"
		}
		at := slices.IndexFunc(pages, func(p page) bool { return p.name == name })
		if at < 0 {
			at = len(pages)
			pages = append(pages, page{name: name, wanted: wanted})
		}
		delay := f.Delay
		if !wanted {
			delay = f.At
		}
		pages[at].delay = append(pages[at].delay, delay)
	}
	return pages
}

// delays says after how long a page came, and how often if that is more than once.
func (p *page) delays() string {
	low, high := slices.Min(p.delay), slices.Max(p.delay)
	s := short(low)
	if high != low {
		s += "–" + short(high)
	}
	if n := len(p.delay); n > 1 {
		s = fmt.Sprintf("%d × %s", n, s)
	}
	return s
}

// short is a duration without the units that are zero.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// cell is a place in the document: a life, one of its pages, and a condition.
type cell struct{ life, page, condition string }

// silent is what a life without a page says.
const silent = "nothing"

// cells returns what plays say in the document.
func cells(results []Result) map[cell]string {
	said := map[cell]string{}
	for i := range results {
		r := &results[i]
		pages := pagesOf(r)
		for _, p := range pages {
			said[cell{r.Life, p.name, r.Condition}] = p.delays()
		}
		if len(pages) == 0 {
			said[cell{r.Life, silent, r.Condition}] = "silent"
		}
	}
	return said
}
