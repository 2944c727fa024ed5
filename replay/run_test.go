package replay

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/recording"
)

// story is one of a migration that stands for 20 minutes, goes on, cannot be read for
// 8 minutes, and stands for ever.
var story = []beat{
	{5 * time.Minute, drill.Waiting, 0}, {30 * time.Minute, drill.Working, 0.4}, {20 * time.Minute, drill.Working, 0.4},
	{40 * time.Minute, drill.Working, 0.6}, {time.Hour, drill.Working, 0.6},
}

func unread(at time.Duration) bool { return at >= 70*time.Minute && at < 78*time.Minute }

func run(t *testing.T, cfg Config) *Result {
	t.Helper()
	cfg.Rules = []string{shipped}
	res, err := Run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d reads in %s", res.Reads, res.Took)
	return res
}

// told says what came of a life, by the time since its beginning in minutes.
func told(r *Result) (lines []string) {
	minute := func(t *time.Time) string {
		if t == nil {
			return "-"
		}
		return fmt.Sprintf("%.1f", t.Sub(begins).Minutes())
	}
	for i := range r.Jobs {
		j := &r.Jobs[i]
		for _, s := range j.States {
			lines = append(lines, minute(&s.At)+" "+s.State)
		}
		for _, s := range j.Standstills {
			if s.Length() > 2*time.Minute {
				lines = append(lines, fmt.Sprintf("%s-%s stands, healthy %v", minute(&s.From), minute(&s.To), s.Healthy))
			}
		}
	}
	for i := range r.Alerts {
		a := &r.Alerts[i]
		lines = append(lines, fmt.Sprintf("%s %s pending %s firing %s resolved %s", a.Name, a.Labels["target"], minute(&a.Pending), minute(a.Firing), minute(a.Resolved)))
	}
	return lines
}

func TestRun(t *testing.T) {
	life := recorded(t, time.Minute, 150*time.Minute, story, unread)
	states := []string{"0.0 pending", "5.0 running", "70.0 cannot be read", "78.0 running", "0.0-4.0 stands, healthy true"}
	stands := []string{"35.0-55.0 stands, healthy true", "95.0-150.0 stands, healthy false"}
	const (
		stalled = "ProgressJobStalled orders pending 51.4 firing 51.4 resolved 56.4"
		down    = "ProgressTargetDown orders pending 70.8 firing 75.8 resolved 78.8"
		again   = "ProgressJobStalled orders pending 111.4 firing 111.4 resolved -"
	)
	// The rules remember the standstill for an exporter that forgets it. The scrape in which
	// it restarts sees nothing.
	restarted := []string{
		"36.0-55.0 stands, healthy true", stands[1],
		"ProgressJobStalled orders pending 52.4 firing 52.4 resolved 56.4", down, again,
	}
	never, longer := time.Duration(0), time.Hour
	for name, tc := range map[string]struct {
		cfg  Config
		want []string
	}{
		"as recorded":                   {Config{}, slices.Concat(states, stands, []string{stalled, down, again})},
		"with a stall_after of an hour": {Config{StallAfter: &longer}, slices.Concat(states, stands, []string{down})},
		"never stalled":                 {Config{StallAfter: &never}, slices.Concat(states, stands, []string{down})},
		"an exporter that restarts":     {Config{Restart: 17 * time.Minute}, slices.Concat(states, restarted)},
		"an exporter with a memory":     {Config{Restart: 17 * time.Minute, Memory: true}, slices.Concat(states, restarted)},
		"another interval": {Config{Interval: 30 * time.Second, Evaluate: 30 * time.Second}, []string{
			states[0], states[1], states[2], states[3],
			"0.0-4.5 stands, healthy true", "35.0-55.5 stands, healthy true", "95.0-150.0 stands, healthy false",
			"ProgressJobStalled orders pending 50.7 firing 50.7 resolved 56.2",
			"ProgressTargetDown orders pending 70.4 firing 75.4 resolved 78.4",
			"ProgressJobStalled orders pending 110.7 firing 110.7 resolved -",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.cfg.Life = life
			if diff := cmp.Diff(tc.want, told(run(t, tc.cfg))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A list is as many jobs as there are in it, each with its own standstill and alert.
func TestList(t *testing.T) {
	description := filepath.Join(t.TempDir(), "tasks.yml")
	const text = "name: tasks\nrequest: {path: /tasks}\njobs: .[]\njob: .id\nstate: .state\nstates: {RUNNING: running}\nratio: .done\n"
	if err := os.WriteFile(description, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	life := &recording.Life{Head: recording.Head{Interval: recording.Duration(time.Minute), Targets: []recording.Target{
		{Name: "all", API: "tasks", URL: "http://h", StallAfter: recording.Duration(15 * time.Minute), MaxJobs: 5},
	}}}
	for minute := range 40 {
		body := fmt.Appendf(nil, `[{"id":"a","state":"RUNNING","done":%g},{"id":"b","state":"RUNNING","done":%g}]`, 0.01*float64(minute), 0.01*float64(min(minute, 10)))
		life.Reads = append(life.Reads, recording.Read{At: begins.Add(time.Duration(minute) * time.Minute), Target: "all", Answers: []recording.Answer{
			{Method: "GET", Path: "/tasks", Status: 200, JSON: body},
		}})
	}
	res := run(t, Config{Life: life, Descriptions: []string{description}})
	var got []string
	for i := range res.Jobs {
		j := &res.Jobs[i]
		got = append(got, fmt.Sprintf("%s moves %d, stands %s", j.Title(), j.Moves, Short(j.Longest(false).Length())))
	}
	for i := range res.Alerts {
		got = append(got, res.Alerts[i].Name+" "+res.Alerts[i].Labels["job_id"])
	}
	want := []string{"all/a moves 39, stands 0s", "all/b moves 10, stands 29m", "ProgressJobStalled b"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// What was not recorded is no outage of the product.
func TestGaps(t *testing.T) {
	life := recorded(t, 30*time.Second, time.Hour, story, nil)
	life.Reads = append(life.Reads[:20:20], life.Reads[60:]...)
	res := run(t, Config{Life: life})
	if want := []Span{{begins.Add(10 * time.Minute), begins.Add(30 * time.Minute)}}; !cmp.Equal(want, res.Gaps) {
		t.Errorf("gaps %v, want %v", res.Gaps, want)
	}
	for _, s := range res.Jobs[0].States {
		if s.State == cannotBeRead {
			t.Errorf("it could not be read at %s", s.At)
		}
	}
}

func TestSweep(t *testing.T) {
	life := recorded(t, time.Minute, 150*time.Minute, story, nil)
	sweep, err := RunSweep(Config{Life: life, Rules: []string{shipped}}, Between(15*time.Minute, 30*time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, th := range sweep.Thresholds {
		line := th.Text
		for _, p := range th.Pages {
			line += fmt.Sprintf(" %s %.1f %v", p.Alert, p.At.Sub(begins).Minutes(), p.Healthy)
		}
		got = append(got, line)
	}
	got = append(got, sweep.Proposal, sweep.Why)
	want := []string{
		"15m ProgressJobStalled 51.4 true ProgressJobStalled 111.4 false",
		"20m ProgressJobStalled 116.4 false",
		"30m ProgressJobStalled 126.4 false",
		"30m",
		"the longest standstill of a healthy stretch was 20m (orders): 30m is quiet, and pages once for a job that did not go on; 15m would have paged once for nothing",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sweep (-want +got):\n%s", diff)
	}
}

// A page of a job of a list names the job, as the standstills do: of its target there are many.
func TestPagesNameTheJob(t *testing.T) {
	for want, p := range map[string]Page{"nightly": {Target: "nightly"}, "backups/42": {Target: "backups", JobID: "42"}} {
		if got := p.Title(); got != want {
			t.Errorf("%+v is called %q, want %q", p, got, want)
		}
		if got := (&Job{Target: p.Target, JobID: p.JobID}).Title(); got != want {
			t.Errorf("the job of %+v is called %q, want %q", p, got, want)
		}
	}
}

// BenchmarkDay plays a day at 15 seconds, which has to take less than a person waits.
func BenchmarkDay(b *testing.B) {
	life := recorded(b, 15*time.Second, 24*time.Hour, []beat{{24 * time.Hour, drill.Working, 0.69}}, nil)
	debug.SetGCPercent(400) // as the program does
	for b.Loop() {
		if _, err := Run(Config{Life: life, Rules: []string{shipped}}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhatCannotBePlayed(t *testing.T) {
	life := recorded(t, time.Minute, 2*time.Minute, story, nil)
	odd := *life
	odd.Head.Targets = append(odd.Head.Targets[:0:0], odd.Head.Targets...)
	odd.Head.Targets[0].API = "nonesuch"
	unknown := *life
	unknown.Head.Interval = 0
	for name, tc := range map[string]struct {
		cfg  Config
		want string
	}{
		"no rules":            {Config{Life: life, Rules: []string{"none.yml"}}, "rules: none.yml: "},
		"an unknown product":  {Config{Life: &odd, Rules: []string{shipped}}, `unknown api "nonesuch"`},
		"no interval":         {Config{Life: &unknown, Rules: []string{shipped}}, "say how often Prometheus scrapes"},
		"no such description": {Config{Life: life, Rules: []string{shipped}, Descriptions: []string{"none.yml"}}, "none.yml"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Run(tc.cfg); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %s", err, tc.want)
			}
		})
	}
}
