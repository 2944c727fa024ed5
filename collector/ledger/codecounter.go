package ledger

import "slices"

const (
	// maxCodes bounds the error codes that a target may add to the documented ones.
	maxCodes = 32
	// otherCode stands for every code beyond that bound.
	otherCode = "other"
)

// CodeCount is one value of a counter with the label error_code.
type CodeCount struct {
	Code  string  // the value of the label
	Count float64 // of the errors that were counted under it
}

// codeCounter counts events by error code. Its slice is replaced, never changed,
// so that a view can keep it without a copy.
type codeCounter struct {
	counts []CodeCount
	free   int // how many further codes may still be added
}

// newCodeCounter returns a counter in which every documented code exists at 0.
func newCodeCounter(documented []string) codeCounter {
	c := codeCounter{free: maxCodes}
	for _, code := range documented {
		c.counts = append(c.counts, CodeCount{Code: code})
	}
	return c
}

// add counts one event, under its own code or, once the bound is reached, under
// otherCode.
func (c *codeCounter) add(code string) { c.count(code, 1) }

// count counts so many events.
func (c *codeCounter) count(code string, events float64) {
	code = c.admit(code)
	counts := slices.Clone(c.counts)
	counts[c.index(code)].Count += events
	c.counts = counts
}

// admit makes sure that code has a place, at 0 if it is new, and returns the code
// that stands for it.
func (c *codeCounter) admit(code string) string {
	if c.index(code) >= 0 {
		return code
	}
	if c.free <= 0 {
		code = otherCode
		if c.index(code) >= 0 {
			return code
		}
	}
	c.free--
	c.counts = append(slices.Clip(c.counts), CodeCount{Code: code})
	return code
}

func (c *codeCounter) index(code string) int {
	return slices.IndexFunc(c.counts, func(cc CodeCount) bool { return cc.Code == code })
}
