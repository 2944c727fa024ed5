package mongosync

import "progress_exporter/collector/progress"

// failedPing is the latency that stands for a ping that failed.
const failedPing = -1

// leaveOut takes numbers that cannot be out of an answer, as if mongosync had not said them:
// all of them count or measure something, so that none is below 0. It adds their names to
// unread. Otherwise a lag of -2 would be left out of the metrics, and would still count as a
// process that keeps up. The bytes are left to the engine, which knows that a ratio is made
// of them.
func (p *syncInfo) leaveOut(unread []progress.Unread) []progress.Unread {
	below0 := func(object, field string, v **float64) {
		if *v != nil && **v < 0 {
			*v, unread = nil, progress.AddUnread(unread, object+field, progress.NumberField)
		}
	}
	const top = "progress."
	below0(top, "lagTimeSeconds", &p.LagTimeSeconds)
	below0(top, "totalEventsApplied", &p.TotalEventsApplied)
	below0(top, "estimatedSecondsToCEACatchup", &p.EstimatedSecondsToCEACatchup)
	if l := p.Lag; l != nil {
		const object = top + "lag."
		below0(object, "overallLagSeconds", &l.OverallLagSeconds)
		below0(object, "crudLagSeconds", &l.CRUDLagSeconds)
		below0(object, "ddlLagSeconds", &l.DDLLagSeconds)
	}
	if b := p.IndexBuilding; b != nil {
		const object = top + "indexBuilding."
		below0(object, "indexesBuilt", &b.IndexesBuilt)
		below0(object, "totalIndexesToBuild", &b.TotalIndexesToBuild)
		below0(object, "collectionsFinished", &b.CollectionsFinished)
		below0(object, "collectionsTotal", &b.CollectionsTotal)
	}
	for _, s := range sides(p) {
		if s.ping != nil && s.ping.PingLatencyMs != nil && *s.ping.PingLatencyMs != failedPing {
			below0(top+s.name, ".pingLatencyMs", &s.ping.PingLatencyMs)
		}
		if v := s.verifier; v != nil {
			object := top + "verification." + s.name
			below0(object, ".lagTimeSeconds", &v.LagTimeSeconds)
			below0(object, ".estimatedDocumentCount", &v.EstimatedDocumentCount)
			below0(object, ".hashedDocumentCount", &v.HashedDocumentCount)
			below0(object, ".totalCollectionCount", &v.TotalCollectionCount)
			below0(object, ".scannedCollectionCount", &v.ScannedCollectionCount)
		}
	}
	return unread
}
