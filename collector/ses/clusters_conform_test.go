package ses_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/ses/sestest"
)

// listed is a target with every cluster.
var listed = collectortest.Product{
	API:     product.API,
	Options: `{service_group_instance_no: "*", access_key: ` + accessKey + `, secret_key: ` + secretKey + `}`,
}

func halfway(key string) *sestest.Server {
	return &sestest.Server{
		AccessKey: accessKey, SecretKey: key,
		Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour},
	}
}

func TestGoldenOfClusters(t *testing.T) {
	collectortest.GoldenIn(t, listed, filepath.Join("testdata", "lists"))
}

func TestConformOfClusters(t *testing.T) {
	collectortest.Conform(t, listed, halfway(secretKey), accessKey, secretKey)
}

func TestHidesOfClusters(t *testing.T) {
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := listed
		p.Options = `{service_group_instance_no: "*", access_key: ` + accessKey + `, secret_key: "` + collectortest.Quoted(secret) + `"}`
		return p, halfway(secret)
	})
}

func TestBoundsOfClusters(t *testing.T) { collectortest.Bounds(t, listed, halfway(secretKey)) }

func FuzzClusters(f *testing.F) {
	lists, err := filepath.Glob(filepath.Join("testdata", "lists", "*", "response.json"))
	if err != nil || len(lists) == 0 {
		f.Fatalf("no list: %v", err)
	}
	for _, file := range lists {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(http.StatusOK, body)
	}
	collectortest.Fuzz(f, listed)
}

// A list of one cluster has the series of a target with its number, beside the labels of the
// list and the series about the list.
func TestListOfOne(t *testing.T) {
	series := func(name string) []string {
		content, err := os.ReadFile(filepath.Join("testdata", name, "metrics.txt"))
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for line := range strings.Lines(string(content)) {
			ofTarget := strings.HasPrefix(line, "progress_scrape_duration_seconds")
			if ofTarget || strings.HasPrefix(line, "#") || name != "running" && !strings.Contains(line, "job_id=") {
				continue
			}
			lines = append(lines, strings.Replace(line, `job_id="3427188",job_name="logs-prod",`, "", 1))
		}
		slices.Sort(lines)
		return lines
	}
	if diff := cmp.Diff(series("running"), series(filepath.Join("lists", "one"))); diff != "" {
		t.Errorf("series (-single +list of one):\n%s", diff)
	}
}
