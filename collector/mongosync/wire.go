package mongosync

// The answer of GET /api/v1/progress as the page "progress" of the mongosync
// reference documents it for the versions 1.0 to 1.22
// (https://www.mongodb.com/docs/mongosync/current/reference/api/progress/). A
// field that is absent or null is nil, or empty where it is text: mongosync did
// not say it. Numbers are decoded as the float64 they become; the documented
// integers are exact up to 2^53.

// response is the whole answer, of either kind.
type response struct {
	Success          *bool     `json:"success"`          // since 1.8
	Error            string    `json:"error"`            // the name of an error; up to 1.7 its description
	ErrorDescription string    `json:"errorDescription"` // free text, since 1.8
	Progress         *syncInfo `json:"progress" progress:"essential"`
}

// syncInfo is the object "progress". In the state IDLE everything but State and
// CanCommit is null.
type syncInfo struct {
	State     string `json:"state" progress:"essential"`
	CanCommit *bool  `json:"canCommit" progress:"essential"`
	CanWrite  *bool  `json:"canWrite"`
	Info      string `json:"info"`     // the phase, an open set; see phases
	CEAStage  string `json:"ceaStage"` // since 1.22; CEA is change event application

	Lag                *lag     `json:"lag"`            // since 1.21; null while PAUSED
	LagTimeSeconds     *float64 `json:"lagTimeSeconds"` // deprecated in 1.21 and to be removed one day; null while PAUSED
	TotalEventsApplied *float64 `json:"totalEventsApplied"`

	CollectionCopy   *collectionCopy   `json:"collectionCopy" progress:"essential"`
	DirectionMapping *directionMapping `json:"directionMapping"`
	MongosyncID      string            `json:"mongosyncID"`   // since 1.3
	CoordinatorID    string            `json:"coordinatorID"` // since 1.3; null until the coordinator is known

	Source       *ping         `json:"source"`       // since 1.17
	Destination  *ping         `json:"destination"`  // since 1.17
	Verification *verification `json:"verification"` // since 1.9

	EstimatedSecondsToCEACatchup *float64       `json:"estimatedSecondsToCEACatchup"` // since 1.14
	EstimatedOplogTimeRemaining  string         `json:"estimatedOplogTimeRemaining"`  // since 1.19, a text
	IndexBuilding                *indexBuilding `json:"indexBuilding"`                // since 1.19
	Warnings                     []string       `json:"warnings"`                     // since 1.19; absent when there are none

	AtlasLiveMigrate *atlasLiveMigrate `json:"atlasLiveMigrateMetrics"`
}

// atlasLiveMigrate is documented nowhere. It is seen in answers of Atlas Live Migrate by
// people who read its logs (mongodb/support-tools, migration/mongosync_insights), who take the
// events from here where totalEventsApplied has none. So it counts as work, lest such a
// migration looks as if it stood still, and becomes no series: nobody promises that it means
// what its names say. The same people know initialNumCollectionsTotal and PhaseTransitions[],
// with Phase and Ts.T, which move without work or with info.
type atlasLiveMigrate struct {
	CollectionsCopied asWritten `json:"initialNumCollectionsCopied"`
	CRUDEventsApplied asWritten `json:"totalCRUDEventsApplied"`
	DDLEventsApplied  asWritten `json:"totalDDLEventsApplied"`
}

// asWritten is a value as it stands in the answer, whatever it is; empty if it is absent.
type asWritten string

// UnmarshalJSON takes everything.
func (a *asWritten) UnmarshalJSON(b []byte) error {
	*a = asWritten(b)
	return nil
}

type lag struct {
	OverallLagSeconds *float64 `json:"overallLagSeconds"`
	CRUDLagSeconds    *float64 `json:"crudLagSeconds"`
	DDLLagSeconds     *float64 `json:"ddlLagSeconds"`
}

// collectionCopy starts with the placeholder 0 of 1 byte. The total is an estimate
// for the whole migration, the copied bytes are those of this process alone.
type collectionCopy struct {
	EstimatedTotalBytes  *float64 `json:"estimatedTotalBytes" progress:"essential"`
	EstimatedCopiedBytes *float64 `json:"estimatedCopiedBytes" progress:"essential"`
}

// directionMapping names the clusters as "<cluster name>: <host>:<port>". They
// change places when the migration is reversed.
type directionMapping struct {
	Source      string `json:"Source"`
	Destination string `json:"Destination"`
}

// ping is how far a cluster is away. The latency is absent while it is not
// measured or below 1 ms, and -1 when the last ping failed.
type ping struct {
	PingLatencyMs *float64 `json:"pingLatencyMs"`
}

// verification is what the embedded verifier says about the two clusters.
type verification struct {
	Source      *verifier `json:"source"`
	Destination *verifier `json:"destination"`
}

type verifier struct {
	Phase                  string   `json:"phase"`
	LagTimeSeconds         *float64 `json:"lagTimeSeconds"`
	EstimatedDocumentCount *float64 `json:"estimatedDocumentCount"`
	HashedDocumentCount    *float64 `json:"hashedDocumentCount"`
	TotalCollectionCount   *float64 `json:"totalCollectionCount"`
	ScannedCollectionCount *float64 `json:"scannedCollectionCount"`
}

// indexBuilding is there during change event application only, and only when
// indexes are built after the copy.
type indexBuilding struct {
	IndexesBuilt        *float64 `json:"indexesBuilt"`
	TotalIndexesToBuild *float64 `json:"totalIndexesToBuild"`
	CollectionsFinished *float64 `json:"collectionsFinished"`
	CollectionsTotal    *float64 `json:"collectionsTotal"`
}
