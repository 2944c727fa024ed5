package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"progress_exporter/e2e/stack"
)

// watched is one job as the exporter shows it.
type watched struct {
	exporter, target, job string
}

// shown is what a read of a job became: a value for each series without its target and
// api, such as progress_state{state="running"}.
type shown map[string]float64

// Names of series that the tests look at.
const (
	copied  = "progress_estimated_copied_bytes"
	total   = "progress_estimated_total_bytes"
	ratio   = "progress_total_ratio"
	stalled = "progress_stalled"
	ended   = "progress_ended"
)

// read probes the job.
func (w watched) read(t *testing.T) shown {
	t.Helper()
	query := url.Values{"target": {w.target}}
	if w.job != "" {
		query.Set("job", w.job)
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get("http://" + w.exporter + "/probe?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("/probe: HTTP %s, %v\n%s", resp.Status, err, text)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	all := shown{}
	for name, family := range families {
		for _, m := range family.Metric {
			all[name+own(m)] = m.GetGauge().GetValue() + m.GetCounter().GetValue() // one of them
		}
	}
	return all
}

// own returns the labels of a series that tell it from others of its job.
func own(m *dto.Metric) string {
	var labels []string
	for _, l := range m.Label {
		switch l.GetName() {
		case "target", "api", "job_id":
		default:
			labels = append(labels, fmt.Sprintf("%s=%q", l.GetName(), l.GetValue()))
		}
	}
	if labels == nil {
		return ""
	}
	return "{" + strings.Join(labels, ",") + "}"
}

// is reports whether the read was good and the job is in a state.
func (s shown) is(state string) bool {
	return s["progress_up"] == 1 && s[fmt.Sprintf("progress_state{state=%q}", state)] == 1
}

// await reads the job until it is in a state, and everything else holds.
func (w watched) await(t *testing.T, state string, more ...func(shown) bool) shown {
	t.Helper()
	var now shown
	stack.Await(t, fmt.Sprintf("%s %s to be %s", w.target, w.job, state), func() bool {
		now = w.read(t)
		for _, holds := range more {
			if !holds(now) {
				return false
			}
		}
		return now.is(state)
	})
	return now
}

// between reads the job between two looks at the product itself, until what is shown has
// become more than after. A number that only grows is then right if it lies between them.
func (w watched) between(t *testing.T, series string, after float64, product func() float64) float64 {
	t.Helper()
	var value float64
	w.await(t, "running", func(shown) bool {
		low := product()
		now := w.read(t)
		high := product()
		value = now[series]
		if value < low || value > high {
			t.Fatalf("%s: %s is %v, but the product says %v before and %v after", w.target, series, value, low, high)
		}
		return value > after && now.is("running")
	})
	return value
}

// has reports a series with a value.
func has(series string, value float64) func(shown) bool {
	return func(s shown) bool { v, ok := s[series]; return ok && v == value }
}
