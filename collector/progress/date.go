package progress

import "time"

// IsDate reports whether t can be the date of something that a job does: not before
// 1970 and, wherever it was written, not after 9999, which is as far as JSON goes.
func IsDate(t time.Time) bool {
	year := t.UTC().Year()
	return year >= 1970 && year <= 9999
}
