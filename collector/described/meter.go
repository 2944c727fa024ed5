package described

import (
	"context"
	"encoding/json"
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

// Done counts one step. The channel is closed once no steps are left. It does not tell
// that the read itself was given up: the fetch finds that.
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
		cost := 20 + 5*len(v)
		for key := range v {
			cost += len(key) / unit
		}
		return cost
	case json.Number: // one that no int holds is made anew as a big one, whenever it is looked at
		if len(v) > 18 {
			return 1 + len(v)/4
		}
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

// comparisons is how often an element is compared while a list is sorted, at least: with
// as many elements as a read can pay for it may be twice as often.
const comparisons = 8

// paySort pays for a value that is compared with others, and everything inside of it.
func (m *meter) paySort(v any) error {
	before := m.left
	if err := m.payAll(v); err != nil {
		return err
	}
	return m.pay((comparisons - 1) * (before - m.left))
}

// payNumber pays for a text that is to become a number. One of thousands of digits would
// become an integer as long, which takes the square of that.
func payNumber(m *meter, v any) any {
	if s, ok := v.(string); ok && len(s) > maxDigits {
		return mistakef("tonumber is given a text of more than %d bytes", maxDigits)
	}
	return orError(v, m.pay(width(v)))
}

// payAdd pays for what is to be added. A text that is too long is refused before it is made.
func payAdd(m *meter, v any) any {
	if err := m.payAll(v); err != nil {
		return err
	}
	length := 0
	list, _ := v.([]any)
	for _, inner := range list {
		if s, ok := inner.(string); ok {
			length += len(s)
		}
	}
	if length > maxText {
		return mistakef("add makes a text of more than %d bytes", maxText)
	}
	return v
}
