package mongosync

import "progress_exporter/collector/progress"

// The indexes of families.
const (
	famProcessState = iota
	famPhase
	famCEAStage
	famCanCommit
	famCanWrite
	famLag
	famEventsApplied
	famCatchup
	famOplogTime
	famWarnings
	famPingLatency
	famPingFailed
	famIndexesBuilt
	famIndexesToBuild
	famIndexCollectionsFinished
	famIndexCollections
	famVerificationPhase
	famVerificationLag
	famVerificationEstimatedDocuments
	famVerificationHashedDocuments
	famVerificationCollections
	famVerificationScannedCollections
)

// families declares the metrics that only mongosync has: every number, boolean and
// closed word of its answer that has no common metric.
func families() []progress.Family {
	return []progress.Family{
		famProcessState: {
			Name:   "process_state",
			Labels: []string{"process_state"},
			Help:   "1 for the state that mongosync reports, 0 for the others; other is a word that is not documented. INITIALIZING exists since mongosync 1.20.",
		},
		famPhase: {
			Name:   "phase",
			Labels: []string{"phase"},
			Help:   "1 for the phase of the migration (the field info), 0 for the others; other is any text that is not documented, as there is before the copy. Absent while mongosync names none, as in the state IDLE.",
		},
		famCEAStage: {
			Name:   "cea_stage",
			Labels: []string{"stage"},
			Help:   "1 for the stage of change event application, in mongosync's own words, 0 for the others; other is any other word. Absent while mongosync names none. Since mongosync 1.22.",
		},
		famCanCommit: {
			Name: "can_commit",
			Help: "1 if mongosync reports that a commit request will succeed. Since mongosync 1.21 it is 0 while mongosync or the verifier lags by more than 30 seconds, so that it can change back and forth.",
		},
		famCanWrite: {
			Name: "can_write",
			Help: "1 if writes are permitted on the destination cluster; do not write to it while this is 0.",
		},
		famLag: {
			Name:   "lag_seconds",
			Labels: []string{"component"},
			Help:   "Seconds of lag behind the source as mongosync reports them: overall, of CRUD and of DDL operations; do not add them up. Since mongosync 1.21; absent while paused. progress_lag_time_seconds exists with every version.",
		},
		famEventsApplied: {
			Name: "events_applied",
			Help: "Change events that this process has applied, approximately. mongosync does not persist the number and leaves some events out: it begins again at 0 when the process restarts. Since mongosync 1.8.",
		},
		famCatchup: {
			Name: "estimated_catchup_seconds",
			Help: "Seconds until change event application has caught up with the source, as mongosync estimates them. Absent outside of change event application and while the lag does not shrink. Since mongosync 1.14.",
		},
		famOplogTime: {
			Name:   "oplog_time_remaining_seconds",
			Labels: []string{"bound"},
			Help:   "Seconds of the source's oplog between its oldest entry and the oldest one that mongosync still needs; without that entry the migration fails. bound is none for an estimate, less_than or more_than where mongosync names a limit only: less than 15 minutes is 900 with less_than. Refreshed every 5 minutes, absent while not checked and once writes are permitted; wrong on sharded clusters before mongosync 1.21. Since mongosync 1.19.",
		},
		famWarnings: {
			Name: "warnings",
			Help: "Warnings in the answer; their texts are in the answer alone. One warns of a short oplog, one only reports that mongosync blocks writes on the source, so that a warning is no error. mongosync leaves the list out when there are none, and this metric with it. Since mongosync 1.19.",
		},
		famPingLatency: {
			Name:   "ping_latency_seconds",
			Labels: []string{"side"},
			Help:   "Seconds that the last ping of the cluster took, measured every 30 seconds. Absent while it is below 1 millisecond, not measured yet or failed. Since mongosync 1.17.",
		},
		famPingFailed: {
			Name:   "ping_failed",
			Labels: []string{"side"},
			Help:   "1 if the last ping of the cluster failed, 0 if its latency is known. Absent while mongosync reports neither: not measured yet, or below 1 millisecond. Since mongosync 1.17.",
		},
		famIndexesBuilt: {
			Name: "indexes_built",
			Help: "Indexes that mongosync has finished building. Present during change event application, if start asked to build indexes after the copy. Since mongosync 1.19.",
		},
		famIndexesToBuild: {
			Name: "indexes_to_build",
			Help: "Indexes that mongosync has to build, with those that it has built. The largest collections come first, so that the share of built indexes is not the share of time. Since mongosync 1.19.",
		},
		famIndexCollectionsFinished: {
			Name: "index_collections_finished",
			Help: "Collections whose indexes are all built. Since mongosync 1.19.",
		},
		famIndexCollections: {
			Name: "index_collections",
			Help: "Collections whose indexes mongosync has to build, with those that are finished. Since mongosync 1.19.",
		},
		famVerificationPhase: {
			Name:   "verification_phase",
			Labels: []string{"side", "phase"},
			Help:   "1 for the phase of the embedded verifier on the cluster, 0 for the others; other is a word that is not documented. It can step back from stream hashing to initial hashing. Since mongosync 1.22 it is not started until change event application. Since mongosync 1.9.",
		},
		famVerificationLag: {
			Name:   "verification_lag_seconds",
			Labels: []string{"side"},
			Help:   "Seconds since the last verification check on the cluster. Since mongosync 1.9.",
		},
		famVerificationEstimatedDocuments: {
			Name:   "verification_estimated_documents",
			Labels: []string{"side"},
			Help:   "Documents on the cluster, an estimate that was too high before mongosync 1.14. Since mongosync 1.9.",
		},
		famVerificationHashedDocuments: {
			Name:   "verification_hashed_documents",
			Labels: []string{"side"},
			Help:   "Documents of the cluster that the verifier has hashed. Since mongosync 1.9.",
		},
		famVerificationCollections: {
			Name:   "verification_collections",
			Labels: []string{"side"},
			Help:   "Collections of the cluster that are to be verified. Since mongosync 1.9.",
		},
		famVerificationScannedCollections: {
			Name:   "verification_scanned_collections",
			Labels: []string{"side"},
			Help:   "Collections of the cluster that the verifier has scanned. Since mongosync 1.9.",
		},
	}
}
