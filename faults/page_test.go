package faults

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const preface = `# Faults

For whoever wants to know what a failure looks like before it happens: what the exporter reports when something goes wrong between it and a
product. Written by a test (` + "`make faults UPDATE=-update`" + `) from what it observed: every
cell was played over a real socket, with a healthy target of the same product beside it, which was read each time.

- A word such as ` + "`timeout`" + ` is the label ` + "`reason`" + ` of ` + "`progress_scrape_failure`" + `. Nothing is said of the job then, and one line is logged
  however often the read fails so. The last column is its ` + "`err`" + ` for a target of logpresso, without what was asked of whom.
- ` + "`up`" + ` is a target that was read; with a state if that is not the one that the product meant; and with how many of its series were left out
  at each read, as ` + "`progress_exporter_dropped_series_total`" + ` counts them, and how many fields were unreadable, as ` + "`progress_exporter_unreadable_fields_total`" + ` does.
- – is a fault that cannot be: a login page has no JSON.

In each case the answer is valid and comes within the scrape timeout. It holds no secret, and of a body nothing but the words that are
labels; nor does the log, where only a product's own error message is quoted, cut and escaped. ` + "`/probe?debug=true`" + ` shows no secret either.

A body of 100 MB raises the peak of the exporter's memory by at most 16 MiB, eight at once by 80 MiB. 300 targets that each answer
with 4 MB of nodes, beside 100 healthy ones that are read, take less than 300 MiB in all (up to 179 MiB were measured): at most 4 answers of more
than 256 KiB are read and decoded at a time, and smaller ones do not wait for them. Targets that hang harm
nobody: of 1 000 of which any share hangs, at once and from a healthy past, all others are read in every scrape ([robustness.md](robustness.md)).
An HTTP/2 connection whose packets vanish costs one read.

`

// page is the table as Markdown.
func page(rows []fault, columns []product, observed [][]played) string {
	var out strings.Builder
	out.WriteString(preface)
	out.WriteString("| fault |")
	for _, p := range columns {
		fmt.Fprintf(&out, " %s |", p.column)
	}
	out.WriteString(" what a person reads |\n|---|" + strings.Repeat("---|", len(columns)+1) + "\n")
	for i, f := range rows {
		fmt.Fprintf(&out, "| %s |", f.name)
		for _, p := range observed[i] {
			fmt.Fprintf(&out, " %s |", p.cell.code())
		}
		fmt.Fprintf(&out, " %s |\n", observed[i][0].text(f))
	}
	return out.String()
}

// Where a text is cut depends on the time.
var place = regexp.MustCompile(`(at byte|after) \d+`)

// port is that of a server of the test.
var port = regexp.MustCompile(`(//127\.0\.0\.1):\d+`)

// code is the cell with its words set as code.
func (c cell) code() string {
	if c == notApplicable {
		return string(c)
	}
	return word.ReplaceAllString(string(c), "`$0`")
}

var word = regexp.MustCompile(`[a-z_0-9]*[a-z][a-z_0-9]*`)

var asked = regexp.MustCompile(`(GET|POST) https?://[^ ]+: `)

// text is what the log says, or the note of a row of which nothing is logged.
func (p played) text(f fault) string {
	if f.note != "" {
		return f.note
	}
	said := p.said
	if plain, err := strconv.Unquote(said); err == nil {
		said = plain
	}
	_, said, _ = strings.Cut(said, ": ")
	said = place.ReplaceAllString(said, "$1 N")
	said = port.ReplaceAllString(said, "$1:N")
	return strings.ReplaceAll(asked.ReplaceAllString(said, ""), "|", `\|`)
}
