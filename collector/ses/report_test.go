package ses

import (
	"slices"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestNone(t *testing.T) {
	for _, tc := range []struct {
		version version
		in      tally
		unread  string
		want    bool
	}{
		{version{}, tally{}, "", true},
		{version{Target: "x"}, tally{}, "", true},
		{version{}, tally{waiting: 2, done: 1, unknown: 1}, "", true},
		{version{}, tally{waiting: 2, done: 1, unknown: 1}, "result.name", true},
		{version{}, tally{waiting: 2}, "result.versionVo.targetVersionCode", false},
		{version{}, tally{waiting: 2, working: 1}, "", false},
		{version{}, tally{waiting: 2, failed: 1}, "", false},
		{version{Current: "w"}, tally{waiting: 2}, "", false},
		{version{Target: "x"}, tally{waiting: 2}, "", false},
		{version{ActionDate: "2024-03-06 15:01:14"}, tally{waiting: 2}, "", false},
	} {
		if got := none(tc.version, &tc.in, []progress.Unread{{Field: tc.unread, Kind: progress.TextField}}); got != tc.want {
			t.Errorf("%+v, %v, unread %q: no upgrade %v, want %v", tc.version, tc.in, tc.unread, got, tc.want)
		}
	}
}

func TestDecidingWord(t *testing.T) {
	words := [phases]string{waiting: "w", working: "s", done: "d", failed: "f", unknown: "u"}
	for state, want := range map[progress.State]string{
		progress.Pending: "", progress.Running: "s", progress.Succeeded: "", progress.Failed: "f", progress.Unknown: "u",
	} {
		if got := deciding(state, words); got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
	}
}

func TestDate(t *testing.T) {
	for _, tc := range []struct {
		zone string
		text string
		want time.Time
	}{
		{"Asia/Seoul", "2024-03-06 15:01:14", time.Date(2024, 3, 6, 6, 1, 14, 0, time.UTC)},
		{"Asia/Singapore", "2024-03-06 15:01:14", time.Date(2024, 3, 6, 7, 1, 14, 0, time.UTC)},
		{"UTC", "2024-02-29 23:59:59", time.Date(2024, 2, 29, 23, 59, 59, 0, time.UTC)},
		{"UTC", "2023-02-29 00:00:00", time.Time{}},
		{"UTC", "0000-00-00 00:00:00", time.Time{}},
		{"UTC", "2024-03-06T15:01:14", time.Time{}},
		{"UTC", "2024-03-06", time.Time{}},
		{"UTC", "1709704983976", time.Time{}},
		{"UTC", "2024-03-06 15:01:14 ", time.Time{}},
		{"UTC", "", time.Time{}},
	} {
		var r progress.Report
		got := (&cluster{zone: zone(t, tc.zone)}).date(&r, "updatedDate", tc.text)
		if unread := tc.want.IsZero() && tc.text != ""; !got.Equal(tc.want) || slices.Contains(r.Unread, progress.Unread{Field: "updatedDate", Kind: progress.DateField}) != unread {
			t.Errorf("%q in %s: %v, unread %v; want %v, unread %t", tc.text, tc.zone, got, r.Unread, tc.want, unread)
		}
	}
}

// A date that is understood is the one that was written.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2024-03-06 15:01:14", "0000-00-00 00:00:00", "2024-03-06 15:01:14.5", "9999-12-31 23:59:59", ""} {
		f.Add(s)
	}
	c := &cluster{zone: zone(f, defaultZone)}
	var r progress.Report
	f.Fuzz(func(t *testing.T, s string) {
		got := c.date(&r, "", s)
		if got.IsZero() {
			return
		}
		written := got.Format(time.DateTime)
		if again := c.date(&r, "", written); !again.Equal(got.Truncate(time.Second)) {
			t.Fatalf("%q is %v, written as %q it is %v", s, got, written, again)
		}
	})
}
