package main

import (
	"fmt"
	"strconv"
	"strings"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
)

// kindNumber is the number that stands for a kind of job: 1 for what wants a look
// most, so that a table that is sorted by it has trouble on top.
func kindNumber(word string) int { return palette.Urgency(word) + 1 }

// kindNames says what the numbers mean.
func kindNames() mapping {
	names := map[string]mapped{}
	for place, k := range palette.Kinds() {
		names[strconv.Itoa(place+1)] = mapped{Text: k.Word, Color: k.Fill, Index: place}
	}
	return mapping{Type: "value", Options: names}
}

// stateIs keeps the jobs that were last read in one of the states.
func (s scope) stateIs(states ...progress.State) string {
	matcher := fmt.Sprintf("state=%q", states[0])
	if len(states) > 1 {
		words := make([]string, len(states))
		for i, state := range states {
			words[i] = state.String()
		}
		matcher = fmt.Sprintf("state=~%q", strings.Join(words, "|"))
	}
	return s.lately("progress_state", matcher) + " == 1"
}

// goesOn keeps the jobs that are known to go on.
func (s scope) goesOn() string {
	var active []progress.State
	for _, state := range progress.States() {
		if state.Active() {
			active = append(active, state)
		}
	}
	return s.stateIs(active...)
}

// The bounds of an estimate: when a job will be done at its present speed, and the range
// around it.
const (
	early  = "early"
	likely = "likely"
	late   = "late"
)

// expected is when a job will be done, as the exporter estimates it: the one source of
// every time left. A job that has stalled, or does not run, has none, also while the
// grace keeps the estimate of an earlier read.
func (s scope) expected(bound string) string {
	return fmt.Sprintf("(max without (bound) (%s) unless %s and ignoring (state) %s)", s.lately("progress_estimated_end_timestamp_seconds", fmt.Sprintf("bound=%q", bound)),
		s.lately("progress_stalled")+" == 1", s.stateIs(progress.Running))
}

func (s scope) deadline() string { return s.lately("progress_deadline_timestamp_seconds") }

// late keeps the jobs that will miss their deadline, or have missed it and go on.
func (s scope) late() string {
	return fmt.Sprintf("(%s) and ignoring (state) (%s > %s or %[3]s < time())", s.goesOn(), s.expected(likely), s.deadline())
}

// jobKind is the number of each job's kind.
func (s scope) jobKind() string { return s.kinds(identity, s.stateIs(progress.Ready)) }

// kinds numbers jobs by what is said of them; the most urgent counts. What one exporter
// can read is not unreadable because another cannot.
func (s scope) kinds(by, ready string) string {
	var parts []string
	for _, k := range palette.Kinds() {
		number := kindNumber(k.Word)
		switch k.Word {
		case palette.CannotBeRead, palette.NotRead:
			continue
		case palette.Stalled:
			parts = append(parts, fmt.Sprintf("0 * (%s == 1) + %d", s.lately("progress_stalled"), number))
		case palette.Late:
			parts = append(parts, fmt.Sprintf("0 * (%s) + %d", s.late(), number))
		case progress.Ready.String():
			parts = append(parts, fmt.Sprintf("0 * (%s) + %d", ready, number))
		default:
			state, _ := progress.ParseState(k.Word)
			parts = append(parts, fmt.Sprintf("0 * (%s) + %d", s.stateIs(state), number))
		}
	}
	return fmt.Sprintf("min by (%s) (\n    %s\n)\nor 0 * (max by (%[1]s) (%[3]s) == 0) + %[4]d", by,
		strings.Join(parts, "\n  or\n    "), s.of("progress_up"), kindNumber(palette.CannotBeRead))
}
