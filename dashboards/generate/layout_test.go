package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestArrange(t *testing.T) {
	var got []gridPos
	var ids []int
	for _, p := range arrange(beside(4, panel{}, panel{}.wide(10), panel{}, panel{}), heading("x"), beside(9, panel{})) {
		got, ids = append(got, p.GridPos), append(ids, p.ID)
	}
	want := []gridPos{{4, 4, 0, 0}, {4, 10, 4, 0}, {4, 5, 14, 0}, {4, 5, 19, 0}, {1, 24, 0, 4}, {9, 24, 0, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
}
