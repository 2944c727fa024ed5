package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// fullBar is the length of a bar at ratio 1.
const fullBar = 1000

// screen is the terminal with a bar on every line.
type screen struct {
	out   *os.File
	paint paint
	bars  *mpb.Progress
	mu    sync.Mutex
	jobs  []*status.Job // the last reading of each
	rows  []*row
	short bool // there were jobs for which the screen had no line
}

// row is a line of the screen. What it says is made when it is drawn.
type row struct {
	bar  *mpb.Bar
	line atomic.Pointer[line]
}

// newScreen draws jobs.
func newScreen(out *os.File, jobs []status.Job) *screen {
	s := &screen{out: out, paint: newPaint(out), bars: mpb.New(mpb.WithOutput(out))}
	for i := range jobs {
		s.jobs = append(s.jobs, &jobs[i])
	}
	s.fit()
	return s
}

// add adds a row below the others.
func (s *screen) add(l *line) {
	r := &row{}
	r.line.Store(l)
	text := func(f func() string) decor.DecorFunc {
		return func(decor.Statistics) string { return progress.Cut(printable(f()), maxBarText) }
	}
	coloured := func(padded string) string { return s.paint.by(strings.TrimSpace(padded), padded) }
	said := func(bar mpb.BarFiller) mpb.BarFiller { // an empty bar would say 0
		return mpb.BarFillerFunc(func(w io.Writer, stat decor.Statistics) error {
			if r.line.Load().ratio() != nil {
				return bar.Fill(w, stat)
			}
			_, err := io.WriteString(w, strings.Repeat(" ", stat.AvailableWidth))
			return err
		})
	}
	name := text(func() string { return r.line.Load().name() })
	share := text(func() string {
		if l := r.line.Load(); l.hidden == nil {
			return percent(l.ratio())
		}
		return ""
	})
	kind := text(func() string { return r.line.Load().kind() })
	detail := text(func() string { return r.line.Load().detail(time.Now()) })
	r.bar = s.bars.New(0, mpb.BarStyle().Tip("="), mpb.BarPriority(len(s.rows)), mpb.BarFillerMiddleware(said),
		mpb.PrependDecorators(decor.Meta(decor.Any(name, decor.WCSyncWidthR), fromTheLeft), decor.Any(share, decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.Meta(decor.Any(kind, decor.WCSyncSpaceR), coloured), decor.Any(detail, decor.WCSyncWidthR)))
	r.bar.SetTotal(fullBar, false) // it ends with the watch, not when it is full
	s.rows = append(s.rows, r)
}

// fromTheLeft begins a line at the left edge, where the cursor is not after
// somebody has typed, such as the ^C that ends the watch.
func fromTheLeft(name string) string { return "\r" + name }

// maxBarText bounds a text beside a bar, in bytes.
const maxBarText = 48

// show draws what a read of a target brought, or of a job that is named as TARGET/JOB. After
// a failed read a job stays where it was, and is said to be unreadable.
func (s *screen) show(name string, jobs []status.Job) {
	named := func(r *status.Job) bool { return r.Target == name || r.Title() == name }
	s.mu.Lock()
	defer s.mu.Unlock()
	last := map[string]*status.Job{}
	at := -1
	for i, r := range s.jobs {
		if !named(r) {
			continue
		}
		if last[r.JobID] = r; at < 0 {
			at = i
		}
	}
	shown := make([]*status.Job, len(jobs))
	for i := range jobs {
		r := &jobs[i]
		if old := last[r.JobID]; r.Err != nil && old != nil {
			r.Report = old.Report
		}
		shown[i] = r
	}
	s.jobs = slices.DeleteFunc(s.jobs, named)
	s.jobs = slices.Insert(s.jobs, max(at, 0), shown...)
	s.fit()
}

// fit gives every line of the terminal what it has to show.
func (s *screen) fit() {
	lines := layout(s.jobs, max(height(s.out)-1, 1))
	for len(s.rows) > len(lines) {
		last := len(s.rows) - 1
		s.rows[last].bar.Abort(true)
		s.rows = s.rows[:last]
	}
	for i, l := range lines {
		if i == len(s.rows) {
			s.add(l)
		}
		s.rows[i].line.Store(l)
		s.rows[i].bar.SetCurrent(length(l.ratio()))
		s.short = s.short || l.hidden != nil
	}
}

// height returns how many lines a terminal has; 0 if it does not say, or is none.
func height(out *os.File) int {
	columns, lines, err := term.GetSize(int(out.Fd()))
	if err != nil || columns <= 0 {
		return 0
	}
	return lines
}

// close draws everything a last time and leaves the cursor below it. Jobs for which
// there were no lines are not kept from the one who waited: all are listed then.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rows {
		r.bar.Abort(false)
	}
	s.bars.Wait()
	if !s.short {
		return
	}
	all := make([]status.Job, len(s.jobs))
	for i, r := range s.jobs {
		all[i] = *r
		all[i].Report.Nodes = nil
	}
	writeTable(s.out, all)
}

func length(ratio *float64) int64 {
	if ratio == nil {
		return 0
	}
	return int64(*ratio * fullBar)
}

func nodeName(n *progress.Node) string { return cmp.Or(n.Name, n.ID) }

// detail says how fast a job is, how long it will take and when it moved.
func detail(r *status.Job, now time.Time) string {
	var parts []string
	switch {
	case r.Err != nil:
		return string(r.Err.Reason)
	case !r.End.IsZero():
		return "ended " + r.End.Local().Format("15:04:05")
	case r.Ended:
		return "ended"
	case r.LastChange.IsZero():
		return ""
	}
	if r.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%.2g %%/min", r.Rate*100*60))
	}
	if left := r.Left(); left > 0 {
		parts = append(parts, "left "+status.Span(left)+inBrackets(r.LeftRange()))
	}
	parts = append(parts, "moved "+status.Span(max(now.Sub(r.LastChange), 0))+" ago")
	return strings.Join(parts, ", ")
}

// inBrackets returns a text as an aside; nothing stays nothing.
func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}
