package mongosync

import "progress_exporter/collector/progress"

// The words that mongosync documents; the last of each list takes all others. Of the phase
// that is so also before the copy: "initializing collections and indexes" and "initializing
// partitions" stand in mongosync's log and metadata (as mongodb/support-tools and
// sisteming/mongosync_monitor read them), and no page says whether info has them.
var (
	processStates      = []string{"INITIALIZING", "IDLE", "RUNNING", "PAUSED", "COMMITTING", "COMMITTED", "REVERSING", "other"}
	phases             = []string{"collection copy", "change event application", "waiting for commit to complete", "commit completed", "other"}
	ceaStages          = []string{"collection copy drain", "steady state", "n/a", "other"}
	verificationPhases = []string{"not started", "initial hashing", "stream hashing", "other"}
)

// lags are the kinds of lag that mongosync tells apart.
var lags = []string{"overall", "crud", "ddl"}

// sampleRoom is about the number of samples of an answer that says everything.
const sampleRoom = 52

// samples returns what mongosync said for its own families.
func samples(p *syncInfo) []progress.Sample {
	s := make([]progress.Sample, 0, sampleRoom)
	s = progress.AppendOneOf(s, famProcessState, processStates, said(p.State))
	s = progress.AppendOneOf(s, famPhase, phases, said(p.Info))
	s = progress.AppendOneOf(s, famCEAStage, ceaStages, said(p.CEAStage))
	s = progress.AppendFlag(s, famCanCommit, p.CanCommit)
	s = progress.AppendFlag(s, famCanWrite, p.CanWrite)
	if l := p.Lag; l != nil {
		s = appendWith(s, famLag, lags[0:1:1], l.OverallLagSeconds)
		s = appendWith(s, famLag, lags[1:2:2], l.CRUDLagSeconds)
		s = appendWith(s, famLag, lags[2:3:3], l.DDLLagSeconds)
	}
	s = progress.Append(s, famEventsApplied, p.TotalEventsApplied)
	s = progress.Append(s, famCatchup, p.EstimatedSecondsToCEACatchup)
	if seconds, bound, ok := parseOplogTime(p.EstimatedOplogTimeRemaining); ok {
		s = appendWith(s, famOplogTime, []string{bound}, &seconds)
	}
	if p.Warnings != nil {
		s = progress.Append(s, famWarnings, progress.Ptr(float64(len(p.Warnings))))
	}
	if b := p.IndexBuilding; b != nil {
		s = progress.Append(s, famIndexesBuilt, b.IndexesBuilt)
		s = progress.Append(s, famIndexesToBuild, b.TotalIndexesToBuild)
		s = progress.Append(s, famIndexCollectionsFinished, b.CollectionsFinished)
		s = progress.Append(s, famIndexCollections, b.CollectionsTotal)
	}
	for _, side := range sides(p) {
		s = appendPing(s, side)
		s = appendVerifier(s, side)
	}
	return s
}

// appendPing publishes a failed ping apart from the latencies: -1 is not a time.
func appendPing(s []progress.Sample, side side) []progress.Sample {
	if side.ping == nil || side.ping.PingLatencyMs == nil {
		return s
	}
	ms := *side.ping.PingLatencyMs
	if ms < 0 {
		return appendWith(s, famPingFailed, side.labels, progress.Ptr(1.0))
	}
	s = appendWith(s, famPingLatency, side.labels, progress.Ptr(ms/1000))
	return appendWith(s, famPingFailed, side.labels, progress.Ptr(0.0))
}

func appendVerifier(s []progress.Sample, side side) []progress.Sample {
	v := side.verifier
	if v == nil {
		return s
	}
	first := len(s)
	s = progress.AppendOneOf(s, famVerificationPhase, verificationPhases, said(v.Phase))
	labels := make([]string, 0, 2*len(verificationPhases))
	for i := range s[first:] {
		labels = append(labels, side.name, s[first+i].Labels[0])
		s[first+i].Labels = labels[2*i : 2*i+2 : 2*i+2]
	}
	s = appendWith(s, famVerificationLag, side.labels, v.LagTimeSeconds)
	s = appendWith(s, famVerificationEstimatedDocuments, side.labels, v.EstimatedDocumentCount)
	s = appendWith(s, famVerificationHashedDocuments, side.labels, v.HashedDocumentCount)
	s = appendWith(s, famVerificationCollections, side.labels, v.TotalCollectionCount)
	return appendWith(s, famVerificationScannedCollections, side.labels, v.ScannedCollectionCount)
}

// appendWith is progress.Append for a family with labels.
func appendWith(s []progress.Sample, family int, labels []string, value *float64) []progress.Sample {
	if value == nil {
		return s
	}
	return append(s, progress.Sample{Family: family, Labels: labels, Value: *value})
}

// said returns a word, or nil for the empty one: mongosync did not say it.
func said(word string) *string {
	if word == "" {
		return nil
	}
	return &word
}
