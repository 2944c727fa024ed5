package lives

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"progress_exporter/replay/play"
)

// lookBack is the longest time for which an alert may go on once its reason is gone,
// because failed reads must not end it.
const lookBack = 10 * time.Minute

// Firing is an alert that fired in a life.
type Firing struct {
	Alert, Severity, Target string
	At                      time.Duration // since the life's beginning
	Delay                   time.Duration // since its cause; -1: it was not wanted
	Summary                 string
}

// judge holds what fired against what had to. It returns what fired and what is wrong.
func (s *stage) judge(r *play.Record) (fired []Firing, wrong []string) {
	episodes := map[string][]*play.Alert{}
	for _, a := range r.Alerts {
		if a.Firing.IsZero() {
			continue
		}
		key := a.Name + " " + about(a)
		episodes[key] = append(episodes[key], a)
	}
	for _, w := range s.wants() {
		key := w.Alert + " " + w.Target
		if s.condition.forgets(w.Learning) {
			fired = append(fired, s.forgiven(&w, episodes[key])...)
			delete(episodes, key)
			continue
		}
		var found *play.Alert
		if list := episodes[key]; len(list) > 0 {
			found, episodes[key] = list[0], list[1:]
		}
		if found == nil {
			wrong = append(wrong, fmt.Sprintf("%s: missed; it had to fire %s to %s after %s%s",
				name(w.Alert, w.Target), w.Earliest, s.latest(&w), w.Cause, s.around(r, w.Target, w.Cause+s.latest(&w))))
			continue
		}
		f := firing(found)
		f.Delay = f.At - w.Cause
		fired = append(fired, f)
		if text := s.check(&w, found, &f); text != "" {
			wrong = append(wrong, fmt.Sprintf("%s: %s%s", name(w.Alert, w.Target), text, s.around(r, w.Target, f.At)))
		}
	}
	for _, a := range r.Alerts { // what is left, in the order in which it came
		if slices.Contains(episodes[a.Name+" "+about(a)], a) {
			f := firing(a)
			f.Delay = -1
			fired = append(fired, f)
			wrong = append(wrong, fmt.Sprintf("%s (%s): fired for nothing at %s until %s: %q%s",
				name(f.Alert, f.Target), f.Severity, f.At, until(a), f.Summary, s.around(r, f.Target, f.At)))
		}
	}
	return fired, append(wrong, s.hold(r)...)
}

// forgiven returns what fired of an alert that an exporter cannot know for long, because it
// forgets.
func (s *stage) forgiven(w *Want, episodes []*play.Alert) (fired []Firing) {
	for _, a := range episodes {
		f := firing(a)
		f.Delay = f.At - w.Cause
		fired = append(fired, f)
	}
	return fired
}

// hold returns which of the life's expressions did not come out as they should.
func (s *stage) hold(r *play.Record) (wrong []string) {
	for _, c := range s.life.Holds {
		if v, err := r.Query(c.Expr, begins.Add(c.At)); err != nil || len(v) == 0 {
			wrong = append(wrong, fmt.Sprintf("at %s not true: %s (%v)", c.At, c.Expr, err))
		}
	}
	for _, expr := range s.life.Never {
		for at := 15 * time.Minute; at <= s.life.Watch; at += 15 * time.Minute {
			if v, err := r.Query(expr, begins.Add(at)); err != nil || len(v) > 0 {
				wrong = append(wrong, fmt.Sprintf("at %s there must be no %s, but there is %v (%v)", at, expr, v, err))
				break
			}
		}
	}
	return wrong
}

// wants returns what has to fire, each with its target, by the time of the cause.
func (s *stage) wants() []Want {
	list := slices.Clone(s.life.Want)
	for i := range list {
		if w := &list[i]; w.Target == "" && len(s.life.Parts) == 1 && !strings.HasPrefix(w.Alert, "ProgressExporter") {
			w.Target = s.life.Parts[0].Target
		}
	}
	slices.SortStableFunc(list, func(a, b Want) int { return int(a.Cause - b.Cause) })
	return list
}

// latest returns how long after its cause an alert has to fire at the latest.
func (s *stage) latest(w *Want) time.Duration { return w.Latest + s.condition.slack() }

// check says what is wrong with an alert that had to fire; empty if nothing is.
func (s *stage) check(w *Want, a *play.Alert, f *Firing) string {
	said := a.Annotations["summary"] + " " + a.Annotations["description"]
	switch {
	case !strings.Contains(said, w.Says):
		return fmt.Sprintf("says %q, want it to contain %q", said, w.Says)
	case f.Severity != w.Severity:
		return fmt.Sprintf("severity %s, want %s", f.Severity, w.Severity)
	case f.Delay < w.Earliest:
		return fmt.Sprintf("fired %s after %s, want at least %s", f.Delay, w.Cause, w.Earliest)
	case f.Delay > s.latest(w):
		return fmt.Sprintf("fired %s after %s, want at most %s", f.Delay, w.Cause, s.latest(w))
	case w.Fades:
	case w.Clear == 0 && !a.Resolved.IsZero():
		return fmt.Sprintf("all-clear after %s that is not true", a.Resolved.Sub(begins))
	case w.Clear > 0 && a.Resolved.IsZero():
		return fmt.Sprintf("no all-clear although its reason was gone after %s", w.Clear)
	case w.Clear > 0 && a.Resolved.Sub(begins) < w.Clear:
		return fmt.Sprintf("all-clear after %s, before its reason was gone after %s", a.Resolved.Sub(begins), w.Clear)
	case w.Clear > 0 && a.Resolved.Sub(begins) > w.Clear+w.Unseen+lookBack+s.condition.slack():
		return fmt.Sprintf("all-clear only after %s although its reason was gone after %s", a.Resolved.Sub(begins), w.Clear)
	}
	return ""
}

func firing(a *play.Alert) Firing {
	return Firing{Alert: a.Name, Severity: a.Labels["severity"], Target: about(a), At: a.Firing.Sub(begins), Summary: a.Annotations["summary"]}
}

// about returns the target that an alert is about, and which job of it if that is a list.
func about(a *play.Alert) string {
	if job := a.Labels["job_id"]; job != "" {
		return a.Labels["target"] + "/" + job
	}
	return a.Labels["target"]
}

func until(a *play.Alert) string {
	if a.Resolved.IsZero() {
		return "the end"
	}
	return a.Resolved.Sub(begins).String()
}

func name(alert, target string) string {
	if target == "" {
		return alert
	}
	return alert + " of " + target
}

// shown is what the states around a mistake are told by.
var shown = [...]struct{ as, expr string }{
	{"up", `progress_up{%s}`},
	{"state", `progress_state{%s} == 1`},
	{"ratio", `progress_total_ratio{%s}`},
	{"stalled", `progress_stalled{%s}`},
	{"still", `timestamp(progress_up{%[1]s}) - on (target) progress_standstill_start_timestamp_seconds{%[1]s}`},
	{"ended", `progress_ended{%s}`},
}

// around tells how a target was before, at and after a moment.
func (s *stage) around(r *play.Record, target string, at time.Duration) string {
	var b strings.Builder
	of, job, _ := strings.Cut(target, "/")
	selector := fmt.Sprintf("target=%q,job_id=%q", of, job)
	for _, near := range []time.Duration{at - 10*time.Minute, at, at + 10*time.Minute} {
		if near < 0 || near > s.life.Watch {
			continue
		}
		fmt.Fprintf(&b, "\n      at %s:", near)
		for _, e := range shown {
			v, err := r.Query(fmt.Sprintf(e.expr, selector), begins.Add(near))
			switch {
			case err != nil || len(v) == 0:
				fmt.Fprintf(&b, " %s -", e.as)
			case e.as == "state":
				fmt.Fprintf(&b, " %s", v[0].Metric.Get("state"))
			default:
				fmt.Fprintf(&b, " %s %.4g", e.as, v[0].F)
			}
		}
	}
	return b.String()
}
