package collector

import (
	"fmt"
	"strings"
	"testing"

	"progress_exporter/collector/enginetest"
)

const describedShards = `
apis:
- name: queue
  request: {path: /jobs}
  jobs: .jobs[]
  job: .id
  state: .state
  copied_bytes: .copied
  total_bytes: 100
`

// Jobs of a list with the label migration are the processes of one migration, as targets are.
func TestListIsAMigration(t *testing.T) {
	q := newQueueOf(t, describedShards, ", labels: {migration: orders}")
	read := func(answer string) string {
		q.answer.Store(answer)
		jobs, err := q.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, j := range jobs {
			whole := "?"
			if j.Whole != nil {
				whole = fmt.Sprint(*j.Whole)
			}
			all = append(all, fmt.Sprintf("%s %s %q %s", j.Title(), j.Kind(), j.Migration, whole))
		}
		return strings.Join(all, ", ")
	}
	page := func() string {
		_, text := enginetest.Ask(q.Page(), "/targets")
		return text
	}
	for _, tc := range []struct{ answer, want, page string }{
		{`{"jobs":[]}`, `q none "" ?`, `<bdi>q</bdi>`},
		{`{"jobs":[{"id":1,"state":"running","copied":40},{"id":2,"state":"running","copied":10}]}`,
			`q/1 running "orders" 0.5, q/2 running "orders" 0.5`, `<bdi>orders</bdi><span class="aside line">migration, 2 jobs together</span>`},
		{`{"jobs":[{"id":1,"state":"running","copied":40},{"id":3,"state":"running","copied":20}]}`, // 2 has left
			`q/1 running "orders" 0.6, q/2 none "orders" ?, q/3 running "orders" 0.6`, `<span class="percent">60%</span>`},
		{"", `q cannot be read "" ?, q/1 cannot be read "orders" ?, q/2 cannot be read "orders" ?, q/3 cannot be read "orders" ?`, `3 jobs together`},
	} {
		if got := read(tc.answer); got != tc.want {
			t.Errorf("%s\n got %s\nwant %s", tc.answer, got, tc.want)
		}
		if text := page(); !strings.Contains(text, tc.page) {
			t.Errorf("%s: the page has no %s:\n%s", tc.answer, tc.page, text)
		}
	}
	if _, text := enginetest.Ask(q.Discovery(), "/sd"); !strings.Contains(text, `"__meta_progress_shard":"orders"`) {
		t.Errorf("/sd: %s", text)
	}
}

// A job of a list has the name that people are shown.
func TestReadOfANamedJob(t *testing.T) {
	q := newQueue(t, "")
	q.says("1:one:running", "2/a::failed")
	for name, want := range map[string]string{"q/1": "q/1 running", "q/2/a": "q/2/a failed", "q/9": "q/9 none"} {
		jobs, err := q.Read(t.Context(), name)
		if err != nil || len(jobs) != 1 || jobs[0].Title()+" "+jobs[0].Kind() != want {
			t.Errorf("%s: %+v, %v; want %s", name, jobs, err, want)
		}
	}
	if _, err := q.Read(t.Context(), "q/"); err == nil {
		t.Error("q/ is no job")
	}
}
