// Package progress is the language of the project: what a job's progress is
// (Report, Node, State), why a read can fail (Error, Reason), and the contract a
// product implements to be read (API, Target, Source, Fetch).
//
// It holds plain values and depends on the standard library only. Everywhere in
// it a nil pointer, an empty string or a zero time means "the product did not
// say" and becomes an absent series, never 0.
package progress
