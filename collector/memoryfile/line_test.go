package memoryfile

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A line has every field of an entry: one that is added to the struct alone would be lost.
func TestLineHasEveryField(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for range 100 {
		want := anything(r)
		for v, i := reflect.ValueOf(want), 0; i < v.NumField(); i++ {
			seen[v.Type().Field(i).Name] = seen[v.Type().Field(i).Name] || !v.Field(i).IsZero()
		}
		var got Entry
		if err := json.Unmarshal(want.Line(), &got); err != nil {
			t.Fatalf("%v in %s", err, want.Line())
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
	for field, tried := range seen {
		if !tried {
			t.Errorf("%s was never tried", field)
		}
	}
}

func TestLineOfLittle(t *testing.T) {
	e := Entry{Target: "a", API: "x", Home: "h", Created: noon, Reads: 1e15, Failures: 0.5, WorkHash: 9007199254740991}
	want := `{"target":"a","api":"x","home":"h","created":"2026-05-12T12:00:00Z","reads":1000000000000000,"failures":0.5,"reads_ahead":0,"failures_ahead":0,"work_hash":9007199254740991}`
	if got := string(e.Line()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	m := Migration{API: "x", Name: "two \"words\""}
	want = `{"api":"x","migration":"two \"words\"","pace":{}}`
	if got := string(m.Line()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
