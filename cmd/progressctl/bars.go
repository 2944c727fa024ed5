package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"progress_exporter/collector"
	"progress_exporter/collector/progress"
)

// fullBar is the length of a bar at ratio 1.
const fullBar = 1000

// screen is the terminal with a bar for every job and every node.
type screen struct {
	out   *os.File
	paint paint
	bars  *mpb.Progress
	mu    sync.Mutex
	jobs  []*jobBar
}

// jobBar is the bar of a job and those of its nodes below it. What the bar says is
// made when it is drawn, so that the times go on between two reads.
type jobBar struct {
	bar     *mpb.Bar
	reading atomic.Pointer[collector.Reading]
	nodes   []*nodeBar
}

type nodeBar struct {
	bar  *mpb.Bar
	node atomic.Pointer[progress.Node]
}

// newScreen draws a bar for every job.
func newScreen(out *os.File, jobs []collector.Reading) *screen {
	s := &screen{out: out, paint: newPaint(out), bars: mpb.New(mpb.WithOutput(out))}
	for i := range jobs {
		j := &jobBar{}
		j.reading.Store(&jobs[i])
		j.bar = s.add(jobPriority(i), &barText{
			name:   func() string { return j.reading.Load().Target },
			share:  func() string { return percent(j.reading.Load().Report.Ratio) },
			kind:   func() string { return j.reading.Load().Kind() },
			detail: func() string { return detail(j.reading.Load(), time.Now()) },
		})
		s.jobs = append(s.jobs, j)
	}
	return s
}

// jobPriority leaves room for the nodes of a job before the next job.
func jobPriority(i int) int { return i * 1_000_000 }

// barText is what stands beside a bar. The functions are called when it is drawn.
type barText struct{ name, share, kind, detail func() string }

func (s *screen) add(priority int, t *barText) *mpb.Bar {
	text := func(f func() string) decor.DecorFunc {
		return func(decor.Statistics) string { return progress.Cut(printable(f()), maxBarText) }
	}
	coloured := func(padded string) string { return s.paint.by(strings.TrimSpace(padded), padded) }
	said := func(bar mpb.BarFiller) mpb.BarFiller { // an empty bar would say 0
		return mpb.BarFillerFunc(func(w io.Writer, stat decor.Statistics) error {
			if t.share() != absent {
				return bar.Fill(w, stat)
			}
			_, err := io.WriteString(w, strings.Repeat(" ", stat.AvailableWidth))
			return err
		})
	}
	bar := s.bars.New(0, mpb.BarStyle().Tip("="), mpb.BarPriority(priority), mpb.BarFillerMiddleware(said),
		mpb.PrependDecorators(decor.Meta(decor.Any(text(t.name), decor.WCSyncWidthR), fromTheLeft), decor.Any(text(t.share), decor.WCSyncSpace)),
		mpb.AppendDecorators(decor.Meta(decor.Any(text(t.kind), decor.WCSyncSpaceR), coloured), decor.Any(text(t.detail), decor.WCSyncWidthR)))
	bar.SetTotal(fullBar, false) // it ends with the watch, not when it is full
	return bar
}

// fromTheLeft begins a line at the left edge, where the cursor is not after
// somebody has typed, such as the ^C that ends the watch.
func fromTheLeft(name string) string { return "\r" + name }

// maxBarText bounds a text beside a bar, in bytes.
const maxBarText = 48

// show draws what a read of the i-th job brought. After a failed read the job stays
// where it was, and is said to be unreadable.
func (s *screen) show(i int, r collector.Reading) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[i]
	if r.Err != nil {
		r.Report = j.reading.Load().Report
	}
	j.reading.Store(&r)
	j.bar.SetCurrent(length(r.Report.Ratio))
	s.fit()
}

// fit gives every node a bar for which the terminal has a line.
func (s *screen) fit() {
	_, lines, err := term.GetSize(int(s.out.Fd()))
	if err != nil {
		lines = 24
	}
	left := max(lines-1-len(s.jobs), 0)
	for i, j := range s.jobs {
		nodes := j.reading.Load().Report.Nodes
		n := min(len(nodes), left)
		left -= n
		for len(j.nodes) > n {
			j.nodes[len(j.nodes)-1].bar.Abort(true)
			j.nodes = j.nodes[:len(j.nodes)-1]
		}
		for k := range n {
			if k == len(j.nodes) {
				j.nodes = append(j.nodes, s.addNode(jobPriority(i)+1+k, &nodes[k]))
			}
			j.nodes[k].node.Store(&nodes[k])
			j.nodes[k].bar.SetCurrent(length(nodes[k].Ratio))
		}
	}
}

func (s *screen) addNode(priority int, node *progress.Node) *nodeBar {
	n := &nodeBar{}
	n.node.Store(node)
	n.bar = s.add(priority, &barText{
		name:   func() string { return "  " + nodeName(n.node.Load()) },
		share:  func() string { return percent(n.node.Load().Ratio) },
		kind:   func() string { return n.node.Load().Status },
		detail: func() string { return n.node.Load().ErrorCode },
	})
	return n
}

// close draws everything a last time and leaves the cursor below it.
func (s *screen) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.jobs {
		j.bar.Abort(false)
		for _, n := range j.nodes {
			n.bar.Abort(false)
		}
	}
	s.bars.Wait()
}

func length(ratio *float64) int64 {
	if ratio == nil {
		return 0
	}
	return int64(*ratio * fullBar)
}

func nodeName(n *progress.Node) string { return cmp.Or(n.Name, n.ID) }

// detail says how fast a job is, how long it will take and when it moved.
func detail(r *collector.Reading, now time.Time) string {
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
		parts = append(parts, "left "+collector.Span(left))
	}
	parts = append(parts, "moved "+collector.Span(max(now.Sub(r.LastChange), 0))+" ago")
	return strings.Join(parts, ", ")
}
