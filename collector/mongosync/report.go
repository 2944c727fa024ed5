package mongosync

import (
	"slices"

	"progress_exporter/collector/progress"
)

// report says an answer in the exporter's words.
//
// Report.Job stays empty. mongosync has no identifier of a migration: mongosyncID
// and coordinatorID name processes, are null while a process starts, and stay the
// same for its next migration; directionMapping changes places on a reverse.
// Anything made of them would end a running job where there is no new one. The
// URL is the job, and its state tells where one migration ends.
func report(p *syncInfo, unread []progress.Unread) progress.Report {
	r := progress.Report{
		State:   stateOf(p),
		Word:    p.State,
		Quiet:   quiet(p),
		Lag:     lagOf(p),
		Info:    info(p),
		Samples: samples(p),
		Work:    work(p),
		Unread:  unread,
	}
	if t := p.EstimatedOplogTimeRemaining; t != "" && !unchecked(t) && !slices.ContainsFunc(r.Samples, isOplogTime) {
		r.Unread = progress.AddUnread(r.Unread, "progress.estimatedOplogTimeRemaining", progress.TextField)
	}
	if c := p.CollectionCopy; c != nil {
		r.CopiedBytes, r.TotalBytes = c.EstimatedCopiedBytes, c.EstimatedTotalBytes
		r.Ratio = ratio(c)
	}
	return r
}

// stateOf maps the states of the page "mongosync States"
// (https://www.mongodb.com/docs/mongosync/current/reference/mongosync-states/).
func stateOf(p *syncInfo) progress.State {
	switch p.State {
	case "INITIALIZING":
		return progress.Pending
	case "IDLE":
		return progress.None
	case "RUNNING":
		if p.CanCommit != nil && *p.CanCommit {
			return progress.Ready
		}
		return progress.Running
	case "PAUSED":
		return progress.Paused
	case "COMMITTING", "REVERSING":
		return progress.Running
	case "COMMITTED":
		return progress.Succeeded
	}
	return progress.Unknown
}

// KeptUp is the lag, in seconds, up to which a process keeps up with its source. "Small
// positive values" are normal with an idle source, says the page "progress"; since 1.21 a
// commit wants at most 30 seconds, of the verifier as well. The alerting rules have the same
// number, and a test beside them holds the two together.
const KeptUp = 30

// quiet reports whether there may be nothing to see while the process works. In change
// event application only changes of the source and finished index builds are counted:
// nothing moves while one large index is built, or when nobody writes to the source and
// the process has kept up. While a commit or a reverse is under way the application
// stands still, so that nothing excuses it.
func quiet(p *syncInfo) bool {
	if p.State != "RUNNING" || p.Info != "change event application" {
		return false
	}
	if b := p.IndexBuilding; b != nil && b.IndexesBuilt != nil && b.TotalIndexesToBuild != nil && *b.IndexesBuilt < *b.TotalIndexesToBuild {
		return true
	}
	lag := lagOf(p)
	return lag == nil || *lag <= KeptUp
}

// lagOf returns the lag in seconds, from the newest field that says it.
func lagOf(p *syncInfo) *float64 {
	if p.Lag != nil && p.Lag.OverallLagSeconds != nil {
		return p.Lag.OverallLagSeconds
	}
	return p.LagTimeSeconds
}

// ratio is this process' share of the copy; on a sharded cluster it never reaches
// 1, because the total is that of all processes. Up to version 1.20 it can exceed
// 1. The answer 0 of 1 byte stands for "not known yet".
func ratio(c *collectionCopy) *float64 {
	copied, total := c.EstimatedCopiedBytes, c.EstimatedTotalBytes
	if copied == nil || total == nil || *total <= 0 || *copied == 0 && *total == 1 {
		return nil
	}
	return progress.Ptr(*copied / *total)
}

func info(p *syncInfo) []progress.Label {
	var d directionMapping
	if p.DirectionMapping != nil {
		d = *p.DirectionMapping
	}
	var labels []progress.Label
	for _, l := range [...]progress.Label{
		{Name: "mongosync_id", Value: p.MongosyncID},
		{Name: "coordinator_id", Value: p.CoordinatorID},
		{Name: "source", Value: d.Source},
		{Name: "destination", Value: d.Destination},
	} {
		if l.Value == "" {
			continue
		}
		if labels == nil {
			labels = make([]progress.Label, 0, 4)
		}
		labels = append(labels, l)
	}
	return labels
}

// work adds what a migration moves beside its state and its bytes. Left out is
// what moves without work: lag, estimates, totals, pings, warnings and canCommit,
// which follows the lag.
func work(p *syncInfo) progress.Work {
	var w progress.Work
	w.Text("info", p.Info)
	w.Text("cea_stage", p.CEAStage)
	w.Number("events_applied", p.TotalEventsApplied)
	if b := p.IndexBuilding; b != nil {
		w.Number("indexes_built", b.IndexesBuilt)
		w.Number("index_collections_finished", b.CollectionsFinished)
	}
	if m := p.AtlasLiveMigrate; m != nil {
		w.Text("atlas_collections_copied", string(m.CollectionsCopied))
		w.Text("atlas_crud_events_applied", string(m.CRUDEventsApplied))
		w.Text("atlas_ddl_events_applied", string(m.DDLEventsApplied))
	}
	for _, s := range sides(p) {
		if v := s.verifier; v != nil {
			w.Text(s.name+"_verification_phase", v.Phase)
			w.Number(s.name+"_hashed_documents", v.HashedDocumentCount)
			w.Number(s.name+"_scanned_collections", v.ScannedCollectionCount)
		}
	}
	return w
}

// side is what the answer says about one of the two clusters.
type side struct {
	name     string
	labels   []string // the name alone, for the families with the label side
	ping     *ping
	verifier *verifier
}

// sideNames are the values of the label side.
var sideNames = []string{"source", "destination"}

func sides(p *syncInfo) [2]side {
	var v verification
	if p.Verification != nil {
		v = *p.Verification
	}
	return [2]side{
		{name: sideNames[0], labels: sideNames[:1:1], ping: p.Source, verifier: v.Source},
		{name: sideNames[1], labels: sideNames[1:], ping: p.Destination, verifier: v.Destination},
	}
}
