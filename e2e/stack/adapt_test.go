package stack

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAdapt(t *testing.T) {
	const config = `global:
    scrape_interval: 15s # as often as that
    evaluation_interval: 15s
rule_files:
    - rules.yml
route:
    group_wait: 30s
    group_interval: 5m
    repeat_interval: 4h
scrape_configs:
    - static_configs:
        - targets: ['localhost:10091', 'other:10091']
      http_sd_configs:
        - url: http://localhost:10091/sd
          refresh_interval: 1m
`
	const want = `global:
    scrape_interval: 1s # as often as that
    evaluation_interval: 1s
rule_files:
    - /tmp/rules.yml
route:
    group_wait: 1s
    group_interval: 1s
    repeat_interval: 4h
scrape_configs:
    - static_configs:
        - targets: ['127.0.0.1:1', 'other:10091']
      http_sd_configs:
        - url: http://127.0.0.1:1/sd
          refresh_interval: 1s
`
	got, err := Adapt([]byte(config), map[string]string{"localhost:10091": "127.0.0.1:1", "rules.yml": "/tmp/rules.yml"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAdaptWantsEveryPlace(t *testing.T) {
	_, err := Adapt([]byte("a: localhost:1"), map[string]string{"localhost:1": "127.0.0.1:2", "localhost:9093": "127.0.0.1:3"})
	const want = "the configuration does not have localhost:9093"
	if err == nil || err.Error() != want {
		t.Errorf("got error %v, want %s", err, want)
	}
}
