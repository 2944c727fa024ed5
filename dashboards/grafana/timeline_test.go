package grafana

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// bands are the bands of a timeline at a glance: text, colour and minutes.
func bands(r Reading) []string {
	var all []string
	for _, b := range r.Bands {
		var spans []string
		for _, s := range b.States {
			spans = append(spans, fmt.Sprintf("%s %s %g", s.Text, s.Color, s.To.Sub(s.From).Minutes()))
		}
		all = append(all, b.Name+": "+strings.Join(spans, ", "))
	}
	return all
}

// A timeline that merges values and colours by thresholds shows the thresholds
// instead of the mapped states, whatever they are. With any other colours it shows
// them.
func TestTimeline(t *testing.T) {
	const mappings = `"mappings": [{"type": "value", "options": {"2": {"text": "running", "color": "blue"}, "6": {"text": "failed", "color": "red"}}}]`
	const base = `"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}]}`
	const two = `"thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 6}]}, "unit": "percentunit"`
	for _, tc := range []struct{ name, defaults, options, want string }{
		{"thresholds", `"color": {"mode": "thresholds"}, ` + mappings + `, ` + base, ``, "a: -∞+ green 2, -∞+ green 1"},
		{"thresholds as ranges", `"color": {"mode": "thresholds"}, ` + mappings + `, ` + two, `"mergeValues": true`, "a: < 600% green 1, 600%+ red 0, < 600% green 0, 600%+ red 0"},
		{"thresholds, unmerged", `"color": {"mode": "thresholds"}, ` + mappings + `, ` + base, `"mergeValues": false`, "a: running blue 1, failed red 0, running blue 0, failed red 0"},
		{"no thresholds at all", `"color": {"mode": "thresholds"}, ` + mappings, ``, "a:   2,   1"},
		{"palette", `"color": {"mode": "palette-classic"}, ` + mappings + `, ` + base, `"mergeValues": true`, "a: running blue 1, failed red 0, running blue 0, failed red 0"},
		{"without a mapping", `"color": {"mode": "palette-classic"}, ` + base, ``, "a: 2 palette 1, 6 palette 0, 2 palette 0, 6 palette 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mustRead(t, `"type": "state-timeline", "fieldConfig": {"defaults": {`+tc.defaults+`}}, "options": {`+tc.options+`}, `+curve, Answers{"A": ranged("a", 2, 2, 6, math.NaN(), 2, 6)})
			if diff := cmp.Diff([]string{tc.want}, bands(r)); diff != "" {
				t.Errorf("bands (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimelineSpans(t *testing.T) {
	r := mustRead(t, `"type": "state-timeline", `+curve, Answers{"A": ranged("a", 2, 2, math.NaN(), 2)})
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	want := []Band{{"a", []Span{{Cell{Text: "2", Value: 2.0}, at(-3), at(-2)}, {Cell{Text: "2", Value: 2.0}, at(0), at(0)}}}}
	if diff := cmp.Diff(want, r.Bands); diff != "" {
		t.Errorf("bands (-want +got):\n%s", diff)
	}
}

func TestTimelineErrors(t *testing.T) {
	for defaults, want := range map[string]string{
		`"unit": "watt"`: `band "a": unit "watt"`,
		`"color": {"mode": "thresholds"}, "unit": "watt", "thresholds": {"mode": "absolute", "steps": [{"color": "red", "value": null}]}`: `band "a": unit "watt"`,
		`"color": {"mode": "thresholds"}, "thresholds": {"mode": "percentage", "steps": [{"color": "red", "value": null}]}`:               `thresholds of mode "percentage"`,
	} {
		if _, err := read(t, `"type": "state-timeline", "fieldConfig": {"defaults": {`+defaults+`}}, `+curve, Answers{"A": ranged("a", 1)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", defaults, err, want)
		}
	}
}
