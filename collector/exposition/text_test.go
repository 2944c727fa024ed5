package exposition

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

var textFormats = []expfmt.Format{
	expfmt.FmtText, expfmt.FmtOpenMetrics_1_0_0, expfmt.FmtOpenMetrics_0_0_1,
	expfmt.FmtText + "; escaping=allow-utf-8", expfmt.FmtOpenMetrics_1_0_0 + "; escaping=values", expfmt.FmtText + "; escaping=underscores",
}

// wantAsExpfmt compares with what expfmt makes of a family, and its error.
func wantAsExpfmt(t *testing.T, f *dto.MetricFamily) {
	t.Helper()
	for _, format := range textFormats {
		var want, got bytes.Buffer
		wantErr := expfmt.NewEncoder(&want, format).Encode(f)
		w := bufio.NewWriterSize(&got, 16)
		gotErr := newEncoder(w, format).Encode(f)
		_ = w.Flush()
		if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
			t.Errorf("%s: error %v, want %v", format, gotErr, wantErr)
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("%s: (-expfmt +ours):\n%s", format, diff)
		}
	}
}

func TestTextIsExpfmts(t *testing.T) {
	for _, f := range everyKind() {
		wantAsExpfmt(t, f)
	}
	gauge := func(m *dto.Metric) *dto.MetricFamily {
		return &dto.MetricFamily{Name: new("g"), Help: new(""), Type: dto.MetricType_GAUGE.Enum(), Metric: []*dto.Metric{m}}
	}
	value := &dto.Gauge{Value: new(5.0)}
	one := gauge(&dto.Metric{Gauge: value})
	for name, f := range map[string]*dto.MetricFamily{
		"nothing":           {},
		"no name":           nameless,
		"no series":         {Name: new("g"), Type: dto.MetricType_GAUGE.Enum()},
		"no value":          gauge(&dto.Metric{Gauge: &dto.Gauge{}}),
		"no gauge":          gauge(&dto.Metric{Counter: &dto.Counter{Value: new(1.0)}}),
		"no counter":        {Name: new("c_total"), Type: dto.MetricType_COUNTER.Enum(), Metric: one.Metric},
		"no type":           {Name: new("c_total"), Metric: []*dto.Metric{{Counter: &dto.Counter{Value: new(1.0)}}}},
		"unit":              {Name: new("g_seconds"), Unit: new("seconds"), Type: dto.MetricType_GAUGE.Enum(), Metric: one.Metric},
		"timestamp":         gauge(&dto.Metric{Gauge: value, TimestampMs: new(int64(7))}),
		"exemplar":          {Name: new("c_total"), Type: dto.MetricType_COUNTER.Enum(), Metric: []*dto.Metric{{Counter: &dto.Counter{Value: new(1.0), Exemplar: &dto.Exemplar{Value: new(1.0)}}}}},
		"label __name__":    gauge(&dto.Metric{Gauge: value, Label: []*dto.LabelPair{pair("__name__", "a.b")}}),
		"label with a dot":  gauge(&dto.Metric{Gauge: value, Label: []*dto.LabelPair{pair("a", ""), pair("a.b", "")}}),
		"label without one": gauge(&dto.Metric{Gauge: value, Label: []*dto.LabelPair{{}}}),
		"label of nothing":  gauge(&dto.Metric{Gauge: value, Label: []*dto.LabelPair{{Name: new("a")}}}),
		"untyped":           {Name: new("u"), Type: dto.MetricType_UNTYPED.Enum(), Metric: []*dto.Metric{{Untyped: &dto.Untyped{Value: new(1.0)}}}},
	} {
		t.Run(name, func(t *testing.T) { wantAsExpfmt(t, f) })
	}
}

// An encoder that has written a family before writes one of the same name as it is now.
func TestHeadsAreOfTheFamily(t *testing.T) {
	gauge, counter := &dto.Metric{Gauge: &dto.Gauge{Value: new(1.0)}}, &dto.Metric{Counter: &dto.Counter{Value: new(1.0)}}
	families := []*dto.MetricFamily{
		{Name: new("a_total"), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum()},
		{Name: new("a_total"), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum(), Help: new("")},
		{Name: new("a_total"), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum(), Help: new("one")},
		{Name: new("a_total"), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum(), Help: new("one")},
		{Name: new("a_total"), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum(), Help: new("two")},
		{Name: new("a_total"), Metric: []*dto.Metric{counter}, Type: dto.MetricType_COUNTER.Enum(), Help: new("two")},
	}
	for i := range maxHeads + 1 {
		families = append(families, &dto.MetricFamily{Name: new(fmt.Sprintf("g%d", i)), Metric: []*dto.Metric{gauge}, Type: dto.MetricType_GAUGE.Enum()})
	}
	for _, format := range textFormats {
		var want, got bytes.Buffer
		w := bufio.NewWriter(&got)
		expfmts, ours := expfmt.NewEncoder(&want, format), newEncoder(w, format)
		for _, f := range families {
			if err := errors.Join(expfmts.Encode(f), ours.Encode(f), w.Flush()); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("%s: (-expfmt +ours):\n%s", format, diff)
		}
		if kept := len(ours.(*text).heads); kept > maxHeads {
			t.Errorf("%s: %d heads are kept", format, kept)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("progress_up", "help", "target", "a\\b\"c\nd", 0.0, true)
	f.Add("c_total", "", "a.b", "", math.Copysign(0, -1), false)
	f.Add("_total", "\"", "", "\xff", math.Inf(-1), false)
	f.Add("c", "\n", "a", "é", 1e6, false)
	f.Add("g", "x", "a", "b", math.NaN(), true)
	f.Add("g", "x", "a", "b", 123456789.0, true)
	f.Fuzz(func(t *testing.T, name, help, label, text string, v float64, gauge bool) {
		m := &dto.Metric{Label: []*dto.LabelPair{pair(label, text), pair("z", name)}}
		family := &dto.MetricFamily{Name: &name, Help: &help, Metric: []*dto.Metric{m, m}}
		if gauge {
			family.Type, m.Gauge = dto.MetricType_GAUGE.Enum(), &dto.Gauge{Value: &v}
		} else {
			family.Type, m.Counter = dto.MetricType_COUNTER.Enum(), &dto.Counter{Value: &v}
		}
		wantAsExpfmt(t, family)
	})
}

func pair(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }
