package main

// relayed is what a relay has to read of mongosync's answer.
type relayed struct {
	Progress struct {
		State                        string
		Info                         string
		CEAStage                     string
		CanCommit, CanWrite          bool
		LagTimeSeconds               float64
		TotalEventsApplied           float64
		EstimatedSecondsToCEACatchup float64
		Lag                          struct{ OverallLagSeconds, CRUDLagSeconds, DDLLagSeconds *float64 }
		CollectionCopy               struct{ EstimatedTotalBytes, EstimatedCopiedBytes float64 }
		DirectionMapping             struct{ Source, Destination string }
		MongosyncID, CoordinatorID   string
		Source, Destination          struct{ PingLatencyMs float64 }
		EstimatedOplogTimeRemaining  string
		IndexBuilding                struct{ IndexesBuilt, TotalIndexesToBuild, CollectionsFinished, CollectionsTotal float64 }
		Verification                 struct{ Source, Destination relayedVerifier }
	}
	Success bool
}

type relayedVerifier struct {
	Phase                                                                                                     string
	LagTimeSeconds, EstimatedDocumentCount, HashedDocumentCount, TotalCollectionCount, ScannedCollectionCount float64
}
