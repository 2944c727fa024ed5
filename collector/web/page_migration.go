package web

import (
	"cmp"
	"fmt"
	"slices"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
)

// migration is several rows that are the processes of one job: what a product says of
// one of them is a part of it. Alone, a row is a migration of one part without a name.
type migration struct {
	Name  string // of the job; empty: it is one target
	Parts []*row // those in trouble first
}

// migrations puts rows together that belong together, and sorts them: what wants a look
// comes first, as urgent as its part that is most urgent.
func migrations(rows []*row) []*migration {
	type key struct{ api, name string }
	found := map[key]*migration{}
	var list []*migration
	for _, r := range rows {
		k := key{r.API, r.Migration}
		m := found[k]
		if r.Migration == "" || m == nil {
			m = &migration{Name: r.Migration}
			found[k], list = m, append(list, m)
		}
		m.Parts = append(m.Parts, r)
	}
	for _, m := range list {
		slices.SortStableFunc(m.Parts, func(a, b *row) int { return palette.Urgency(a.Kind()) - palette.Urgency(b.Kind()) })
		if len(m.Parts) == 1 {
			m.Name = ""
		}
	}
	slices.SortStableFunc(list, func(a, b *migration) int { return palette.Urgency(a.Kind()) - palette.Urgency(b.Kind()) })
	return list
}

// Kind returns that of the part which most wants a look.
func (m *migration) Kind() string { return m.Parts[0].Kind() }

// Together says how many targets, or jobs of lists, are the whole.
func (m *migration) Together() string {
	what := "targets"
	if slices.ContainsFunc(m.Parts, func(r *row) bool { return r.JobID != "" }) {
		what = "jobs"
	}
	return fmt.Sprintf("%d %s together", len(m.Parts), what)
}

// API returns the product's name.
func (m *migration) API() string { return m.Parts[0].API }

// Bar returns how far the whole is, as of the part that was read last; of those that were
// read together one that knows, which a job that has left its list does not. Of a whole that
// has succeeded the bytes do not count any more.
func (m *migration) Bar() *bar {
	knows := func(r *row) int { return int(progress.Flag(r.Whole != nil)) }
	last := slices.MaxFunc(m.Parts, func(a, b *row) int { return cmp.Or(a.LastRead.Compare(b.LastRead), knows(a)-knows(b)) })
	if m.all(func(r *row) bool { return r.Kind() == progress.Succeeded.String() }) {
		return newBar(last.Progress(), m.Name)
	}
	return newBar(last.Whole, m.Name)
}

// Ended returns when the last part ended; zero while one goes on, or if it is not known.
func (m *migration) Ended() *moment {
	last := slices.MaxFunc(m.Parts, func(a, b *row) int { return a.End.Compare(b.End) })
	if last.End.IsZero() || !m.all(func(r *row) bool { return r.Ended }) {
		return nil
	}
	at := last.Moment(last.End)
	return &at
}

func (m *migration) all(is func(*row) bool) bool {
	return !slices.ContainsFunc(m.Parts, func(r *row) bool { return !is(r) })
}

// Going returns the part that says how long the whole will take, which all say alike that
// are at work; nil if none does.
func (m *migration) Going() *row {
	if i := slices.IndexFunc(m.Parts, func(r *row) bool { return !r.Expected.IsZero() }); i >= 0 {
		return m.Parts[i]
	}
	return nil
}
