// Package web answers HTTP requests: those of Prometheus (/metrics, /probe, /sd) and those
// of people (/targets, the debug view of /probe). It bounds how many it answers at a time.
package web
