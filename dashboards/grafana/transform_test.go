package grafana

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The transformations of a table, and its own order.
func TestTransform(t *testing.T) {
	two := Answers{
		"A": instant(t, `{target="b",api="x"} 2`, `{target="a",api="x"} 1`, `{target="c",api="y"} 3`),
		"B": instant(t, `{target="a",api="x"} 10`, `{target="c",api="y",why="down"} 30`),
	}
	const merge = `{"id": "merge", "options": {}}`
	organized := `{"id": "organize", "options": {"excludeByName": {"Time": true, "api": true}, "indexByName": {"Value #B": 0, "target": 1}, "renameByName": {"target": "Job", "Value #B": "Size"}}}`
	for _, tc := range []struct {
		name, transformations, options string
		answers                        Answers
		want                           []string
	}{
		{"one query", ``, ``, Answers{"A": two["A"]}, []string{
			"Time|api|target|Value", "2026-03-14 12:00:00|x|b|2", "2026-03-14 12:00:00|x|a|1", "2026-03-14 12:00:00|y|c|3",
		}},
		{"merge joins rows that do not contradict", merge, ``, two, []string{
			"Time|api|target|Value #A|why|Value #B", "2026-03-14 12:00:00|x|b|2||", "2026-03-14 12:00:00|x|a|1||10", "2026-03-14 12:00:00|y|c|3|down|30",
		}},
		{"merge keeps rows that contradict", merge, ``, Answers{"A": instant(t, `{target="a",why="1"} 1`), "B": instant(t, `{target="a",why="2"} 2`)}, []string{
			"Time|target|why|Value #A|Value #B", "2026-03-14 12:00:00|a|1|1|", "2026-03-14 12:00:00|a|2||2",
		}},
		{"merge with a query that has no answer", merge, ``, Answers{"A": two["A"], "B": instant(t)}, []string{
			"Time|api|target|Value #A|Value #B", "2026-03-14 12:00:00|x|b|2|", "2026-03-14 12:00:00|x|a|1|", "2026-03-14 12:00:00|y|c|3|",
		}},
		{"organize", merge + `,` + organized, ``, two, []string{"Size|Job|Value #A|why", "|b|2|", "10|a|1|", "30|c|3|down"}},
		{"organize keeps what is included", `{"id": "organize", "options": {"includeByName": {"target": true}}}`, ``, Answers{"A": two["A"]}, []string{"target", "b", "a", "c"}},
		{"sortBy", `{"id": "sortBy", "options": {"fields": {}, "sort": [{"field": "Value", "desc": true}]}},{"id": "organize", "options": {"includeByName": {"target": true}}}`, ``, Answers{"A": two["A"]}, []string{"target", "c", "b", "a"}},
		{"a transformation that is off", `{"id": "reduce", "disabled": true}`, ``, Answers{"A": instant(t, `{} 1`)}, []string{"Time|Value", "2026-03-14 12:00:00|1"}},
		{"the table's order, absent values first", merge + `,` + organized, `"sortBy": [{"displayName": "Size"}]`, two, []string{"Size|Job|Value #A|why", "|b|2|", "10|a|1|", "30|c|3|down"}},
		{"descending", merge + `,` + organized, `"sortBy": [{"displayName": "Size", "desc": true}]`, two, []string{"Size|Job|Value #A|why", "30|c|3|down", "10|a|1|", "|b|2|"}},
		{"by two columns", merge + `,` + organized, `"sortBy": [{"displayName": "why"}, {"displayName": "Job", "desc": true}]`, two, []string{"Size|Job|Value #A|why", "|b|2|", "10|a|1|", "30|c|3|down"}},
		{"texts as people sort them", `{"id": "organize", "options": {"includeByName": {"target": true}}}`, `"sortBy": [{"displayName": "target"}]`,
			Answers{"A": instant(t, `{target="node10"} 1`, `{target="Node9"} 1`, `{target="node1"} 1`)}, []string{"target", "node1", "Node9", "node10"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mustRead(t, `"type": "table", "transformations": [`+tc.transformations+`], "options": {`+tc.options+`}, `+tables(len(tc.answers)), tc.answers)
			if diff := cmp.Diff(tc.want, texts(r)); diff != "" {
				t.Errorf("table (-want +got):\n%s", diff)
			}
		})
	}
}
