package grafana

import (
	"strings"
	"testing"
)

// The value of the only row is shown by the options of its field: the panel's, then
// those of every override that matches, in their order.
func TestOverrides(t *testing.T) {
	const share = `"properties": [{"id": "unit", "value": "percentunit"}]`
	for _, tc := range []struct{ name, overrides, want string }{
		{"none", ``, "0.5 a"},
		{"by name", `{"matcher": {"id": "byName", "options": "Value"}, ` + share + `}`, "50% a"},
		{"by another name", `{"matcher": {"id": "byName", "options": "Val"}, ` + share + `}`, "0.5 a"},
		{"by expression", `{"matcher": {"id": "byRegexp", "options": "/^v/i"}, ` + share + `}`, "50% a"},
		{"by expression for the whole name", `{"matcher": {"id": "byRegexp", "options": "Val"}, ` + share + `}`, "0.5 a"},
		{"by type", `{"matcher": {"id": "byType", "options": "number"}, ` + share + `}`, "50% a"},
		{"by query", `{"matcher": {"id": "byFrameRefID", "options": "A"}, ` + share + `}`, "50% a"},
		{"by another query", `{"matcher": {"id": "byFrameRefID", "options": "B"}, ` + share + `}`, "0.5 a"},
		{"the last one wins", `{"matcher": {"id": "byName", "options": "Value"}, ` + share + `}, {"matcher": {"id": "byType", "options": "number"}, "properties": [{"id": "unit", "value": "s"}, {"id": "decimals", "value": 0}]}`, "500 ms a"},
		{"a mapping of the panel is replaced", `{"matcher": {"id": "byName", "options": "target"}, "properties": [{"id": "mappings", "value": [{"type": "value", "options": {"b": {"text": "B"}}}]}]}`, "0.5 a"},
		{"what is only drawn", `{"matcher": {"id": "byName", "options": "Value"}, "properties": [{"id": "custom.width", "value": 80}]}`, "0.5 a"},
		{"hidden", `{"matcher": {"id": "byName", "options": "target"}, "properties": [{"id": "custom.hidden", "value": true}]}`, "0.5"},
		{"hidden as 12.2 saves it", `{"matcher": {"id": "byName", "options": "target"}, "properties": [{"id": "custom.hideFrom", "value": {"viz": true}}]}`, "0.5"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mustRead(t, `"type": "table", "transformations": [{"id": "organize", "options": {"excludeByName": {"Time": true}, "indexByName": {"Value": 0}}}],
				"fieldConfig": {"defaults": {"decimals": 1, "custom": {"align": "auto"}}, "overrides": [`+tc.overrides+`]}, `+tables(1), Answers{"A": instant(t, `{target="a"} 0.5`)})
			if got := strings.ReplaceAll(texts(r)[1], "|", " "); got != strings.ReplaceAll(tc.want, "50%", "50.0%") {
				t.Errorf("it reads %q, want %q", got, tc.want)
			}
		})
	}
}

func TestOverrideErrors(t *testing.T) {
	for want, override := range map[string]string{
		"matcher byName: json":                    `{"matcher": {"id": "byName", "options": 5}}`,
		"missing closing":                         `{"matcher": {"id": "byRegexp", "options": "/(/"}}`,
		"regular expression / has no end":         `{"matcher": {"id": "byRegexp", "options": "/"}}`,
		"regular expression /a/s has flags":       `{"matcher": {"id": "byRegexp", "options": "/a/s"}}`,
		"option decimals: json: cannot unmarshal": `{"matcher": {"id": "byName", "options": "Value"}, "properties": [{"id": "decimals", "value": "x"}]}`,
	} {
		_, err := read(t, `"type": "table", "fieldConfig": {"overrides": [`+override+`]}, `+tables(1), Answers{"A": instant(t, `{} 1`)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", override, err, want)
		}
	}
	for _, inside := range []string{`"fieldConfig": {"defaults": 5}`, `"fieldConfig": {"defaults": {"custom": 5}}`} {
		if _, err := Parse([]byte(`{` + inside + `}`)); err == nil {
			t.Errorf("%s is no error", inside)
		}
	}
}
