package ses_test

import (
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
	"progress_exporter/collector/ses/sestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var product = collectortest.Product{
	API:     func() progress.API { return ses.API(time.Now) },
	Options: `{service_group_instance_no: "3427188", access_key: ` + accessKey + `, secret_key: ` + secretKey + `}`,
}

func TestGolden(t *testing.T) { collectortest.Golden(t, product) }

func TestConform(t *testing.T) {
	good := &sestest.Server{
		AccessKey: accessKey, SecretKey: secretKey,
		Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour},
	}
	collectortest.Conform(t, product, good, accessKey, secretKey)
}

// The product knows the secret key, although it is never sent.
func TestHides(t *testing.T) {
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := product
		p.Options = `{service_group_instance_no: "3427188", access_key: ` + accessKey + `, secret_key: "` + collectortest.Quoted(secret) + `"}`
		return p, &sestest.Server{
			AccessKey: accessKey, SecretKey: secret,
			Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour},
		}
	})
}

func TestBounds(t *testing.T) {
	collectortest.Bounds(t, product, &sestest.Server{
		AccessKey: accessKey, SecretKey: secretKey,
		Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour},
	})
}
