package series

// slab hands out values that are allocated many at a time, and the more the more
// there are: an exposition may have ten series or a hundred thousand.
type slab[T any] struct {
	last []T // what was allocated last
	free []T // what is left of it
}

// The least and the most that is allocated at a time, in values.
const (
	smallSlab = 16
	largeSlab = 4096
)

// next returns a pointer to a zero value.
func (s *slab[T]) next() *T { return &s.take(1)[0] }

// list returns an empty slice with room for n values.
func (s *slab[T]) list(n int) []T { return s.take(n)[:0] }

func (s *slab[T]) take(n int) []T {
	if len(s.free) < n {
		s.last = make([]T, max(min(max(2*len(s.last), smallSlab), largeSlab), n))
		s.free = s.last
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

// reset takes back everything that was handed out; it must not be used any more. The
// slab that was allocated last is kept for the next time, at most largeSlab values.
func (s *slab[T]) reset() {
	if len(s.last) > largeSlab {
		s.last, s.free = nil, nil
		return
	}
	clear(s.last[:len(s.last)-len(s.free)])
	s.free = s.last
}
