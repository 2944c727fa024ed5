// Package faults has no code of its own: its tests drive every product through
// everything that can go wrong between it and the exporter, over real sockets and
// through the whole engine, and write what came of it into docs/faults.md.
//
// A fault is a row of the table in the tests, with the reason that it has to have;
// a product is a column. A new product fails the tests until it has one.
package faults
