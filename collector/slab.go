package collector

// slab hands out values that are allocated many at a time.
type slab[T any] struct{ free []T }

const slabSize = 512

// next returns a pointer to a zero value.
func (s *slab[T]) next() *T { return &s.take(1)[0] }

// list returns an empty slice with room for n values.
func (s *slab[T]) list(n int) []T { return s.take(n)[:0] }

func (s *slab[T]) take(n int) []T {
	if len(s.free) < n {
		s.free = make([]T, max(slabSize, n))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
