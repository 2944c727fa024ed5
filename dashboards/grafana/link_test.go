package grafana

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// linked is a table whose column Job has a link; api is hidden and secret left out.
func linked(title, address string) string {
	return `"type": "table", "transformations": [{"id": "organize", "options": {"excludeByName": {"secret": true}, "renameByName": {"target": "Job"}}}],
	"fieldConfig": {"overrides": [{"matcher": {"id": "byName", "options": "api"}, "properties": [{"id": "custom.hidden", "value": true}]},
	{"matcher": {"id": "byName", "options": "Value"}, "properties": [{"id": "unit", "value": "percentunit"}]},
	{"matcher": {"id": "byName", "options": "Job"}, "properties": [{"id": "links", "value": [{"title": "` + title + `", "url": "` + address + `"}]}]}]}, ` + tables(1)
}

func TestLinks(t *testing.T) {
	answers := Answers{"A": instant(t, `{target="a b/c",api="mrs",secret="x"} 0.5`)}
	for _, tc := range []struct{ title, address, wantTitle, want string }{
		{"Open ${__value.text}", "/d/progress-${__data.fields.api}?var-target=${__value.raw}", "Open a b/c", "/d/progress-mrs?var-target=a%20b%2Fc"},
		{"", "/d/x?${datasource:queryparam}&var-target=${__data.fields.Job:percentencode}&${__url_time_range}", "", "/d/x?var-datasource=prom%20one&var-target=a%20b%2Fc&${__url_time_range}"},
		{"", `/d/x?v=${__data.fields[\"Value\"]}&n=${__data.fields.Value.numeric}&d=$datasource&r=${datasource:raw}`, "", "/d/x?v=50%25&n=0.5&d=prom%20one&r=prom one"},
	} {
		r := mustRead(t, linked(tc.title, tc.address), answers)
		cells, _ := r.Column("Job")
		if diff := cmp.Diff([]Link{{tc.wantTitle, tc.want}}, cells[0].Links); diff != "" {
			t.Errorf("links (-want +got):\n%s", diff)
		}
	}
}

func TestLinkErrors(t *testing.T) {
	for address, want := range map[string]string{
		"/${__data.fields.secret}": `the table has no field "secret"; one that is left out cannot be in a link`,
		"/${__data.rows}":          `${__data.rows}: "rows" is not known here`,
		"/${__value.time}":         `${__value.time}: it is not known here`,
		"/${cluster}":              `${cluster}: the dashboard has no variable of this name`,
		"/${datasource:csv}":       `${datasource:csv}: format "csv" is not known here`,
	} {
		if _, err := read(t, linked("", address), Answers{"A": instant(t, `{target="a",secret="x"} 1`)}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", address, err, want)
		}
	}
}
