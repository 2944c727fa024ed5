package grafana

import (
	"fmt"
	"testing"
)

// How the one value of a table is shown: its text, its colour if the cell shows one,
// its bar.
func TestCells(t *testing.T) {
	const (
		steps   = `"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "orange", "value": 5}, {"color": "red", "value": 10}]}`
		mapped  = `"mappings": [{"type": "value", "options": {"6": {"text": "failed", "color": "purple"}, "7": {"text": "seven"}}}]`
		painted = `"custom": {"cellOptions": {"type": "color-background", "mode": "basic"}}`
		written = `"custom": {"cellOptions": {"type": "color-text"}}`
		bar     = `"custom": {"cellOptions": {"type": "gauge", "mode": "gradient", "valueDisplayMode": "text"}}`
	)
	for _, tc := range []struct{ name, defaults, value, want string }{
		{"auto has no colour", steps, "6", "6"},
		{"below the first threshold", steps + `,` + written, "-3", "-3 green"},
		{"at a threshold", steps + `,` + written, "5", "5 orange"},
		{"above the last", steps + `,` + painted, "11", "11 red"},
		{"a mapping's colour goes before", steps + `,` + mapped + `,` + painted, "6", "failed purple"},
		{"a mapping without a colour", steps + `,` + mapped + `,` + painted, "7", "seven orange"},
		{"a fixed colour", `"color": {"mode": "fixed", "fixedColor": "blue"},` + painted, "6", "6 blue"},
		{"a palette", `"color": {"mode": "palette-classic"},` + mapped + `,` + painted, "7", "seven palette"},
		{"no threshold at all", painted, "6", "6"},
		{"no number", steps + `,` + painted, "NaN", "NaN green"},
		{"a bar", steps + `, "min": 0, "max": 12, ` + bar, "9", "9 orange 0.75"},
		{"a bar is never longer than full", steps + `, "min": 0, "max": 8, ` + bar, "9", "9 orange 1"},
		{"a bar of all that there is", `"fieldMinMax": true, ` + bar, "9", "9 0"},
		{"a bar without its text", `"min": 0, "max": 12, "custom": {"cellOptions": {"type": "gauge", "valueDisplayMode": "hidden"}}`, "9", " 0.75"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mustRead(t, `"type": "table", "fieldConfig": {"defaults": {`+tc.defaults+`}}, `+tables(1), Answers{"A": instant(t, `{} `+tc.value)})
			cells, _ := r.Column("Value")
			got := cells[0].Text
			if cells[0].Color != "" {
				got += " " + cells[0].Color
			}
			if cells[0].Fill != nil {
				got += fmt.Sprintf(" %g", *cells[0].Fill)
			}
			if got != tc.want {
				t.Errorf("it reads %q, want %q", got, tc.want)
			}
		})
	}
}

// The unit of a panel is that of its label columns, too: only the unit "string" leaves
// a text of digits as it is.
func TestTextsOfDigits(t *testing.T) {
	for defaults, want := range map[string]string{
		`"unit": "short"`: "2.11 K", `"unit": "string"`: "2111", ``: "2111",
		`"unit": "short", "mappings": [{"type": "value", "options": {"2111": {"text": "new"}}}]`: "new",
	} {
		r := mustRead(t, `"type": "table", "fieldConfig": {"defaults": {`+defaults+`}}, `+tables(1), Answers{"A": instant(t, `{version="2111"} 1`)})
		cells, ok := r.Column("version")
		if !ok || cells[0].Text != want || cells[0].Value != "2111" {
			t.Errorf("%s: %+v, want %s", defaults, cells, want)
		}
	}
	if _, ok := (Reading{}).Column("version"); ok {
		t.Error("a table without columns has one")
	}
}

// What a row has not is empty, or a sentence.
func TestAbsent(t *testing.T) {
	answers := Answers{"A": instant(t, `{target="a"} 1`, `{target="b"} 2`), "B": instant(t, `{target="a"} 1`)}
	for defaults, want := range map[string]string{``: "", `"noValue": "-"`: "-"} {
		r := mustRead(t, `"type": "table", "transformations": [{"id": "merge", "options": {}}], "fieldConfig": {"defaults": {`+defaults+`}}, `+tables(2), answers)
		cells, _ := r.Column("Value #B")
		if len(cells) != 2 || cells[1].Text != want || cells[1].Value != nil {
			t.Errorf("%s: %+v, want %q", defaults, cells, want)
		}
	}
}

// Without a range of its own a bar is as long as its value among all numbers of the
// table, so that a column of dates makes the others invisible.
func TestBarsBesideDates(t *testing.T) {
	answers := Answers{"A": instant(t, `{target="a"} 10`, `{target="b"} 0`), "B": instant(t, `{target="a"} 1773489600000`)}
	for defaults, want := range map[string]float64{`"min": 0`: 10 / 1773489600000.0, `"min": 0, "fieldMinMax": true`: 1} {
		r := mustRead(t, `"type": "table", "transformations": [{"id": "merge", "options": {}}], "fieldConfig": {"defaults": {`+defaults+`, "custom": {"cellOptions": {"type": "gauge"}}}}, `+tables(2), answers)
		cells, _ := r.Column("Value #A")
		if *cells[0].Fill != want {
			t.Errorf("%s: the bar is %g full, want %g", defaults, *cells[0].Fill, want)
		}
		if absent, _ := r.Column("Value #B"); absent[1].Fill != nil {
			t.Errorf("%s: what is absent has a bar", defaults)
		}
	}
}
