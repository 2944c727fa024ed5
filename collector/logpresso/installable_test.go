package logpresso_test

import (
	"testing"

	"progress_exporter/collector/logpresso"
)

func TestExplain(t *testing.T) {
	for _, tc := range []struct {
		reason, want      string
		curable, hopeless bool
	}{
		{"already-installed", "the same version of the app is installed already", true, false},
		{"version-mismatch", "another version of the app is installed", true, false},
		{"invalid-file", "the package file is not valid", false, true},
		{"invalid-manifest", "the manifest of the package is not valid", false, true},
		{"dependency-unresolved", "something that the app depends on is missing", false, true},
		{"invalid-object", "an object in the app is not valid", false, true},
		{"inner-app", "the app is one for internal use only", false, true},
		{"", "the product gives no reason", false, false},
		{"mood\n", `the product gives a reason that its manual does not list, "mood\n"`, false, false},
	} {
		i := logpresso.Installable{Reason: tc.reason}
		if got := i.Explain(); got != tc.want {
			t.Errorf("%q: %s, want %s", tc.reason, got, tc.want)
		}
		if got := i.Curable(); got != tc.curable {
			t.Errorf("%q: curable %v, want %v", tc.reason, got, tc.curable)
		}
		if got := i.Hopeless(); got != tc.hopeless {
			t.Errorf("%q: hopeless %v, want %v", tc.reason, got, tc.hopeless)
		}
	}
}
