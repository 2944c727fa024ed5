package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"progress_exporter/replay"
)

// write writes a value as JSON, or what a person is told.
func (f *flags) write(to io.Writer, v any, table func(io.Writer)) error {
	var b bytes.Buffer
	if f.output == "json" {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		if err := e.Encode(v); err != nil {
			return err
		}
	} else {
		table(&b)
	}
	_, err := to.Write(b.Bytes())
	return err
}

const (
	clock = "2006-01-02 15:04:05"
	never = "-"
)

func writeResult(w io.Writer, life string, r *replay.Result) {
	fmt.Fprintf(w, "%s: %d reads of %s in %s, from %s to %s (UTC)\n", life, r.Reads, counted(r.Targets, "target"), replay.Short(r.To.Sub(r.From)), when(r.From), when(r.To))
	if r.Torn > 0 {
		fmt.Fprintf(w, "%d lines at the end of a file are torn and left out\n", r.Torn)
	}
	for _, g := range r.Gaps {
		fmt.Fprintf(w, "not recorded from %s to %s: played as if the exporter had not run\n", when(g.From), when(g.To))
	}
	for i := range r.Jobs {
		writeJob(w, &r.Jobs[i])
	}
	writeAlerts(w, r.Alerts)
}

func writeJob(w io.Writer, j *replay.Job) {
	fmt.Fprintf(w, "\n%s (%s)\n", printable(j.Title()), j.API)
	for _, s := range j.States {
		fmt.Fprintf(w, "  %s  %s\n", when(s.At), s.State)
	}
	moves := counted(j.Moves, "move")
	longest := j.Longest(false)
	switch {
	case longest.Length() == 0:
		fmt.Fprintf(w, "  %s, no standstill\n", moves)
	case longest.Healthy:
		fmt.Fprintf(w, "  %s; the longest standstill was %s, from %s to %s, then it went on\n", moves, replay.Short(longest.Length()), when(longest.From), when(longest.To))
	default:
		fmt.Fprintf(w, "  %s; the longest standstill was %s, from %s to the end\n", moves, replay.Short(longest.Length()), when(longest.From))
	}
}

func writeAlerts(w io.Writer, alerts []replay.Alert) {
	fmt.Fprintln(w)
	if len(alerts) == 0 {
		fmt.Fprintln(w, "no alert was pending or fired")
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ALERT\tSEVERITY\tTARGET\tPENDING\tFIRING\tRESOLVED")
	for i := range alerts {
		a := &alerts[i]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", a.Name, or(a.Labels["severity"]), or((&replay.Job{Target: a.Labels["target"], JobID: a.Labels["job_id"]}).Title()), when(a.Pending), given(a.Firing), given(a.Resolved))
	}
	_ = table.Flush() // into a buffer
	for i := range alerts {
		a := &alerts[i]
		if a.Firing == nil {
			continue
		}
		fmt.Fprintf(w, "\n%s at %s\n", a.Name, when(*a.Firing))
		for _, name := range slices.Sorted(maps.Keys(a.Texts)) {
			if !strings.Contains(name, "url") {
				fmt.Fprintf(w, "  %s\n", strings.ReplaceAll(printable(strings.TrimSpace(a.Texts[name])), "\n", "\n  "))
			}
		}
	}
}

func writeSweep(w io.Writer, s *replay.Sweep) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "STALL_AFTER\tPAGES\tFOR NOTHING\tWHEN")
	for _, t := range s.Thresholds {
		var at []string
		nothing := 0
		for _, p := range t.Pages {
			word := ""
			if p.Healthy {
				nothing++
				word = " for nothing"
			}
			at = append(at, fmt.Sprintf("%s %s%s", when(p.At), p.Title(), word))
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", t.Text, len(t.Pages), nothing, or(strings.Join(at, ", ")))
	}
	_ = table.Flush() // into a buffer
	fmt.Fprintf(w, "\n%s\n", s.Why)
	if s.Proposal != "" {
		fmt.Fprintf(w, "stall_after: %s\n", s.Proposal)
	}
}

// counted says how many of something there are.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func when(t time.Time) string { return t.UTC().Format(clock) }

func given(t *time.Time) string {
	if t == nil {
		return never
	}
	return when(*t)
}

func or(text string) string {
	if text == "" {
		return never
	}
	return printable(text)
}

// printable makes control characters visible that a product may have put into a text.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r >= 0x80 && r <= 0x9f {
			return '\uFFFD'
		}
		return r
	}, s)
}
