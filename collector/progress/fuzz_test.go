package progress

import (
	"net/http"
	"testing"
	"time"
)

// Whatever a product or a proxy writes there, the pause is one that can be kept.
func FuzzRetryAfter(f *testing.F) {
	now := time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)
	for _, v := range []string{"", "0", "120", "-1", "99999999999", "1.5", "Tue, 12 May 2026 10:31:00 GMT", "Tuesday, 12-May-26 10:31:00 GMT", "Tue May 12 10:31:00 2026", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		f.Add(v)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if d := RetryAfter(http.Header{"Retry-After": {value}}, now); d < 0 || d > time.Hour {
			t.Errorf("%q asks for a pause of %v, want 0 to 1 h", value, d)
		}
	})
}
