package fetch

import (
	"bytes"
	"io"
)

// unasked is in what net/http says about bytes that a server sent behind the end of
// an answer, or before it was asked. The text is that of Go 1.26.
const unasked = "Unsolicited response received on idle HTTP channel"

// Discreet returns a writer for Go's standard logger (log.SetOutput), over w, that
// leaves out what net/http has to say about a server that speaks unasked: there is
// no other way to keep a piece of an answer out of the log, for net/http quotes it,
// and a proxy that sends more than its Content-Length would have a line at every
// read. Whatever harm comes of it, the read itself fails and says so.
func Discreet(w io.Writer) io.Writer { return discreet{w} }

type discreet struct{ next io.Writer }

// Write takes one line, as the standard logger writes them.
func (d discreet) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte(unasked)) {
		return len(line), nil
	}
	return d.next.Write(line)
}
