package grafana

import (
	"strings"
	"testing"
)

// A table that is sorted by what is not there is not sorted at all, which nobody
// sees.
func TestSortsByNothing(t *testing.T) {
	one := Answers{"A": instant(t, `{target="a"} 1`)}
	for name, inside := range map[string]string{
		`no field "State" to sort by`:                        `"transformations": [{"id": "sortBy", "options": {"sort": [{"field": "State"}]}}]`,
		`2 fields to sort by: Grafana takes the first alone`: `"transformations": [{"id": "sortBy", "options": {"sort": [{"field": "target"}, {"field": "Value"}]}}]`,
		`there is no column "State" to sort by`:              `"options": {"sortBy": [{"displayName": "State"}]}`,
		`transformation merge: json: unknown field "x"`:      `"transformations": [{"id": "merge", "options": {"x": 1}}]`,
	} {
		if _, err := read(t, `"type": "table", `+inside+`, `+tables(1), one); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want %s", err, name)
		}
	}
}
