// Package lives is the table of job lives: what a job of each product goes through, and
// what has to page meanwhile. Everything else has to stay silent. A life is played by the
// product's fake, the exporter as it is, and the shipped rules, under a virtual clock.
package lives
