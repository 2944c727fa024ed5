package progress

// State is where a job stands, in the exporter's own closed vocabulary. Products
// map their words to it with one table; a word nobody documented is Unknown.
type State uint8

// The states of a job. The zero value is Unknown, so that a forgotten mapping is
// visible instead of looking healthy.
const (
	Unknown   State = iota // the product used a word that nobody documented
	None                   // there is no job: never started, or acknowledged and forgotten
	Pending                // accepted, not begun
	Running                // work is going on
	Ready                  // the job waits for its operator (mongosync: canCommit); it has not stalled
	Paused                 // stopped on purpose
	Succeeded              // ended well
	Failed                 // ended badly
	Cancelled              // ended by somebody's wish
)

var stateNames = [...]string{"unknown", "none", "pending", "running", "ready", "paused", "succeeded", "failed", "cancelled"}

// States returns every state in the order in which they are shown.
func States() []State {
	return []State{None, Pending, Running, Ready, Paused, Succeeded, Failed, Cancelled, Unknown}
}

// String returns the word used as the value of the label "state".
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return stateNames[Unknown]
}

// Terminal reports whether a job in this state has ended.
func (s State) Terminal() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Active reports whether a job in this state is known to go on.
func (s State) Active() bool {
	return s == Pending || s == Running || s == Ready || s == Paused
}

// ParseState returns the state with the given name, for users' own `states:` maps.
func ParseState(name string) (State, bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return Unknown, false
}
