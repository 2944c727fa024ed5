package sanitize

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"progress_exporter/collector/progress"
)

const (
	MaxNodes      = 500 // node series of a family and target
	maxSamples    = 500 // series of one of a product's own families and target
	MaxLabelValue = 128 // bytes
	maxWord       = 200 // bytes of the product's word for the state
	maxJob        = 128 // bytes of a job's identity; of a longer one its hash is kept
)

// dropReason says why a series was left out. The set is closed: it is a label.
type dropReason int

const (
	dropLimit      dropReason = iota // the product sent more than the bound
	dropDuplicate                    // the same series twice
	dropOutOfRange                   // a value that cannot be
	dropLabelClash                   // a label that the target's own labels already set
	dropReasons
)

// DropNames are the reasons for which series are left out, as the label reason has them.
var DropNames = [dropReasons]string{"limit", "duplicate", "out_of_range", "label_clash"}

// Drops counts the series left out of one report, by reason.
type Drops [dropReasons]int

// String says how many series were left out, and why: 1 limit, 2 duplicate. Empty: none was.
func (d Drops) String() string {
	var parts []string
	for reason, n := range d {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, DropNames[reason]))
		}
	}
	return strings.Join(parts, ", ")
}

// Cleaner cleans the report of one read.
type Cleaner struct {
	Drops
	secrets *progress.Secrets
	hide    func(string) string // takes out secrets
}

// New returns what cleans the report of one read: it knows the secrets as they are
// now.
func New(secrets *progress.Secrets) *Cleaner {
	return &Cleaner{secrets: secrets, hide: secrets.Labels()}
}

// Label makes a product's text a label value.
func (d *Cleaner) Label(s string) string { return LabelValue(d.hide(s)) }

// Report makes a report fit to be shown and kept, whatever the product sent: values in
// range, texts without secrets, short and valid UTF-8, no series twice, everything
// bounded. It changes the report in place and says what it took out. Reserved are the
// names of the labels that the target has already.
func (d *Cleaner) Report(r *progress.Report, families []progress.Family, reserved map[string]bool) Drops {
	if r.State > progress.Cancelled { // the last of them
		r.State = progress.Unknown
	}
	r.Ratio = d.inRange(r.Ratio, 1)
	r.NodeCount = d.inRange(r.NodeCount, math.MaxFloat64)
	r.NodesCompleted = d.inRange(r.NodesCompleted, math.MaxFloat64)
	r.CopiedBytes = d.inRange(r.CopiedBytes, math.MaxFloat64)
	r.TotalBytes = d.inRange(r.TotalBytes, math.MaxFloat64)
	r.Lag = d.inRange(r.Lag, math.MaxFloat64)
	if !r.Start.IsZero() && !progress.IsDate(r.Start) {
		r.Start = time.Time{}
		d.Drops[dropOutOfRange]++
	}
	r.ErrorCode = d.Label(r.ErrorCode)
	if len(r.Job) > maxJob { // cut, two jobs could become one
		sum := sha256.Sum256([]byte(r.Job))
		r.Job = "sha256:" + hex.EncodeToString(sum[:])
	}
	r.Info = d.info(r.Info, reserved)
	r.Nodes = d.nodes(r.Nodes)
	r.Samples = d.samples(r.Samples, families)
	if r.Word != "" {
		r.Word = progress.Cut(valid(d.secrets.Text(r.Word, maxWord)), maxWord)
	}
	return d.Drops
}

// inRange returns v if it lies in [0, top], else nil.
func (d *Drops) inRange(v *float64, top float64) *float64 {
	if v == nil || *v >= 0 && *v <= top {
		return v
	}
	d[dropOutOfRange]++
	return nil
}

func (d *Cleaner) info(labels []progress.Label, reserved map[string]bool) []progress.Label {
	kept := labels[:0]
	for _, l := range labels {
		clash := reserved[l.Name] || slices.ContainsFunc(kept, func(k progress.Label) bool { return k.Name == l.Name })
		if clash {
			d.Drops[dropLabelClash]++
			continue
		}
		if l.Value = items(d.hide(l.Value)); l.Value != "" {
			kept = append(kept, l)
		}
	}
	return kept
}

func (d *Cleaner) nodes(nodes []progress.Node) []progress.Node {
	type identity struct{ id, name, kind string }
	var seen map[identity]bool
	if len(nodes) > 1 {
		seen = make(map[identity]bool, min(len(nodes), MaxNodes))
	}
	if len(nodes) > MaxNodes { // which ones are kept must not depend on the product's order
		slices.SortStableFunc(nodes, ByImportance)
	}
	kept := nodes[:0]
	for _, n := range nodes {
		n.ID, n.Name, n.Type = d.Label(n.ID), d.Label(n.Name), d.Label(n.Type)
		n.Status, n.ErrorCode = d.Label(n.Status), d.Label(n.ErrorCode)
		id := identity{n.ID, n.Name, n.Type}
		switch {
		case seen[id]:
			d.Drops[dropDuplicate]++
			continue
		case len(kept) == MaxNodes:
			d.Drops[dropLimit]++
			continue
		}
		if seen != nil {
			seen[id] = true
		}
		n.Ratio = d.inRange(n.Ratio, 1)
		kept = append(kept, n)
	}
	return fit(kept)
}

// ByImportance puts nodes with an error first, and else goes by identity.
func ByImportance(a, b progress.Node) int {
	switch {
	case a.ErrorCode != "" && b.ErrorCode == "":
		return -1
	case a.ErrorCode == "" && b.ErrorCode != "":
		return 1
	}
	return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Name, b.Name), strings.Compare(a.Type, b.Type))
}

func (d *Cleaner) samples(samples []progress.Sample, families []progress.Family) []progress.Sample {
	type tally struct {
		count int // how many of a family are kept
		first int // where the first of them is
	}
	var few [32]tally // which need no heap
	tallies := append(few[:0], make([]tally, len(families))...)
	kept := samples[:0]
	for i := range samples {
		s := &samples[i]
		f := &tallies[s.Family]
		switch {
		case f.count == maxSamples:
			d.Drops[dropLimit]++
			continue
		case math.IsNaN(s.Value) || math.IsInf(s.Value, 0), s.Value < 0 && !families[s.Family].Signed:
			d.Drops[dropOutOfRange]++
			continue
		}
		s.Labels = d.labels(s.Labels)
		if f.count == 0 {
			f.first = len(kept)
		} else if contains(kept[f.first:], s) {
			d.Drops[dropDuplicate]++
			continue
		}
		f.count++
		if kept = kept[:len(kept)+1]; len(kept) <= i {
			kept[len(kept)-1] = *s // closes the gap of those left out
		}
	}
	return fit(kept)
}

// fit returns a list whose capacity suits its length. The report is remembered until
// the next read, and would otherwise keep the memory of the million nodes that a
// product may send.
func fit[T any](kept []T) []T {
	if cap(kept) > 2*len(kept)+8 {
		return slices.Clone(kept)
	}
	return kept
}

// contains reports whether the series of s is already there.
func contains(kept []progress.Sample, s *progress.Sample) bool {
	for i := range kept {
		if kept[i].Family == s.Family && slices.Equal(kept[i].Labels, s.Labels) {
			return true
		}
	}
	return false
}

// labels is label for a list, which is copied before it is changed: it may be part of a
// product's table.
func (d *Cleaner) labels(values []string) []string {
	copied := false
	for i, v := range values {
		if fit := d.Label(v); fit != v {
			if !copied {
				values, copied = slices.Clone(values), true
			}
			values[i] = fit
		}
	}
	return values
}

// LabelValue returns s as a label value: valid UTF-8 and at most maxLabelValue
// bytes.
func LabelValue(s string) string { return progress.Cut(valid(s), MaxLabelValue) }

// valid returns s as valid UTF-8.
func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
