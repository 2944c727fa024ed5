package fetch

import (
	"bytes"
	"io"
)

// unasked is a part of the line that net/http logs about bytes that a server sent after
// the end of an answer, or before a request. The text is that of Go 1.26.
const unasked = "Unsolicited response received on idle HTTP channel"

// Discreet returns a writer for Go's standard logger (log.SetOutput), over w, that
// drops the lines of net/http about a server that sends without a request. net/http
// quotes what was sent, and there is no other way to keep a piece of an answer out of
// the log; and a proxy that sends more than its Content-Length would cause a line at
// every read. If such bytes do harm, the read itself fails with an error.
func Discreet(w io.Writer) io.Writer { return discreet{w} }

type discreet struct{ next io.Writer }

// Write takes one line, as the standard logger writes them.
func (d discreet) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(unasked)) {
		return len(line), nil
	}
	return d.next.Write(line)
}
