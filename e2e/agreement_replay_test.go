package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"progress_exporter/e2e/stack"
)

// replayed returns what replay says, by alert and target.
func replayed(t *testing.T, bin, life string) map[string][]episode {
	t.Helper()
	out, err := exec.Command(filepath.Join(bin, "progress_replay"), life, "--rules="+filepath.Join(stack.Root(t), rulesFile),
		"--interval=1m", "--evaluation-interval=1m", "-o", "json").Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		From   time.Time
		Alerts []struct {
			Alert            string
			Labels           map[string]string
			Pending          time.Time
			Firing, Resolved *time.Time
		}
	}
	if err := json.Unmarshal(out, &said); err != nil {
		t.Fatal(err)
	}
	since := func(at *time.Time) time.Duration {
		if at == nil {
			return -1
		}
		return at.Sub(said.From)
	}
	all := map[string][]episode{}
	for _, a := range said.Alerts {
		if target := a.Labels["target"]; target != "" {
			key := a.Alert + " " + target
			all[key] = append(all[key], episode{since(&a.Pending), since(a.Firing), since(a.Resolved)})
		}
	}
	return all
}

// happened returns what a Prometheus did since a life began, by the time of the life.
func happened(t *testing.T, p *stack.Prometheus, began time.Time) map[string][]episode {
	t.Helper()
	const step = 250 * time.Millisecond
	end := time.Now()
	matrix, err := p.QueryRange(`ALERTS{target!=""}`, began, end, step)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]map[time.Duration]string{} // by alert and target, by the time
	for _, series := range matrix {
		key := fmt.Sprint(series.Metric["alertname"], " ", series.Metric["target"])
		if states[key] == nil {
			states[key] = map[time.Duration]string{}
		}
		for _, sample := range series.Values {
			at := sample.Timestamp.Time().Sub(began) * quicker
			states[key][at] = string(series.Metric["alertstate"])
		}
	}
	all := map[string][]episode{}
	for key, at := range states {
		var times []time.Duration
		for moment := range at {
			times = append(times, moment)
		}
		slices.Sort(times)
		open := -1
		for i, moment := range times {
			if open < 0 || moment-times[i-1] > 2*step*quicker {
				if open >= 0 {
					all[key][open].resolved = times[i-1] + step*quicker
				}
				all[key] = append(all[key], episode{moment, -1, -1})
				open = len(all[key]) - 1
			}
			if e := &all[key][open]; at[moment] == "firing" && e.firing < 0 {
				e.firing = moment
			}
		}
		if last := times[len(times)-1]; end.Sub(began)*quicker-last > 2*step*quicker {
			all[key][open].resolved = last + step*quicker
		}
	}
	return all
}
