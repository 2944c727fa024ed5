package progress

import (
	"reflect"
	"testing"
)

func TestAppend(t *testing.T) {
	set := []string{"a", "b", "other"}
	for _, tc := range []struct {
		name string
		got  []Sample
		want []Sample
	}{
		{"said", Append(nil, 1, Ptr(2.0)), []Sample{{Family: 1, Value: 2}}},
		{"not said", Append(nil, 1, nil), nil},
		{"true", AppendFlag(nil, 1, Ptr(true)), []Sample{{Family: 1, Value: 1}}},
		{"false", AppendFlag(nil, 1, Ptr(false)), []Sample{{Family: 1}}},
		{"no flag", AppendFlag(nil, 1, nil), nil},
		{"one of a set", AppendOneOf(nil, 2, set, Ptr("b")), []Sample{{2, []string{"a"}, 0}, {2, []string{"b"}, 1}, {2, []string{"other"}, 0}}},
		{"outside the set", AppendOneOf(nil, 2, set, Ptr("x")), []Sample{{2, []string{"a"}, 0}, {2, []string{"b"}, 0}, {2, []string{"other"}, 1}}},
		{"no word", AppendOneOf(nil, 2, set, nil), nil},
	} {
		if !reflect.DeepEqual(tc.got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, tc.got, tc.want)
		}
	}
}

// Nobody can write into a product's table by way of a sample's labels.
func TestLabelsOfAppendOneOf(t *testing.T) {
	set := []string{"a", "b", "other"}
	for _, s := range AppendOneOf(nil, 0, set, Ptr("a")) {
		_ = append(s.Labels, "x")
	}
	if !reflect.DeepEqual(set, []string{"a", "b", "other"}) {
		t.Errorf("the table became %q", set)
	}
}
