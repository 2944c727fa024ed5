package ses_test

import (
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
