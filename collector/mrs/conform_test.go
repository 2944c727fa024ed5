package mrs_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mrs"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func product(options string) collectortest.Product {
	return collectortest.Product{API: func() progress.API { return mrs.API(time.Now) }, Path: mrstest.Web, Options: options}
}

func TestGolden(t *testing.T) { collectortest.Golden(t, product("{command_id: 214}")) }

// With a login, the faults hit the login.
func TestConform(t *testing.T) {
	failing := drill.Drill{Scenario: drill.Fail, Start: time.Now().Add(-100 * time.Hour), Length: time.Hour}
	t.Run("none", func(t *testing.T) {
		collectortest.Conform(t, product("{command_id: 214}"), &mrstest.Server{Drill: failing})
	})
	t.Run("session", func(t *testing.T) {
		good := &mrstest.Server{Login: mrstest.Session, Drill: failing}
		collectortest.Conform(t, product("{command_id: 214, login: {type: session}}"), good, "FISessionId")
	})
}

// The password is sent in a form, once for many reads. The clock goes so fast that no
// pause between logins is left.
func TestHides(t *testing.T) {
	failing := drill.Drill{Scenario: drill.Fail, Start: time.Now().Add(-100 * time.Hour), Length: time.Hour}
	var hours atomic.Int64
	hurried := func() time.Time { return time.Unix(0, 0).Add(time.Duration(hours.Add(1)) * time.Hour) }
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := product(`{command_id: 214, login: {type: cas, cas_url: $URL/cas, username: reader, password: "` + collectortest.Quoted(secret) + `"}}`)
		p.API = func() progress.API { return mrs.API(hurried) }
		return p, &mrstest.Server{Login: mrstest.Ticket, Username: "reader", Password: secret, Drill: failing}
	})
}

func TestBounds(t *testing.T) {
	collectortest.Bounds(t, product("{command_id: 214}"), &mrstest.Server{Drill: drill.Drill{Scenario: drill.Fail, Start: time.Now().Add(-100 * time.Hour), Length: time.Hour}})
}
