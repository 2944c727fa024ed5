package main

import (
	"fmt"

	"progress_exporter/collector/palette"
)

// The closed sets of words of mongosync; what it does not document is other.

func phases() vocabulary {
	return vocabulary{"phase", []said{
		{"collection copy", running()}, {"change event application", pending()},
		{"waiting for commit to complete", ready()}, {"commit completed", succeeded()}, {"other", unknown()},
	}}
}

func processStates() vocabulary {
	return vocabulary{"process_state", []said{
		{"INITIALIZING", pending()}, {"IDLE", none()}, {"RUNNING", running()}, {"PAUSED", paused()},
		{"COMMITTING", ready()}, {"COMMITTED", succeeded()}, {"REVERSING", palette.Late}, {"other", unknown()},
	}}
}

func ceaStages() vocabulary {
	return vocabulary{"stage", []said{
		{"collection copy drain", running()}, {"steady state", succeeded()}, {"n/a", none()}, {"other", unknown()},
	}}
}

func verifications() vocabulary {
	return vocabulary{"phase", []said{
		{"not started", none()}, {"initial hashing", running()}, {"stream hashing", pending()}, {"other", unknown()},
	}}
}

// spoken is a timeline with a band for each process, whose value is the word that holds.
func (s scope) spoken(title, description, metric string, words vocabulary, matchers ...string) panel {
	series := func(word string) string { return s.of(metric, append([]string{word}, matchers...)...) }
	return timeline(title, description, words.names(), curve(perJob(words.number(series)), "{{target}} {{job_id}}"))
}

func phasesOverTime(about scope) panel {
	return about.spoken("Phase", "The phase of each process, in mongosync's own words.", "progress_mongosync_phase", phases()).
		without("No process names a phase.")
}

func stagesOverTime(about scope) panel {
	return about.spoken("Stage of change event application", "In mongosync's own words, since 1.22.", "progress_mongosync_cea_stage", ceaStages()).
		without("No process names a stage: mongosync does since 1.22.")
}

// verifierPhases is a timeline for one side of the migrations.
func verifierPhases(about scope, side string) panel {
	return about.spoken("Verifier on the "+side, "What the embedded verifier does on the "+side+" cluster. It can step back from stream hashing to initial hashing.",
		"progress_mongosync_verification_phase", verifications(), fmt.Sprintf("side=%q", side)).without("No verifier is at work on the " + side + ".")
}
