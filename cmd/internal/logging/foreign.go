package logging

import (
	"bytes"
	"io"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
)

// handshake is how net/http begins its line about a client whose TLS handshake failed.
const handshake = "http: TLS handshake error"

// Foreign returns a writer for loggers of the standard library (log.New, log.SetOutput)
// without flags and prefix. Each line becomes the msg of a warning. A failed TLS handshake
// of a client is only for debug: the health checks of a load balancer open a connection and
// close it, every few seconds, and a client that means it reports the failure itself.
//
// The adapter of go-kit is not used, because it takes an address in a line for the place
// in the source and writes it as a second caller.
func Foreign(logger log.Logger) io.Writer { return foreign{logger} }

type foreign struct{ logger log.Logger }

// Write takes one line, as the standard logger writes them.
func (f foreign) Write(line []byte) (int, error) {
	at := level.Warn
	if bytes.HasPrefix(line, []byte(handshake)) {
		at = level.Debug
	}
	if err := at(f.logger).Log("msg", string(bytes.TrimRight(line, "\n"))); err != nil {
		return 0, err
	}
	return len(line), nil
}
