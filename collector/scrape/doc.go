// Package scrape reads targets in parallel under a deadline: who reads when, who shares a
// read with whom, and what is said of a read that is late. What it returns is a snapshot,
// with a reading for every target.
package scrape
