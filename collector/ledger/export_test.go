package ledger

// StopClock ends what the saver does by the clock, for a benchmark that saves by itself.
func (s *Saver) StopClock() {
	s.stop()
	<-s.done
}

// SaveNow writes what has changed.
func (s *Saver) SaveNow() { s.save(false) }
