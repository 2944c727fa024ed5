package stack

import "testing"

// CheckRules waits until every rule was evaluated and fails the test if Prometheus
// could not evaluate one of them.
func (p *Prometheus) CheckRules(t testing.TB) {
	t.Helper()
	type rule struct{ Name, Health, LastError string }
	var rules []rule
	Await(t, "every rule to be evaluated", func() bool {
		var answer struct {
			Data struct{ Groups []struct{ Rules []rule } }
		}
		if err := getJSON(p.URL+"/api/v1/rules", &answer); err != nil {
			t.Fatal(err)
		}
		rules = nil
		for _, g := range answer.Data.Groups {
			rules = append(rules, g.Rules...)
		}
		for _, r := range rules {
			if r.Health == "unknown" {
				return false
			}
		}
		return len(rules) > 0
	})
	for _, r := range rules {
		if r.Health != "ok" {
			t.Errorf("the rule %s is %s: %s", r.Name, r.Health, r.LastError)
		}
	}
}
