package progress_test

import (
	"errors"
	"testing"

	"progress_exporter/collector/progress"
)

func TestListOf(t *testing.T) {
	refused := progress.Errorf(progress.APIError, "refused")
	good, bad := progress.Listed{ID: "a"}, progress.Listed{ID: "b", Err: refused}
	for _, tc := range []struct {
		name string
		jobs []progress.Listed
		want error
	}{
		{"no job", nil, nil},
		{"good", []progress.Listed{good}, nil},
		{"one is bad", []progress.Listed{bad, good}, nil},
		{"all are bad", []progress.Listed{bad, {ID: "c", Err: errors.New("other")}}, refused},
	} {
		r, err := progress.ListOf(tc.jobs)
		if err != tc.want || err == nil && (r.Jobs == nil || len(r.Jobs) != len(tc.jobs)) {
			t.Errorf("%s: %v, %v; want %v", tc.name, r.Jobs, err, tc.want)
		}
	}
}

func TestOfOneJob(t *testing.T) {
	for reason, want := range map[progress.Reason]bool{
		progress.APIError: true, progress.Contract: true, progress.Decode: true, progress.TooLarge: true,
		progress.Connect: false, progress.Timeout: false, progress.Auth: false, progress.RateLimited: false, progress.HTTP5xx: false,
	} {
		if got := progress.OfOneJob(progress.Errorf(reason, "x")); got != want {
			t.Errorf("%s: %v, want %v", reason, got, want)
		}
	}
	if progress.OfOneJob(errors.New("a fault of ours")) {
		t.Error("a fault of ours is of one job")
	}
}
