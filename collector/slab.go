package collector

// slab hands out values that are allocated many at a time, and the more the more
// there are: an exposition may have ten series or a hundred thousand.
type slab[T any] struct {
	free []T
	size int // of the last allocation, in values
}

// The least and the most that is allocated at a time, in values.
const (
	smallSlab = 16
	largeSlab = 512
)

// next returns a pointer to a zero value.
func (s *slab[T]) next() *T { return &s.take(1)[0] }

// list returns an empty slice with room for n values.
func (s *slab[T]) list(n int) []T { return s.take(n)[:0] }

func (s *slab[T]) take(n int) []T {
	if len(s.free) < n {
		s.size = min(max(2*s.size, smallSlab), largeSlab)
		s.free = make([]T, max(s.size, n))
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}
