// Package status is what a program tells a person about a job, in words instead of series:
// the page /targets and progressctl say the same by it.
package status
