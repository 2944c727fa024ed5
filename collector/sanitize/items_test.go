package sanitize

import (
	"strings"
	"testing"

	"progress_exporter/collector/progress"
)

// A long list of hosts keeps whole hosts, and says how many more there are.
func TestItems(t *testing.T) {
	const host = "shard0-00.abcde.mongodb.net:27017" // 33 bytes
	three := "cluster0: " + host + "," + host + "," + host
	for in, want := range map[string]string{
		"":                                     "",
		"cluster0: src-a:27017":                "cluster0: src-a:27017",
		three:                                  three, // 111 bytes
		three + "," + host:                     three + " and 1 more",
		three + ", " + host + ", " + host:      three + " and 2 more",
		strings.Repeat(host+",", 2000) + host:  host + "," + host + "," + host + " and 1998 more",
		strings.Repeat("é", 64):                strings.Repeat("é", 64),
		"é" + strings.Repeat("é", 64):          strings.Repeat("é", 62) + "…",
		"cluster0: " + strings.Repeat("é", 60): "cluster0: " + strings.Repeat("é", 57) + "…",
		strings.Repeat("é", 60) + "," + host:   strings.Repeat("é", 60) + ",shar…",
		strings.Repeat(",", 200):               strings.Repeat(",", 116) + " and 84 more",
		"," + strings.Repeat("x", 200):         "," + strings.Repeat("x", 124) + "…",
		"a\xff," + strings.Repeat("x", 200):    "a\uFFFD and 1 more",
	} {
		if got := items(in); got != want || len(got) > MaxLabelValue {
			t.Errorf("%.50q:\ngot  %q (%d bytes)\nwant %q", in, got, len(got), want)
		}
	}
}

// What is hidden of a list is hidden before it is cut.
func TestItemsOfSecrets(t *testing.T) {
	info := []progress.Label{{Name: "source", Value: strings.Repeat("host:27017,", 11) + "hunter2-and-more:27017"}}
	r := progress.Report{Info: info}
	New(progress.NewSecrets([]string{"hunter2-and-more"}, nil)).Report(&r, nil, nil)
	if want := strings.Repeat("host:27017,", 9) + "host:27017 and 2 more"; r.Info[0].Value != want {
		t.Errorf("got %q, want %q", r.Info[0].Value, want)
	}
}
