package plan

import (
	"fmt"
	"slices"
	"time"

	"progress_exporter/collector/described"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// Target is one target, ready: its source is open, its client built, its labels
// prepared.
type Target struct {
	ledger.Key
	cfg      *targets.Target
	API      *progress.API // the product
	Plain    *Target       // the target itself; another one if this is a job of it
	readFile func(name string) ([]byte, error)
	readDir  func(name string) ([]string, error)
	Source   progress.Source   // builds the requests and decodes the answers
	Secrets  *progress.Secrets // what its texts must not show
	Client   *fetch.Client     // with the connections of the target
	Fetch    progress.Fetch    // the client's, or one that looks over its shoulder
	Entry    *ledger.Entry     // what the ledger remembers; nil until the plan is used, and for a job
	Labels   []progress.Label  // of all its series, sorted by name
	Reserved map[string]bool   // the names in labels

	Timeout     time.Duration // of one read
	StallAfter  time.Duration // how long the job may stand still; 0: it never counts as stalled
	MinInterval time.Duration // the least time between two reads; 0: no bound
	Deadline    time.Time     // when the job has to be done; zero: none

	Lists   bool   // the source reads a list of jobs, which are read and probed together
	MaxJobs int    // how many jobs of the list are shown
	Only    string // of the jobs of the list only this one is asked for; empty: all
}

func (t *Target) open(job string, secrets *progress.Secrets) (progress.Source, error) {
	return t.API.Open(progress.Target{
		Name: t.cfg.Name, URL: t.cfg.URL, Job: job, Options: t.cfg.Options, ReadFile: t.readFile, ReadDir: t.readDir, MaxJobs: t.MaxJobs, Secrets: secrets,
	})
}

// Options decodes the options of the target, as the configuration has them.
func (t *Target) Options(into any) error { return t.cfg.Options(into) }

// AskBy makes the target read answers that are there already, by another fetch and
// without a login.
func (t *Target) AskBy(fetch progress.Fetch) {
	t.Fetch, t.Source = fetch, described.WithoutLogin(t.Source)
}

// migrationLabel is the label of targets that are the processes of one migration: a
// sharded cluster has one for each shard, and no answer names the others.
const migrationLabel = "migration"

// Migration returns the name of the migration that the target is part of; empty if it
// is a job of its own.
func (t *Target) Migration() string {
	if i := slices.IndexFunc(t.Labels, func(l progress.Label) bool { return l.Name == migrationLabel }); i >= 0 {
		return t.Labels[i].Value
	}
	return ""
}

// SetLabels makes the labels that every series of the target carries.
func (t *Target) SetLabels(own map[string]string) error {
	for _, f := range t.API.Families {
		for _, name := range f.Labels {
			if _, clash := own[name]; clash {
				return fmt.Errorf("labels: %s is a label of %s%s; choose another name", name, t.API.MetricPrefix(), f.Name)
			}
		}
	}
	t.Labels = []progress.Label{{Name: "target", Value: t.Target}, {Name: "api", Value: t.API.Name}}
	for name, value := range own {
		t.Labels = append(t.Labels, progress.Label{Name: name, Value: value})
	}
	t.Labels = sorted(t.Labels)
	t.Reserved = make(map[string]bool, len(t.Labels))
	for _, l := range t.Labels {
		t.Reserved[l.Name] = true
	}
	return nil
}
