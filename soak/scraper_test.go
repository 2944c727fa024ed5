package soak

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// scraper is a Prometheus: it scrapes, and remembers the counters of the last time.
type scraper struct {
	client http.Client
	url    string
	format expfmt.Format
	last   map[string]float64
}

// formats are what the two scrapers ask for.
var formats = [...]expfmt.Format{expfmt.NewFormat(expfmt.TypeTextPlain), expfmt.NewFormat(expfmt.TypeProtoDelim)}

// scrape returns the families of one scrape, or what is wrong with it.
func (s *scraper) scrape() (map[string]*dto.MetricFamily, error) {
	req, err := http.NewRequest(http.MethodGet, s.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", string(s.format))
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(resp.Body)
		return nil, fmt.Errorf("HTTP %d: %s", resp.StatusCode, text)
	}
	if got := expfmt.ResponseFormat(resp.Header).FormatType(); got != s.format.FormatType() {
		return nil, fmt.Errorf("an answer of type %s", resp.Header.Get("Content-Type"))
	}
	families, err := decode(expfmt.NewDecoder(resp.Body, s.format))
	if err != nil {
		return nil, err
	}
	if err := s.monotonic(families); err != nil {
		return nil, err
	}
	return families, sound(families)
}

func decode(decoder expfmt.Decoder) (map[string]*dto.MetricFamily, error) {
	families := map[string]*dto.MetricFamily{}
	for {
		f := &dto.MetricFamily{}
		switch err := decoder.Decode(f); {
		case errors.Is(err, io.EOF):
			return families, nil
		case err != nil:
			return nil, err
		}
		families[f.GetName()] = f
	}
}

// monotonic says which counter stepped back since the last scrape.
func (s *scraper) monotonic(families map[string]*dto.MetricFamily) error {
	seen := make(map[string]float64, len(s.last))
	for name, f := range families {
		if f.GetType() != dto.MetricType_COUNTER {
			continue
		}
		for _, m := range f.GetMetric() {
			series, value := name+labels(m), m.GetCounter().GetValue()
			if _, twice := seen[series]; twice {
				return fmt.Errorf("%s is there twice", series)
			}
			if value < s.last[series] {
				return fmt.Errorf("%s stepped back from %v to %v", series, s.last[series], value)
			}
			seen[series] = value
		}
	}
	s.last = seen
	return nil
}

// sound says what is wrong with one exposition: a target has exactly one state if
// it is up and none if it is down, and no failure is the exporter's own.
func sound(families map[string]*dto.MetricFamily) error {
	states := map[string]float64{}
	for _, m := range families["progress_state"].GetMetric() {
		states[label(m, "target")] += m.GetGauge().GetValue()
	}
	for _, m := range families["progress_up"].GetMetric() {
		if name := label(m, "target"); states[name] != m.GetGauge().GetValue() {
			return fmt.Errorf("%s: %v states while progress_up is %v", name, states[name], m.GetGauge().GetValue())
		}
	}
	for _, m := range families["progress_scrape_failure"].GetMetric() {
		if label(m, "reason") == "internal" {
			return fmt.Errorf("%s fails for the reason internal", label(m, "target"))
		}
	}
	return nil
}

// values returns the values of a target's counters in a family, by another label.
func values(f *dto.MetricFamily, target, by string) map[string]int {
	v := map[string]int{}
	for _, m := range f.GetMetric() {
		if label(m, "target") == target {
			v[label(m, by)] += int(m.GetCounter().GetValue())
		}
	}
	return v
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}

func labels(m *dto.Metric) string {
	var text strings.Builder
	for _, l := range m.GetLabel() { // the parser keeps the order, which is the same each time
		text.WriteString("," + l.GetName() + "=" + l.GetValue())
	}
	return text.String()
}
