package collector

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
)

const describedQueue = `
apis:
- name: queue
  request: {path: /jobs}
  jobs: .jobs[]
  job: .id
  job_name: .name
  state: .state
  ratio: .ratio
  error_code: .error
  error_codes: [disk]
  metrics: [{name: queue_length, help: h, value: $root.jobs | length}]
`

// queue is an exporter with a list, which a test plays.
type queue struct {
	t      *testing.T
	answer atomic.Value // string; empty: HTTP 502
	asked  atomic.Int32
	log    bytes.Buffer
	*Exporter
}

func newQueue(t *testing.T, settings string) *queue {
	return newQueueOf(t, describedQueue, ", labels: {team: x}"+settings)
}

// newQueueOf is newQueue with another description.
func newQueueOf(t *testing.T, description, settings string) *queue {
	q := &queue{t: t}
	q.answer.Store("")
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		q.asked.Add(1)
		answer := q.answer.Load().(string)
		if answer == "" {
			w.WriteHeader(http.StatusBadGateway)
		}
		_, _ = w.Write([]byte(answer))
	}))
	file := filepath.Join(t.TempDir(), "targets.yml")
	text := fmt.Sprintf("%stargets: [{name: q, api: queue, url: '%s'%s}]", description, upstream.URL, settings)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := plan.Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)
	q.Exporter = New(nil, Options{Concurrency: 4, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(&q.log), Now: func() time.Time { return noon }})
	q.Use(p)
	t.Cleanup(func() { q.Close(); upstream.Close() })
	return q
}

// says sets the answer: jobs as ID:NAME:STATE.
func (q *queue) says(jobs ...string) {
	var list []string
	for _, j := range jobs {
		f := strings.Split(j, ":")
		list = append(list, fmt.Sprintf(`{"id":%q,"name":%q,"state":%q,"ratio":0.5}`, f[0], f[1], f[2]))
	}
	q.answer.Store(`{"jobs":[` + strings.Join(list, ",") + `]}`)
}

// expect asks an address and checks which series of some families there are.
func (q *queue) expect(h http.Handler, address string, families []string, want ...string) {
	q.t.Helper()
	_, text := enginetest.Ask(h, address)
	var got []string
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(line, "{")
		value := line[strings.LastIndexByte(line, ' ')+1:]
		for _, f := range families {
			if f == name && (f != "progress_state" || value == "1\n") {
				got = append(got, strings.NewReplacer(`api="queue",`, "", `target="q",`, "", `,team="x"`, "", `team="x"`, "", `,target="q"`, "", `target="q"`, "").Replace(strings.TrimSpace(line)))
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		q.t.Errorf("%s (-want +got):\n%s", address, diff)
	}
}

func TestListOnMetrics(t *testing.T) {
	q := newQueue(t, "")
	families := []string{"progress_state", "progress_up", "progress_scrape_failure", "progress_listed_jobs", "progress_listed_jobs_cut", "progress_job_errors_total", "progress_queue_queue_length"}
	q.says("1:one:running", "2::failed")
	q.expect(q.Metrics(), "/metrics", families,
		`progress_job_errors_total{error_code="disk",job_id="1",job_name="one"} 0`,
		`progress_job_errors_total{error_code="disk",job_id="2"} 0`,
		`progress_listed_jobs{} 2`,
		`progress_listed_jobs_cut{} 0`,
		`progress_queue_queue_length{job_id="1",job_name="one"} 2`,
		`progress_queue_queue_length{job_id="2"} 2`,
		`progress_state{job_id="1",job_name="one",state="running"} 1`,
		`progress_state{job_id="2",state="failed"} 1`,
		`progress_up{} 1`,
		`progress_up{job_id="1",job_name="one"} 1`,
		`progress_up{job_id="2"} 1`,
	)
	q.answer.Store("")
	q.expect(q.Metrics(), "/metrics", families,
		`progress_job_errors_total{error_code="disk",job_id="1",job_name="one"} 0`,
		`progress_job_errors_total{error_code="disk",job_id="2"} 0`,
		`progress_listed_jobs{} 2`,
		`progress_listed_jobs_cut{} 0`,
		`progress_scrape_failure{error_code="",reason="http_5xx"} 1`, // once
		`progress_up{} 0`,
		`progress_up{job_id="1",job_name="one"} 0`,
		`progress_up{job_id="2"} 0`,
	)
	if n := strings.Count(q.log.String(), "\n"); n != 1 {
		t.Errorf("%d lines are logged, want one for the target:\n%s", n, &q.log)
	}
	q.says()
	q.expect(q.Metrics(), "/metrics", []string{"progress_state"}, `progress_state{job_id="1",job_name="one",state="none"} 1`, `progress_state{job_id="2",state="none"} 1`)
}

func TestListIsCut(t *testing.T) {
	q := newQueue(t, ", max_jobs: 2")
	families := []string{"progress_state", "progress_listed_jobs", "progress_listed_jobs_cut"}
	for _, order := range [][]string{
		{"1::succeeded", "2::failed", "3::running", "4::pending"},
		{"4::pending", "3::running", "2::failed", "1::succeeded"},
	} {
		q.says(order...)
		q.expect(q.Metrics(), "/metrics", families, `progress_listed_jobs{} 2`, `progress_listed_jobs_cut{} 2`, `progress_state{job_id="3",state="running"} 1`, `progress_state{job_id="4",state="pending"} 1`)
	}
}

// One question is asked, whichever jobs are asked for.
func TestProbeOfAList(t *testing.T) {
	q := newQueue(t, "")
	q.says("1:one:running", "2::failed")
	families := []string{"progress_state", "progress_up", "progress_listed_jobs", "progress_scrape_failure"}
	q.expect(q.Probe(), "/probe?target=q", families, `progress_listed_jobs{} 2`,
		`progress_state{job_id="1",job_name="one",state="running"} 1`, `progress_state{job_id="2",state="failed"} 1`,
		`progress_up{} 1`, `progress_up{job_id="1",job_name="one"} 1`, `progress_up{job_id="2"} 1`)
	q.expect(q.Probe(), "/probe?target=q&job=2", families, `progress_state{job_id="2",state="failed"} 1`, `progress_up{job_id="2"} 1`)
	q.expect(q.Probe(), "/probe?target=q&job=3", families, `progress_state{job_id="3",state="none"} 1`, `progress_up{job_id="3"} 1`)
	q.answer.Store("")
	q.expect(q.Probe(), "/probe?target=q&job=3", families, `progress_scrape_failure{error_code="",job_id="3",reason="http_5xx"} 1`, `progress_up{job_id="3"} 0`)
	q.expect(q.Probe(), "/probe?target=q&job=1", families, `progress_scrape_failure{error_code="",job_id="1",job_name="one",reason="http_5xx"} 1`, `progress_up{job_id="1",job_name="one"} 0`)
	if n := q.asked.Load(); n != 5 {
		t.Errorf("%d questions for 5 probes", n)
	}
	for _, address := range []string{"/probe?target=q&debug=true", "/probe?target=q&job=1&debug=true"} { // once, not for each job
		if _, text := enginetest.Ask(q.Probe(), address); strings.Count(text, "the read failed: http_5xx") != 1 {
			t.Errorf("the debug view %s of a list that cannot be read:\n%s", address, text)
		}
	}
	q.says("1:one:running")
	if _, text := enginetest.Ask(q.Probe(), "/probe?target=q&debug=true"); !strings.Contains(text, "a list: 2 jobs are shown") || !strings.Contains(text, "\njob \"1\"\nstate") {
		t.Errorf("the debug view:\n%s", text)
	}
	if _, text := enginetest.Ask(q.Discovery(), "/sd"); strings.Count(text, `"__param_target":"q"`) != 1 {
		t.Errorf("/sd: %s", text)
	}
}

// What is no list of different jobs fails the read, as every broken contract does.
func TestWrongLists(t *testing.T) {
	for answer, want := range map[string]string{
		`{"jobs":[{"state":"running"}]}`:                                `job (.id): gives nothing for one of the jobs`,
		`{"jobs":[{"id":1,"state":"running"},{"id":1,"state":"none"}]}`: `job (.id): gives the same for two of the jobs`,
		`{"jobs":[{"id":1}]}`:                                           `state (.state): gives nothing`,
		`{"jobs":{"id":1}}`:                                             `.`,
		`{}`:                                                            `jobs (.jobs[]): `,
	} {
		q := newQueue(t, "")
		q.answer.Store(answer)
		jobs, err := q.Read(context.Background())
		if err != nil || len(jobs) != 1 || jobs[0].Err == nil || jobs[0].Err.Reason != "contract" || !strings.Contains(jobs[0].Err.Message, want) {
			t.Errorf("%s: %v %+v, want %s", answer, err, jobs, want)
		}
	}
}

// People are shown the jobs, and the list while there is none or it cannot be read.
func TestListForPeople(t *testing.T) {
	q := newQueue(t, "")
	said := func() string {
		jobs, err := q.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, j := range jobs {
			all = append(all, j.Title()+" "+j.Kind())
		}
		return strings.Join(all, ", ")
	}
	q.says()
	got := []string{said()}
	q.says("1:one:running", "2::failed")
	got = append(got, said())
	q.answer.Store("")
	got = append(got, said())
	want := []string{"q none", "q/1 running, q/2 failed", "q cannot be read, q/1 cannot be read, q/2 cannot be read"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, page := enginetest.Ask(q.Page(), "/targets")
	for _, want := range []string{`<bdi>q</bdi></a></th>`, `href="probe?debug=true&amp;job=1&amp;target=q"`, `<bdi>q</bdi></a> <bdi class="aside">1</bdi><bdi class="aside line">one</bdi></th>`, `<bdi>q</bdi></a> <bdi class="aside">2</bdi></th>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
	for id, kind := range map[string]string{"1": "running", "9": "none"} {
		q.says("1:one:running")
		if j, err := q.ReadJob(t.Context(), "q", id); err != nil || j.Kind() != kind || j.JobID != id {
			t.Errorf("job %s: %+v, %v; want %s", id, j, err, kind)
		}
	}
	if _, err := q.ReadJob(t.Context(), "r", "1"); err == nil {
		t.Error("a job of a target that is not there was read")
	}
}
