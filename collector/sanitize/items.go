package sanitize

import (
	"fmt"
	"strings"

	"progress_exporter/collector/progress"
)

// items returns a text that is a label value: of a list with commas that is too long, such as
// the hosts of a cluster, as many items as there is room for, and how many more there are.
// Half a host's name would be another one. Where there is no room for the first, it is cut.
func items(s string) string {
	s = valid(s)
	if len(s) <= MaxLabelValue {
		return s
	}
	commas := strings.Count(s, ",")
	for kept := s[:MaxLabelValue]; ; {
		end := strings.LastIndexByte(kept, ',')
		if end <= 0 {
			return progress.Cut(s, MaxLabelValue)
		}
		kept = kept[:end]
		fit := fmt.Sprintf("%s and %d more", strings.TrimRight(kept, " "), commas-strings.Count(kept, ","))
		if len(fit) <= MaxLabelValue {
			return fit
		}
	}
}
