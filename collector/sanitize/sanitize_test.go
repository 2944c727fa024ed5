package sanitize

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// clean cleans a report of a target without secrets.
func clean(r *progress.Report, families []progress.Family, reserved map[string]bool) Drops {
	return New(nil).Report(r, families, reserved)
}

func TestClean(t *testing.T) {
	p := progress.Ptr[float64]
	families := []progress.Family{{Name: "steps"}, {Name: "entity", Labels: []string{"name"}}, {Name: "thing", Labels: []string{"name"}}, {Name: "balance", Signed: true}}
	static := []string{"a\xff"}
	for _, tc := range []struct {
		name     string
		in, want progress.Report
		drops    Drops
	}{
		{name: "empty"},
		{name: "good values stay",
			in:   progress.Report{Ratio: p(1), Lag: p(0), Nodes: []progress.Node{{ID: "a", Ratio: p(0)}}, Samples: []progress.Sample{{Family: 0, Value: 3}}},
			want: progress.Report{Ratio: p(1), Lag: p(0), Nodes: []progress.Node{{ID: "a", Ratio: p(0)}}, Samples: []progress.Sample{{Family: 0, Value: 3}}}},
		{name: "values that cannot be",
			in:    progress.Report{Ratio: p(1.01), NodeCount: p(-1), NodesCompleted: p(-1), Lag: p(math.NaN()), CopiedBytes: p(math.Inf(1)), TotalBytes: p(-1), Samples: []progress.Sample{{Value: math.Inf(-1)}}},
			drops: Drops{dropOutOfRange: 7}},
		{name: "the same value below 0 in a common metric and in the product's own",
			in:    progress.Report{Lag: p(-2), Samples: []progress.Sample{{Family: 0, Value: -2}, {Family: 3, Value: -2}}},
			want:  progress.Report{Samples: []progress.Sample{{Family: 3, Value: -2}}},
			drops: Drops{dropOutOfRange: 2}},
		{name: "a start that JSON cannot say",
			in:    progress.Report{Start: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)},
			drops: Drops{dropOutOfRange: 1}},
		{name: "a start before there were such products",
			in:    progress.Report{Start: time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)},
			drops: Drops{dropOutOfRange: 1}},
		{name: "a node's ratio",
			in:    progress.Report{Nodes: []progress.Node{{ID: "a", Ratio: p(-0.1)}}},
			want:  progress.Report{Nodes: []progress.Node{{ID: "a"}}},
			drops: Drops{dropOutOfRange: 1}},
		{name: "two nodes with one identity",
			in:    progress.Report{Nodes: []progress.Node{{ID: "a", Status: "x"}, {ID: "b"}, {ID: "a", Status: "y"}}},
			want:  progress.Report{Nodes: []progress.Node{{ID: "a", Status: "x"}, {ID: "b"}}},
			drops: Drops{dropDuplicate: 1}},
		{name: "nodes that differ in one label",
			in:   progress.Report{Nodes: []progress.Node{{ID: "a", Name: "n", Type: "data"}, {ID: "b", Name: "n", Type: "data"}, {ID: "a", Name: "m", Type: "data"}, {ID: "a", Name: "n", Type: "control"}}},
			want: progress.Report{Nodes: []progress.Node{{ID: "a", Name: "n", Type: "data"}, {ID: "b", Name: "n", Type: "data"}, {ID: "a", Name: "m", Type: "data"}, {ID: "a", Name: "n", Type: "control"}}}},
		{name: "samples behind a dropped one",
			in:    progress.Report{Samples: []progress.Sample{{Family: 0, Value: math.NaN()}, {Family: 0, Value: 1}, {Family: 1, Labels: []string{"x"}, Value: 2}}},
			want:  progress.Report{Samples: []progress.Sample{{Family: 0, Value: 1}, {Family: 1, Labels: []string{"x"}, Value: 2}}},
			drops: Drops{dropOutOfRange: 1}},
		{name: "one label in two families",
			in:   progress.Report{Samples: []progress.Sample{{Family: 1, Labels: []string{"x"}}, {Family: 2, Labels: []string{"y"}}, {Family: 1, Labels: []string{"y"}}}},
			want: progress.Report{Samples: []progress.Sample{{Family: 1, Labels: []string{"x"}}, {Family: 2, Labels: []string{"y"}}, {Family: 1, Labels: []string{"y"}}}}},
		{name: "one sample twice",
			in:    progress.Report{Samples: []progress.Sample{{Family: 1, Labels: []string{"x"}, Value: 1}, {Family: 0}, {Family: 1, Labels: []string{"x"}, Value: 2}}},
			want:  progress.Report{Samples: []progress.Sample{{Family: 1, Labels: []string{"x"}, Value: 1}, {Family: 0}}},
			drops: Drops{dropDuplicate: 1}},
		{name: "labels that clash or are empty",
			in:    progress.Report{Info: []progress.Label{{Name: "team", Value: "x"}, {Name: "version", Value: "1"}, {Name: "version", Value: "2"}, {Name: "empty"}}},
			want:  progress.Report{Info: []progress.Label{{Name: "version", Value: "1"}}},
			drops: Drops{dropLabelClash: 2}},
		{name: "invalid UTF-8",
			in:   progress.Report{ErrorCode: "a\xffb", Nodes: []progress.Node{{ID: "\xfe", Name: "\xfe", Type: "\xfe", Status: "\xfe", ErrorCode: "\xfe"}}, Samples: []progress.Sample{{Family: 1, Labels: static}}},
			want: progress.Report{ErrorCode: "a\uFFFDb", Nodes: []progress.Node{{ID: "\uFFFD", Name: "\uFFFD", Type: "\uFFFD", Status: "\uFFFD", ErrorCode: "\uFFFD"}}, Samples: []progress.Sample{{Family: 1, Labels: []string{"a\uFFFD"}}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := clean(&tc.in, families, map[string]bool{"team": true})
			if got != tc.drops {
				t.Errorf("drops %v, want %v", got, tc.drops)
			}
			if diff := cmp.Diff(tc.want, tc.in, cmp.Transformer("nil", func(s []progress.Node) []progress.Node { return append([]progress.Node{}, s...) }),
				cmp.Transformer("nil", func(s []progress.Sample) []progress.Sample { return append([]progress.Sample{}, s...) }),
				cmp.Transformer("nil", func(s []progress.Label) []progress.Label { return append([]progress.Label{}, s...) })); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if static[0] != "a\xff" {
		t.Error("a product's table was changed")
	}
}

func TestCleanBounds(t *testing.T) {
	r := progress.Report{}
	for i := range MaxNodes + 7 {
		r.Nodes = append(r.Nodes, progress.Node{ID: strings.Repeat("n", i%200) + string(rune('一'+i))})
	}
	for i := range maxSamples + 3 {
		r.Samples = append(r.Samples, progress.Sample{Labels: []string{string(rune('一' + i))}})
	}
	d := clean(&r, []progress.Family{{Labels: []string{"x"}}}, nil)
	if len(r.Nodes)+d[dropDuplicate]+d[dropLimit] != MaxNodes+7+3 || len(r.Samples) != maxSamples {
		t.Errorf("%d nodes, %d samples kept, %v dropped", len(r.Nodes), len(r.Samples), d)
	}
	for _, n := range r.Nodes {
		if len(n.ID) > MaxLabelValue || !utf8.ValidString(n.ID) {
			t.Fatalf("node id %q of %d bytes", n.ID, len(n.ID))
		}
	}
}

// What was left out does not stay in memory behind what was kept.
func TestCleanKeepsNoRoom(t *testing.T) {
	r := progress.Report{Nodes: make([]progress.Node, 100_000), Samples: make([]progress.Sample, 100_000)}
	for i := range r.Nodes {
		r.Nodes[i].ID = strconv.Itoa(i)
		r.Samples[i].Labels = []string{strconv.Itoa(i)}
	}
	clean(&r, []progress.Family{{Name: "f", Labels: []string{"l"}}}, nil)
	if len(r.Nodes) != MaxNodes || len(r.Samples) != maxSamples {
		t.Errorf("%d nodes and %d samples are kept", len(r.Nodes), len(r.Samples))
	}
	if cap(r.Nodes) > 2*MaxNodes || cap(r.Samples) > 2*maxSamples {
		t.Errorf("room for %d nodes and %d samples is kept", cap(r.Nodes), cap(r.Samples))
	}
}

// Which nodes are shown does not depend on the product's order, and none with an error
// gives way to one without.
func TestCleanKeepsTheSameNodes(t *testing.T) {
	kept := func(step int) (ids []string) {
		nodes := make([]progress.Node, 2*MaxNodes+1)
		for i := range nodes {
			n := i * step % len(nodes) // another order for each step that has no factor in common with the length
			nodes[i] = progress.Node{ID: strconv.Itoa(n)}
			if n%5 == 0 {
				nodes[i].ErrorCode = "disk"
			}
		}
		r := progress.Report{Nodes: nodes}
		if d := clean(&r, nil, nil); d[dropLimit] != MaxNodes+1 {
			t.Errorf("%d left out, want %d", d[dropLimit], MaxNodes+1)
		}
		for _, n := range r.Nodes {
			ids = append(ids, n.ID)
		}
		return ids
	}
	first := kept(1)
	if diff := cmp.Diff(first, kept(2)); diff != "" {
		t.Errorf("another order, other nodes (-first +second):\n%s", diff)
	}
	for n := 0; n <= 2*MaxNodes; n += 5 {
		if !slices.Contains(first, strconv.Itoa(n)) {
			t.Fatalf("node %d has an error and was left out", n)
		}
	}
}

// What outlives a read and is no label is bounded as well. Two long jobs that begin
// alike are two jobs.
func TestCleanBoundsWordAndJob(t *testing.T) {
	long := strings.Repeat("長", 1<<20)
	jobs := map[string]bool{}
	for _, job := range []string{"", "short", strings.Repeat("j", maxJob), long + "1", long + "2"} {
		r := progress.Report{Job: job, Word: long + "\xff", ErrorCode: long, Info: []progress.Label{{Name: "v", Value: long}}}
		clean(&r, nil, nil)
		if len(r.Job) > maxJob || len(job) <= maxJob && r.Job != job {
			t.Errorf("the job of %d bytes is %q", len(job), r.Job)
		}
		jobs[r.Job] = true
		if len(r.Word) > maxWord || len(r.ErrorCode) > MaxLabelValue || len(r.Info[0].Value) > MaxLabelValue {
			t.Errorf("word of %d bytes, code of %d, label of %d", len(r.Word), len(r.ErrorCode), len(r.Info[0].Value))
		}
	}
	if len(jobs) != 5 {
		t.Errorf("5 jobs became %d", len(jobs))
	}
}

// What was left out is said in words, by reason.
func TestDropsInWords(t *testing.T) {
	for want, d := range map[string]Drops{"": {}, "2 duplicate, 1 out_of_range": {dropDuplicate: 2, dropOutOfRange: 1}} {
		if got := d.String(); got != want {
			t.Errorf("%v: %q, want %q", [dropReasons]int(d), got, want)
		}
	}
}
