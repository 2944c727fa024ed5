package mongosynctest

import (
	"cmp"
	"net/http"

	"progress_exporter/collector/collectortest/drill"
)

// object is a JSON object. The fake has no types for its answers, so that it
// cannot share a mistake with a decoder.
type object map[string]any

// The fractions of the drill's work at which the migration moves on.
const (
	partitions = 0.015 // after: the phase initializing partitions
	copyBegins = 0.02  // before: the placeholder 0 of 1 byte
	copyEnds   = 0.70  // after: change event application
	drained    = 0.80  // after: the stage steady state
	hashed     = 0.88  // after: the verifier follows the change stream
	ready      = 0.92  // after: canCommit
)

// longestLag is the lag in seconds at the end of the copy.
const longestLag = 600

// answer says a moment of the drill as status and body.
func (s *Server) answer(m drill.Moment) (int, object) {
	switch m.Phase {
	case drill.Waiting:
		p := s.nothing("INITIALIZING")
		p["mongosyncID"] = s.id()
		return success(p)
	case drill.Working:
		return success(s.running(m.Fraction))
	case drill.Done:
		return success(s.committed())
	case drill.Finishing:
		return success(s.committing())
	case drill.Reversing:
		return success(s.reversing())
	case drill.Failed:
		// Which status an error answer has is not documented; 500 is the harder case.
		return http.StatusInternalServerError, object{
			"success": false, "error": "ExampleError", "errorDescription": "an example: the migration has failed",
		}
	case drill.Cancelled, drill.Paused: // mongosync has no such state as cancelled: the operator has paused it
		p := s.running(m.Fraction)
		p["state"], p["canCommit"], p["lag"], p["lagTimeSeconds"] = "PAUSED", false, nil, nil
		delete(p, "estimatedSecondsToCEACatchup")
		delete(p, "estimatedOplogTimeRemaining")
		return success(p)
	}
	return success(s.nothing("IDLE"))
}

func success(p object) (int, object) {
	return http.StatusOK, object{"success": true, "progress": p}
}

// nothing is a process without a migration: all null but the state and canCommit.
func (s *Server) nothing(state string) object {
	return object{
		"state": state, "canCommit": false, "canWrite": nil, "info": nil,
		"lag": nil, "lagTimeSeconds": nil, "totalEventsApplied": nil,
		"collectionCopy": nil, "directionMapping": nil, "mongosyncID": nil, "coordinatorID": nil,
	}
}

// started is what every answer has once a migration was started.
func (s *Server) started(state, info string, copied float64) object {
	total := cmp.Or(s.TotalBytes, 50<<30)
	return object{
		"state": state, "canCommit": false, "canWrite": false, "info": info,
		"lag": nil, "lagTimeSeconds": nil, "totalEventsApplied": 0,
		"collectionCopy": object{
			"estimatedTotalBytes":  total,
			"estimatedCopiedBytes": int64(copied * cmp.Or(s.CopiedShare, 1) * float64(total)),
		},
		"directionMapping": object{"Source": "cluster0: src.example.com:27017", "Destination": "cluster1: dst.example.com:27017"},
		"mongosyncID":      s.id(), "coordinatorID": cmp.Or(s.Coordinator, s.id()),
		"source": object{"pingLatencyMs": 3}, "destination": object{"pingLatencyMs": 12},
	}
}

// running is the state RUNNING when fraction of the work is done.
func (s *Server) running(fraction float64) object {
	if fraction < copyBegins {
		phase := "initializing collections and indexes"
		if fraction >= partitions {
			phase = "initializing partitions"
		}
		p := s.started("RUNNING", phase, 0)
		p["collectionCopy"] = object{"estimatedTotalBytes": 1, "estimatedCopiedBytes": 0}
		p["coordinatorID"] = nil
		p["estimatedOplogTimeRemaining"] = "not checked yet"
		return p
	}
	copied := between(copyBegins, copyEnds, fraction)
	if fraction < copyEnds {
		p := s.started("RUNNING", "collection copy", copied)
		setLag(p, int(longestLag*copied))
		p["estimatedOplogTimeRemaining"] = "more than 72 hours"
		if copied > 0.5 {
			p["estimatedOplogTimeRemaining"] = "12 hours"
		}
		p["verification"] = object{"source": verifier(0, "not started"), "destination": verifier(0, "not started")}
		return p
	}
	return s.applying(fraction)
}

// applying is change event application: the lag falls, the indexes are built, the
// verifier reads both clusters, and at the end the operator may commit.
func (s *Server) applying(fraction float64) object {
	p := s.started("RUNNING", "change event application", 1)
	done := between(copyEnds, ready, fraction)
	lag := 2 + int((longestLag-2)*(1-done))
	setLag(p, lag)
	p["canCommit"] = fraction >= ready
	p["ceaStage"] = "collection copy drain"
	if fraction >= drained {
		p["ceaStage"] = "steady state"
	}
	p["totalEventsApplied"] = int(480000 * between(copyEnds, 1, fraction))
	p["estimatedOplogTimeRemaining"] = "12 hours"
	if done < 1 {
		p["estimatedSecondsToCEACatchup"] = lag / 2
	}
	p["indexBuilding"] = object{
		"indexesBuilt": int(20 * done), "totalIndexesToBuild": 20,
		"collectionsFinished": int(14 * done), "collectionsTotal": 14,
	}
	phase := "initial hashing"
	if fraction >= hashed {
		phase = "stream hashing"
	}
	read := between(copyEnds, hashed, fraction)
	p["verification"] = object{"source": verifier(read, phase), "destination": verifier(read, phase)}
	return p
}

// committing is a commit under way: it waits, and nothing in the answer moves.
func (s *Server) committing() object {
	p := s.started("COMMITTING", "waiting for commit to complete", 1)
	setLag(p, 1)
	p["canCommit"], p["totalEventsApplied"] = true, 480000
	p["warnings"] = []string{"an example: user writes on the source cluster are blocked"} // the real text stands on no page
	return p
}

// reversing is a migration that turns round: what was the source is the destination now.
func (s *Server) reversing() object {
	p := s.started("REVERSING", "change event application", 1)
	setLag(p, 1)
	p["totalEventsApplied"] = 480000
	p["directionMapping"] = object{"Source": "cluster1: dst.example.com:27017", "Destination": "cluster0: src.example.com:27017"}
	return p
}

func (s *Server) committed() object {
	p := s.started("COMMITTED", "commit completed", 1)
	setLag(p, 0)
	p["canCommit"], p["canWrite"] = true, true
	p["ceaStage"] = "steady state"
	p["totalEventsApplied"] = 480000
	p["verification"] = object{"source": verifier(1, "stream hashing"), "destination": verifier(1, "stream hashing")}
	return p
}

func (s *Server) id() string { return cmp.Or(s.ID, "shard01") }

// setLag sets the lag in seconds, in the field of 1.21 and in the one before it.
func setLag(p object, seconds int) {
	p["lag"] = object{"overallLagSeconds": seconds, "crudLagSeconds": seconds, "ddlLagSeconds": nil}
	p["lagTimeSeconds"] = seconds
}

// verifier is the verification of one cluster when share of it is read.
func verifier(share float64, phase string) object {
	v := object{
		"phase": phase, "lagTimeSeconds": nil,
		"estimatedDocumentCount": 1200000, "hashedDocumentCount": int(1200000 * share),
		"totalCollectionCount": 14, "scannedCollectionCount": int(14 * share),
	}
	if phase != "not started" {
		v["lagTimeSeconds"] = 1
	}
	return v
}

// between returns where x stands from low to high, 0–1.
func between(low, high, x float64) float64 {
	return min(max((x-low)/(high-low), 0), 1)
}
