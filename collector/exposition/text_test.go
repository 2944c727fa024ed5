package exposition

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/series"
)

var textFormats = []expfmt.Format{
	expfmt.FmtText, expfmt.FmtOpenMetrics_1_0_0, expfmt.FmtOpenMetrics_0_0_1, expfmt.FmtProtoText,
	expfmt.FmtText + "; escaping=allow-utf-8", expfmt.FmtOpenMetrics_1_0_0 + "; escaping=values", expfmt.FmtText + "; escaping=underscores",
}

// wantAsExpfmt compares with what expfmt makes of families, and its error.
func wantAsExpfmt(t *testing.T, list ...series.Family) {
	t.Helper()
	for _, format := range textFormats {
		var want, got bytes.Buffer
		w := bufio.NewWriterSize(&got, 16)
		expfmts, ours := expfmt.NewEncoder(&want, format), newEncoder(w, format)
		for i := range list {
			wantErr := expfmts.Encode(list[i].DTO())
			gotErr := ours.own(&list[i])
			if (wantErr == nil) != (gotErr == nil) || wantErr != nil && wantErr.Error() != gotErr.Error() {
				t.Errorf("%s: error %v, want %v", format, gotErr, wantErr)
			}
		}
		_ = w.Flush()
		if diff := cmp.Diff(want.String(), got.String()); diff != "" {
			t.Errorf("%s: (-expfmt +ours):\n%s", format, diff)
		}
		if x, ok := ours.(*text); ok && len(x.heads) > maxHeads {
			t.Errorf("%s: %d heads are kept", format, len(x.heads))
		}
	}
}

// family returns a family with a series of those labels for each value.
func family(name string, kind families.Kind, labels []*progress.Label, values ...float64) series.Family {
	f := series.Family{Family: &families.Family{Name: name, Help: "Help of " + name + ": a\\b\"c\nd.", Kind: kind}}
	for _, l := range labels {
		f.Labels = append(f.Labels, l.Name)
	}
	for _, v := range values {
		f.Samples = append(f.Samples, series.Sample{Labels: labels, Value: v, Created: int64(kind) * 1e18})
	}
	return f
}

// targets returns families such as those of targets, and with every character that is special.
func targets() []series.Family {
	label := []*progress.Label{{Name: "target", Value: "a\\b\"c\nd é \xff"}, {Name: "z"}}
	return []series.Family{
		family("a_gauge", families.Gauge, label, 0, 1, -1, 0.1, math.Copysign(0, -1), 999999, 1e6, -999999, -1e6, 1e9, 1.7785818e9, 5.36870912e10, -1.5e-300, math.NaN(), math.Inf(1)),
		family("a_total", families.Counter, label, 7),
		family("b", families.Gauge, label, 1),
		family("b_count", families.Counter, label[1:], 7),
		family("c_total", families.Gauge, nil, 7, 8),
	}
}

func TestTextIsExpfmts(t *testing.T) {
	wantAsExpfmt(t, targets()...)
	for name, f := range map[string]series.Family{
		"no name":          family("", families.Gauge, nil, 1),
		"no series":        family("g", families.Gauge, nil),
		"only a suffix":    family("_total", families.Counter, nil, 1),
		"dots":             family("a.b", families.Gauge, nil, 1),
		"label __name__":   family("g", families.Gauge, []*progress.Label{{Name: "__name__", Value: "x"}}, 1),
		"label with a dot": family("g", families.Gauge, []*progress.Label{{Name: "a"}, {Name: "a.b"}}, 1),
		"label of nothing": family("g", families.Gauge, []*progress.Label{{Name: "a"}}, 1),
		"nameless label":   family("g", families.Gauge, []*progress.Label{{}}, 1),
	} {
		t.Run(name, func(t *testing.T) { wantAsExpfmt(t, f, targets()[0]) })
	}
	var many []series.Family
	for i := range maxHeads + 1 {
		many = append(many, family(fmt.Sprintf("g%d", i), families.Gauge, nil, 1))
	}
	wantAsExpfmt(t, many...)
}

func FuzzText(f *testing.F) {
	f.Add("progress_up", "help", "target", "a\\b\"c\nd", 0.0, true)
	f.Add("c_total", "", "a.b", "", math.Copysign(0, -1), false)
	f.Add("_total", "\"", "", "\xff", math.Inf(-1), false)
	f.Add("c", "\n", "a", "é", 1e6, false)
	f.Add("g", "x", "a", "b", math.NaN(), true)
	f.Add("g", "x", "a", "b", 123456789.0, true)
	f.Fuzz(func(t *testing.T, name, help, label, text string, v float64, gauge bool) {
		kind := families.Counter
		if gauge {
			kind = families.Gauge
		}
		one := family(name, kind, []*progress.Label{{Name: label, Value: text}, {Name: "z", Value: name}}, v, v)
		one.Help = help
		wantAsExpfmt(t, one)
	})
}
