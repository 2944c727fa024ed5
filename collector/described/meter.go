package described

import (
	"context"
	"errors"
)

// fuel is what the expressions of one read may spend together. A step of gojq costs 1,
// and so do 16 bytes that a step looks at or makes: either takes some 30 ns at most, so
// that a read is over within some ms and allocates some MiB beside its answer. A node with
// eight expressions takes about 100, so that it is enough for 1 500 of them.
const fuel = 150_000

// unit is how many bytes cost 1.
const unit = 16

// maxText bounds a text that expressions see or make, in bytes: what is longer is cut
// when the answer is read, and refused when it is made.
const maxText = 16 << 10

var errSpent = errors.New("costs more than a read may; does it look at every element for each element?")

// meter is the context of expressions: gojq asks it before every step whether to go on.
// It counts instead of looking at the clock, so that the same answer costs the same on a
// busy machine.
type meter struct {
	context.Context
	left int
	dear int // how many times the usual cost is paid for what a report keeps
}

func newMeter(ctx context.Context) *meter { return &meter{ctx, fuel, 1} }

// listFuel is fuel for a list: enough for a thousand jobs of which little is said. What is
// kept of them costs twice as much, and so takes no more memory.
const listFuel = fuel * 3 / 2

// newMeter returns a meter for a read of what is described.
func (d *description) newMeter(ctx context.Context) *meter {
	if d.jobs != nil {
		return &meter{ctx, listFuel, 2}
	}
	return newMeter(ctx)
}

// spent is the channel of every meter that has nothing left.
var spent = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()

// Done counts one step. It is closed once nothing is left; that the read itself was
// given up is seen by whoever fetches.
func (m *meter) Done() <-chan struct{} {
	m.left--
	if m.left < 0 {
		return spent
	}
	return nil
}

// Err says why Done is closed.
func (m *meter) Err() error {
	if m.left < 0 {
		return errSpent
	}
	return nil
}

// pay counts so many steps more. A caller that has nothing left must not go on: its
// error may be caught by the expression, but the next step is the last.
func (m *meter) pay(steps int) error {
	m.left -= min(steps, m.left+1)
	if m.left < 0 {
		return errSpent
	}
	return nil
}

// keep pays for a part of a report.
func (m *meter) keep(cost int) error { return m.pay(cost * m.dear) }

// width is what it costs to look at a value, but not into what is inside of it.
func width(v any) int {
	switch v := v.(type) {
	case string:
		return 1 + len(v)/unit
	case []any:
		return 1 + 3*len(v)
	case map[string]any:
		return 20 + 4*len(v)
	}
	return 1
}

// payAll pays for a value and everything inside of it.
func (m *meter) payAll(v any) error {
	if err := m.pay(width(v)); err != nil {
		return err
	}
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			if err := m.payAll(inner); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, inner := range v {
			if err := m.payAll(inner); err != nil {
				return err
			}
		}
	}
	return nil
}
