package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/e2e/stack"
)

// targetsFile has a target for each way to get into trouble, and one that has none.
// The threshold of a stall is one that the job at work is far from.
const targetsFile = `
defaults: {timeout: 2s, stall_after: 8s, labels: {team: example}}
targets:
  - {name: stalls, api: logpresso, url: %q, options: {token: 00000000-0000-4000-8000-000000000001}}
  - {name: fails, api: logpresso, url: %q, options: {token: 00000000-0000-4000-8000-000000000002}}
  - {name: silent, api: mongosync, url: %q}
  - {name: works, api: mongosync, url: %q}
`

// products are the jobs of the drill; each fake is the target of that name.
type products struct {
	stalls, fails logpressotest.Server
	silent, works mongosynctest.Server
}

// startProducts starts the products with all jobs at work and returns them with
// the name of a targets file.
func startProducts(t *testing.T) (*products, string) {
	p := &products{}
	p.stalls.SetDrill(at(drill.Happy, 0.1))
	p.fails.SetDrill(at(drill.Happy, 0.1))
	p.silent.Play(at(drill.Happy, 0.1))
	p.works.Play(at(drill.Happy, 0.1))
	file := fmt.Sprintf(targetsFile, serve(t, &p.stalls), serve(t, &p.fails), serve(t, &p.silent), serve(t, &p.works))
	return p, stack.WriteFile(t, "targets.yml", file)
}

func serve(t *testing.T, product http.Handler) string {
	server := httptest.NewServer(product)
	t.Cleanup(server.Close)
	return server.URL
}

// at returns a story of which a share has been told, at a pace that lets work move
// every other second and does not bring it to its end within a test.
func at(s drill.Scenario, share float64) drill.Drill {
	const length = 5 * time.Minute
	return drill.Drill{Scenario: s, Start: time.Now().Add(-time.Duration(share * float64(length))), Length: length}
}

// fail brings every job but one into its trouble.
func (p *products) fail() {
	p.stalls.SetDrill(at(drill.Stall, 0.9))
	p.fails.SetDrill(at(drill.Fail, 0.9))
	p.silent.Answer(func() (int, string) { panic(http.ErrAbortHandler) }) // hangs up, as a process that crashed
}

// recover ends every trouble: the stalled job moves again, another one follows the
// one that failed, and the process answers.
func (p *products) recover() {
	p.stalls.SetDrill(at(drill.Happy, 0.5))
	p.fails.SetDrill(at(drill.Happy, 0.1))
	p.silent.Answer(nil)
}
