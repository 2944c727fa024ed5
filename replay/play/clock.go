package play

import (
	"sync/atomic"
	"time"
)

// Clock is the virtual time, which passes only when a play sets it. It is safe for
// concurrent use.
type Clock struct{ milli atomic.Int64 }

// NewClock returns a clock that stands at a moment.
func NewClock(at time.Time) *Clock {
	c := &Clock{}
	c.Set(at)
	return c
}

// Now returns the present moment, to the millisecond, as Prometheus knows it.
func (c *Clock) Now() time.Time { return time.UnixMilli(c.milli.Load()).UTC() }

// Set moves the clock.
func (c *Clock) Set(at time.Time) { c.milli.Store(at.UnixMilli()) }
