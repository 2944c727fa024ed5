package described_test

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "hunter2-of-the-request"

// product is what testdata/cluster-request.yml describes.
var product = collectortest.Product{API: clusterRequest, Options: "{request: 42, token: " + token + "}"}

func clusterRequest() progress.API {
	const file = "testdata/cluster-request.yml"
	content, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	d, err := described.Parse(file, content, nil)
	if err != nil {
		panic(err)
	}
	return d.API
}

// manager plays the product: it answers whoever knows the token.
type manager struct {
	token  string
	answer []byte
}

func (m manager) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api/v1/clusters/c1/requests/42" || r.URL.Query().Get("key") != m.token || r.Header.Get("X-Requested-By") == "" {
		http.Error(w, "who are you?", http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(m.answer)
}

func running(t testing.TB, token string) manager {
	t.Helper()
	answer, err := os.ReadFile("testdata/running/response.json")
	if err != nil {
		t.Fatal(err)
	}
	return manager{token, answer}
}

func TestGolden(t *testing.T) { collectortest.Golden(t, product) }

func TestConform(t *testing.T) { collectortest.Conform(t, product, running(t, token), token) }

func TestBounds(t *testing.T) { collectortest.Bounds(t, product, running(t, token)) }

func TestHides(t *testing.T) {
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := product
		p.Options = `{request: 42, token: "` + collectortest.Quoted(secret) + `"}`
		return p, running(t, strings.TrimSpace(secret))
	})
}

func FuzzExposition(f *testing.F) { collectortest.Fuzz(f, product) }
