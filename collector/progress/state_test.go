package progress

import "testing"

func TestStates(t *testing.T) {
	for s, want := range map[State]struct {
		name             string
		terminal, active bool
	}{
		Unknown: {"unknown", false, false}, None: {"none", false, false},
		Pending: {"pending", false, true}, Running: {"running", false, true}, Ready: {"ready", false, true}, Paused: {"paused", false, true},
		Succeeded: {"succeeded", true, false}, Failed: {"failed", true, false}, Cancelled: {"cancelled", true, false},
		Cancelled + 1: {"unknown", false, false},
	} {
		if s.String() != want.name || s.Terminal() != want.terminal || s.Active() != want.active {
			t.Errorf("%d: %s, terminal %v, active %v; want %v", s, s, s.Terminal(), s.Active(), want)
		}
	}
}
