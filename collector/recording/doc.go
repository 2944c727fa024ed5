// Package recording keeps what products answered, read after read, in a file that may be
// shown to others, and hands it out again at another time.
//
// Such a file is a life: JSON lines, of which the first says what was recorded (Head) and
// each other one what a read brought (Read). What must not be seen is taken out before a
// line is written (redact.go), so that a file is safe whoever reads it later. A file is
// never written to twice: what is too much for one, or comes after an interruption, goes
// into the next part (LIFE-2.jsonl, LIFE-3.jsonl), and a last line that is torn is read
// past.
package recording
