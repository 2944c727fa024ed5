// Package memoryfile keeps what the exporter remembers in a file, so that a restart forgets
// nothing. It knows what an entry looks like and how a file is kept whole; what an entry
// means, and when one is worth writing, is the engine's business.
//
// The file is JSON with one entry a line, for a person to read. It is never written in
// place: a temporary file in the same directory is written, synced and renamed, so that
// a process that is killed at any moment leaves the old file or the new one. Keys of jobs
// may be secrets (an install token) and stand in it as salted hashes only.
package memoryfile
