package mongosync_test

import (
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mongosync/mongosynctest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var product = collectortest.Product{API: mongosync.API}

func TestGolden(t *testing.T) { collectortest.Golden(t, product) }

func TestConform(t *testing.T) {
	good := &mongosynctest.Server{Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-9 * time.Minute), Length: 10 * time.Minute}}
	collectortest.Conform(t, product, good)
}

func TestHides(t *testing.T) {
	collectortest.Hides(t, func(string) (collectortest.Product, http.Handler) {
		return product, &mongosynctest.Server{Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-9 * time.Minute), Length: 10 * time.Minute}}
	})
}

func TestBounds(t *testing.T) {
	collectortest.Bounds(t, product, &mongosynctest.Server{Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-9 * time.Minute), Length: 10 * time.Minute}})
}
