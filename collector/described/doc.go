// Package described makes a progress.API of a description: some twenty lines of YAML
// that say how to ask a product and, in jq, what its answer means. Nothing behind the
// API knows that no Go was written for it.
//
// A description may come from people who cannot read a crash at night, and its answers
// from anybody. So everything is checked when it is loaded, with all that is wrong at
// once; its expressions are a subset of jq that always ends (subset.go); and a meter
// bounds what one read may cost, whatever the expressions and the answer are (meter.go).
package described
