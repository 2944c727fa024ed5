package plan

import (
	"testing"

	"progress_exporter/collector/progress"
)

// A label of a target must not be one that its product needs.
func TestLabelsThatAProductNeeds(t *testing.T) {
	tt := &Target{API: &progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Labels: []string{"phase"}}}}}
	err := tt.SetLabels(map[string]string{"phase": "x"})
	if err == nil || err.Error() != "labels: phase is a label of progress_test_thing; choose another name" {
		t.Errorf("a clash with a product's own label: %v", err)
	}
}
