package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
)

// errCut says that the program did not end as calmly as it should have.
var errCut = errors.New("stopped before all was finished")

// closing is what there is at the least for closing, however little time was granted.
const closing = time.Second

// stopper ends the program once the first signal came.
type stopper struct {
	server  *http.Server
	signals <-chan os.Signal
	within  time.Duration // from the first signal to the end
	close   func()        // ends the reads and keeps what has to be kept
	logger  log.Logger
}

// stop lets the scrapes under way finish and no new ones begin; when they are over,
// or too slow, or a second signal comes, it cuts what is left and closes. A tenth of
// the time is kept for that. Whatever happened, close is called; if even that takes
// too long, the error says so, and so it does after a second signal. A third signal
// ends the process as if nobody had listened.
func (s *stopper) stop() error {
	_ = level.Info(s.logger).Log("msg", "Stopping; running scrapes may finish", "within", s.within)
	end, cancel := context.WithTimeout(context.Background(), max(s.within, closing))
	defer cancel()
	drain, cut := context.WithTimeout(end, s.within-s.within/10)
	defer cut()
	hurry := make(chan struct{})
	go func() {
		select {
		case <-s.signals:
			close(hurry)
			cut()
			signal.Reset(stopSignals()...)
		case <-end.Done():
		}
	}()
	if err := s.server.Shutdown(drain); err != nil {
		_ = level.Warn(s.logger).Log("msg", "some scrapes did not finish", "err", err)
		_ = s.server.Close()
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.close()
	}()
	select {
	case <-closed:
	case <-end.Done():
		_ = level.Error(s.logger).Log("msg", "some reads did not end, leaving them", "within", s.within)
		return errCut
	}
	select {
	case <-hurry:
		_ = level.Warn(s.logger).Log("msg", "Stopped at once, by a second signal")
		return errCut
	default:
	}
	_ = level.Info(s.logger).Log("msg", "Stopped")
	return nil
}
