package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

// tried is what try says, as JSON. The form is stable.
type tried struct {
	API    string         `json:"api"`
	Keys   []triedKey     `json:"keys"`
	State  string         `json:"state,omitempty"`
	Word   string         `json:"word,omitempty"`
	Jobs   map[string]int `json:"jobs,omitempty"` // of a list: how many in which state
	Series []string       `json:"series"`
	Unused []string       `json:"unused"`
	Error  string         `json:"error,omitempty"`
}

type triedKey struct {
	Key        string            `json:"key"`
	Expression string            `json:"expression"`
	Values     []described.Value `json:"values"`
	Error      string            `json:"error,omitempty"`
}

// maxValues bounds how many values of a key a table shows.
const maxValues = 3

// write says it to a person.
func (s *tried) write(p *program, untried int) {
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tTYPE\tVALUE")
	for _, k := range s.Keys {
		kinds, values := []string{}, []string{}
		for i, v := range k.Values {
			if i == maxValues {
				values = append(values, fmt.Sprintf("… (%d values)", len(k.Values)))
				break
			}
			kinds, values = append(kinds, v.Type), append(values, printable(v.JSON))
		}
		if k.Error != "" {
			kinds, values = []string{"error"}, []string{printable(k.Error)}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", printable(k.Key), cell(strings.Join(unique(kinds), ", ")), cell(strings.Join(values, "  ")))
	}
	_ = table.Flush()
	if s.State != "" {
		fmt.Fprintf(p.stdout, "\nSTATE\n%s, the product's word is %q\n", s.State, printable(s.Word))
	}
	if s.Jobs != nil {
		fmt.Fprintf(p.stdout, "\nJOBS\n%s\n", s.jobs())
	}
	fmt.Fprintln(p.stdout, "\nSERIES")
	for _, line := range s.Series {
		fmt.Fprintln(p.stdout, printable(line))
	}
	if len(s.Keys) > 0 {
		fmt.Fprintln(p.stdout, "\nNOT USED OF THE ANSWER")
		for _, path := range s.Unused {
			fmt.Fprintln(p.stdout, printable(path))
		}
		if len(s.Unused) == 0 {
			fmt.Fprintln(p.stdout, absent)
		}
		if untried > 0 {
			fmt.Fprintf(p.stdout, "and perhaps some of %d more values, which were not tried\n", untried)
		}
	}
	if s.Error != "" {
		p.complain("%s", printable(s.Error))
	}
}

// unique returns the texts without repetitions.
func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if len(out) == 0 || out[len(out)-1] != s {
			out = append(out, s)
		}
	}
	return out
}

// jobs says how many jobs a list has, and in which states they are.
func (s *tried) jobs() string {
	number, parts := 0, []string{}
	for _, state := range progress.States() {
		if n := s.Jobs[state.String()]; n > 0 {
			number += n
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	if number == 0 {
		return "none"
	}
	return fmt.Sprintf("%d jobs: %s", number, strings.Join(parts, ", "))
}
