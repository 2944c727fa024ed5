package stack

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/prometheus/common/model"
)

// Prometheus is a running Prometheus.
type Prometheus struct {
	*Process
	URL string // of its API, without a slash at the end
}

// StartPrometheus starts Prometheus of tools with a configuration and waits until
// it is ready.
func StartPrometheus(t testing.TB, tools, config string) *Prometheus {
	t.Helper()
	p := Start(t, filepath.Join(tools, "prometheus"),
		"--config.file="+config,
		"--storage.tsdb.path="+t.TempDir(),
		"--web.listen-address=127.0.0.1:0",
		"--web.external-url=http://prometheus.example.com/",
	)
	prometheus := &Prometheus{p, "http://" + p.address(t)}
	awaitReady(t, prometheus.URL)
	return prometheus
}

// StartAlertmanager starts Alertmanager of tools with a configuration, without a
// cluster, waits until it is ready, and returns its address as host:port.
func StartAlertmanager(t testing.TB, tools, config string) string {
	t.Helper()
	p := Start(t, filepath.Join(tools, "alertmanager"),
		"--config.file="+config,
		"--storage.path="+t.TempDir(),
		"--web.listen-address=127.0.0.1:0",
		"--web.external-url=http://alertmanager.example.com/",
		"--cluster.listen-address=",
	)
	address := p.address(t)
	awaitReady(t, "http://"+address)
	return address
}

// Query asks for the present value of an expression; scalars and strings are not
// expected.
func (p *Prometheus) Query(expr string) (model.Vector, error) {
	var v model.Vector
	err := p.get("/api/v1/query", url.Values{"query": {expr}}, "vector", &v)
	return v, err
}

// QueryRange asks for the values of an expression from start to end.
func (p *Prometheus) QueryRange(expr string, start, end time.Time, step time.Duration) (model.Matrix, error) {
	var m model.Matrix
	err := p.get("/api/v1/query_range", url.Values{
		"query": {expr},
		"start": {start.Format(time.RFC3339Nano)},
		"end":   {end.Format(time.RFC3339Nano)},
		"step":  {fmt.Sprint(step.Seconds())},
	}, "matrix", &m)
	return m, err
}

// AwaitSeries waits until an expression has exactly so many series, and returns
// them. 0 waits until there are none.
func (p *Prometheus) AwaitSeries(t testing.TB, expr string, count int) model.Vector {
	t.Helper()
	var got model.Vector
	Await(t, fmt.Sprintf("%d series of %s", count, expr), func() bool {
		var err error
		if got, err = p.Query(expr); err != nil {
			t.Fatal(err)
		}
		return len(got) == count
	})
	return got
}

// get asks the API and decodes the result, which has to be of the given type.
func (p *Prometheus) get(path string, query url.Values, resultType string, into any) error {
	var answer struct {
		Error string
		Data  struct {
			ResultType string
			Result     json.RawMessage
		}
	}
	if err := getJSON(p.URL+path+"?"+query.Encode(), &answer); err != nil {
		return err
	}
	switch {
	case answer.Error != "":
		return fmt.Errorf("Prometheus refuses %s: %s", query.Get("query"), answer.Error)
	case answer.Data.ResultType != resultType:
		return fmt.Errorf("%s is a %s, want a %s", query.Get("query"), answer.Data.ResultType, resultType)
	}
	return json.Unmarshal(answer.Data.Result, into)
}

// getJSON decodes what an address answers, whatever the status.
func getJSON(address string, into any) error {
	resp, err := client().Get(address)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		return fmt.Errorf("%s: HTTP %s: %w", address, resp.Status, err)
	}
	return nil
}

// awaitReady waits until a program says that it is ready.
func awaitReady(t testing.TB, base string) {
	t.Helper()
	Await(t, base+"/-/ready", func() bool {
		resp, err := client().Get(base + "/-/ready")
		if err != nil {
			return false
		}
		return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
	})
}

// client keeps no connection open, so that nothing is left when the test ends.
func client() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: patience}
}
