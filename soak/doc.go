// Package soak has no code of its own: its test runs the engine for long, over real
// sockets, with products that fail in turn, a configuration that keeps changing and
// two scrapers at once, and then counts what leaked and what was lost.
//
// With SOAK=1 in the environment (make soak) it makes 10 000 scrapes; without it a
// few, which takes seconds.
package soak
