package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArrange(t *testing.T) {
	var got []gridPos
	var ids []int
	note := func(p panel) { got, ids = append(got, p.GridPos), append(ids, p.ID) }
	for _, p := range arrange(beside(4, panel{}, panel{}.wide(10), panel{}, panel{}), folded("x", beside(7, panel{})), beside(9, panel{})) {
		note(p)
		if p.Panels != nil {
			for _, q := range *p.Panels {
				note(q)
			}
		}
	}
	// What is folded takes no place: the next line is below its heading.
	want := []gridPos{{4, 4, 0, 0}, {4, 10, 4, 0}, {4, 5, 14, 0}, {4, 5, 19, 0}, {1, 24, 0, 4}, {7, 24, 0, 5}, {9, 24, 0, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6, 7}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}
