package main

import (
	"testing"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

func TestHint(t *testing.T) {
	strange := reading(progress.Unknown, 0)
	strange.Report.Word = "ODD\x1b"
	for _, tc := range []struct {
		reading status.Job
		want    string
	}{
		{reading(progress.Running, 0), ""},
		{reading(progress.Ready, 0), "the job waits for its operator"},
		{reading(progress.None, 0), "no job: it has not begun, or the product does not know it any more"},
		{withCode(reading(progress.Running, 0), "disk"), "error code disk"},
		{strange, `the product's word for the state is not known: "ODD\x1b"`},
		{failing(), "no connection"},
		{status.Job{Report: progress.Report{State: progress.Running}, LeftOut: "series 1 out_of_range"}, "left out of the answer: series 1 out_of_range"},
		{status.Job{Report: progress.Report{State: progress.Ready}, LeftOut: "series 1 out_of_range"},
			"the job waits for its operator; left out of the answer: series 1 out_of_range"},
	} {
		if got := hint(&tc.reading); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.reading.Report.State, got, tc.want)
		}
	}
}
