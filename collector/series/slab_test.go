package series

import "testing"

// What a slab hands out is zero, is nobody else's, and cannot grow into another's.
func TestSlab(t *testing.T) {
	var s slab[int]
	seen := map[*int]bool{}
	for n := range 3 * largeSlab {
		v := s.next()
		if *v != 0 || seen[v] {
			t.Fatalf("value %d is %d, handed out before: %v", n, *v, seen[v])
		}
		*v, seen[v] = 1, true
		l := s.list(n % 7)
		if len(l) != 0 || cap(l) != n%7 {
			t.Fatalf("a list for %d has length %d, room for %d", n%7, len(l), cap(l))
		}
		for i := range l[:cap(l)] {
			if p := &l[:cap(l)][i]; *p != 0 || seen[p] {
				t.Fatalf("list %d: value %d is %d, handed out before: %v", n, i, *p, seen[p])
			} else {
				*p, seen[p] = 1, true
			}
		}
	}
	if l := s.list(5 * largeSlab); cap(l) != 5*largeSlab {
		t.Errorf("a list longer than a slab has room for %d", cap(l))
	}
}

// A slab that was reset hands out zero values again, in the memory that it had last.
func TestSlabIsUsedAgain(t *testing.T) {
	var s slab[int]
	for _, n := range []int{1, smallSlab, smallSlab + 1, 3 * largeSlab, 2} {
		for range n {
			v := s.next()
			if *v != 0 {
				t.Fatalf("of %d values one is %d", n, *v)
			}
			*v = 1
		}
		s.reset()
	}
	s.next()
	before := &s.last[0]
	s.reset()
	if after := s.next(); after != before {
		t.Error("new memory, although there was some")
	}
	s.list(10 * largeSlab)
	s.reset()
	if n := len(s.last); n != 0 {
		t.Errorf("%d values are kept", n)
	}
}
