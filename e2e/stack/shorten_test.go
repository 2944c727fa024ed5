package stack

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestShortenRules(t *testing.T) {
	const rules = `groups:
    - name: progress 15m
      interval: 30s
      rules:
        # Patient for 5m.
        - alert: Down
          expr: max_over_time(progress_up[10m]) == 0 and time() - progress_last_change_timestamp_seconds > 900
          for: 5m
          keep_firing_for: 1h30m
          annotations:
            summary: Down for 5m.
        - record: progress:rate
          expr: |
            rate(copied{window="15m"}[5m:1m] offset 2m)
              unless copied offset -1d
              and max_over_time(up[1h30m]) > 5
        - alert: Now
          expr: up == 0
          for: 0s
`
	const want = `groups:
    - name: progress 15m
      interval: 500ms
      rules:
        # Patient for 5m.
        - alert: Down
          expr: max_over_time(progress_up[10s]) == 0 and time() - progress_last_change_timestamp_seconds > 900
          for: 5s
          keep_firing_for: 1m30s
          annotations:
            summary: Down for 5m.
        - record: progress:rate
          expr: |
            rate(copied{window="15m"}[5s:1s] offset 2s)
              unless copied offset -24m
              and max_over_time(up[1m30s]) > 5
        - alert: Now
          expr: up == 0
          for: 0s
`
	got, err := ShortenRules([]byte(rules), 60)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestShortenRulesRefuses(t *testing.T) {
	tests := map[string]struct {
		rules string
		want  string
	}{
		"no duration":    {"for: soon", `line 1: for: not a valid duration string: "soon"`},
		"fraction":       {"for: 1s", "line 1: for: 1s / 60 is not a whole number of milliseconds"},
		"too short":      {"interval: 30ms", "line 1: interval: 30ms / 60 is not a whole number of milliseconds"},
		"in expressions": {"a: 1\nexpr: up[1m:1s]", "line 2: expr: 1s / 60 is not a whole number of milliseconds"},
		"no YAML":        {"a: [", "yaml: line 1: did not find expected node content"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ShortenRules([]byte(tt.rules), 60)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got error %v, want %s", err, tt.want)
			}
		})
	}
}
