package dashboards_test

import (
	"regexp"
	"strings"
	"testing"
)

// testTexts holds that what a label says is shown as it is: a version of 2111 is not
// 2.11 K.
func testTexts(t *testing.T, read readings) {
	versions := 0
	for where, r := range read {
		for i, column := range r.Columns {
			for _, row := range r.Rows {
				said, isText := row[i].Value.(string)
				mapped := row[i].Color != "" && !strings.ContainsAny(row[i].Text, "0123456789")
				if isText && said != "" && row[i].Text != said && !mapped {
					t.Errorf("%s: %s says %q and reads %q", where, column, said, row[i].Text)
				}
				if isText && regexp.MustCompile(`^\d{4,}$`).MatchString(said) {
					versions++
				}
			}
		}
	}
	if versions == 0 {
		t.Error("no label has a text of digits, so that nothing is tested")
	}
}

// units says how the cells of a column have to look, wherever a table has it.
func units() map[string]string {
	const (
		share = `^\d+(\.\d+)?%$`
		ago   = ` ago$|^in `
		bytes = ` ([KMGTP]i)?B$`
		left  = `^(\d+ d )?\d\d:\d\d:\d\d$`
		span  = `^-?\d+(\.\d+)? (s|ms|mins|hours|days|weeks|years)$`
	)
	return map[string]string{
		"Progress": share, "Verified source": share, "Verified dest.": share,
		"Time left": left, "Left at least": left, "Left at most": left, "For": left, "Done about": `^[A-Z][a-z]{2} \d{1,2} \d\d:\d\d$`, "Margin": span, "Lag": span,
		"Last change": ago, "Requested": ago, "Last good read": ago + `|^never$`, "Since": ago + `|^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$`, "Ended": ago,
		"Copied": bytes, "of": bytes, "Speed": ` ([KMGTP]i)?B/s$`,
		"Nodes": `^\d+$`, "Nodes done": `^\d+$`, "Times": `^\d+$`,
		"Severity": `^(critical|warning|info)$`, "May commit": `^(yes|no)$`, "May write": `^(yes|no)$`,
	}
}

func testUnits(t *testing.T, read drilled) {
	seen := map[string]bool{}
	for _, read := range []readings{read.midway, read.end} {
		for column := range read.units(t) {
			seen[column] = true
		}
	}
	for column := range units() {
		if !seen[column] {
			t.Errorf("no table has a value in a column %s", column)
		}
	}
}

// units tests the columns and returns those that have a value.
func (r readings) units(t *testing.T) map[string]bool {
	t.Helper()
	seen := map[string]bool{}
	for where, r := range r {
		for i, column := range r.Columns {
			pattern, ok := units()[column]
			if !ok {
				continue
			}
			for _, row := range r.Rows {
				if text := row[i].Text; text != dash {
					seen[column] = true
					if !regexp.MustCompile(pattern).MatchString(text) {
						t.Errorf("%s: %s reads %q, want %s", where, column, text, pattern)
					}
				}
			}
		}
	}
	return seen
}
