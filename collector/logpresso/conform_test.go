package logpresso_test

import (
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/logpresso/logpressotest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var product = collectortest.Product{API: logpresso.API, Options: "{token: " + token + "}"}

func TestGolden(t *testing.T) { collectortest.Golden(t, product) }

func TestConform(t *testing.T) {
	good := &logpressotest.Server{Token: token, Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour}}
	collectortest.Conform(t, product, good, token)
}

// The token has to be a GUID, so that the canaries are in the requests alone.
func TestHides(t *testing.T) {
	collectortest.Hides(t, func(string) (collectortest.Product, http.Handler) {
		return product, &logpressotest.Server{Token: token, Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour}}
	})
}

func TestBounds(t *testing.T) {
	collectortest.Bounds(t, product, &logpressotest.Server{Token: token, Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour}})
}
