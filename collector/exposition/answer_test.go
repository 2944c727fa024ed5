package exposition

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/prometheus/client_golang/prometheus/promhttp/zstd" // the encoding that promhttp leaves out by itself
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"progress_exporter/collector/series"
)

// accepts are what scrapers send as Accept, and what nobody sends.
var accepts = []string{
	// Prometheus 2.42 and 3.5, vmagent 1.145, Telegraf 1.37, a browser, curl, nothing.
	"application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
	"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
	"text/plain;version=0.0.4;q=1,*/*;q=0.1",
	"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3",
	"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	"*/*",
	"",
	"application/openmetrics-text",
	"application/openmetrics-text;version=0.0.1",
	"application/openmetrics-text;version=2.0.0",
	"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text",
	"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text",
	"text/plain;version=1.0.0;escaping=values",
	"text/plain;version=0.0.4;escaping=dots",
	"text/plain;version=0.0.4;escaping=nonsense",
	";;;,",
}

// acceptEncodings are what clients may send as Accept-Encoding.
var acceptEncodings = []string{
	"", "gzip", "zstd", "identity", "gzip, zstd", "zstd,gzip", "zstd;q=1.0, gzip;q=0.5", "gzip;q=0.5,identity;q=0.4", "gzip, deflate, br", "br",
	"*", "*;q=0", "identity;q=0, gzip", "gzip;q=0", "gzip ; q=0.7 , zstd;q=0.9", "gzip;q=", "gzip;q=x", "gzip;q=-1", ",", ";", "gzip;",
}

// everyKind returns families of every kind and with every character that is special.
func everyKind() []*dto.MetricFamily {
	v := "a\\b\"c\nd é \xff"
	label := []*dto.LabelPair{pair("target", v), pair("z", "")}
	created := timestamppb.New(timestamppb.Now().AsTime())
	family := func(name string, kind dto.MetricType, m ...*dto.Metric) *dto.MetricFamily {
		return &dto.MetricFamily{Name: &name, Help: new("Help of " + name + ": a\\b\"c\nd."), Type: &kind, Metric: m}
	}
	var gauges []*dto.Metric
	for _, x := range []float64{0, 1, -1, 0.1, 1e9, 1.7785818e9, 5.36870912e10, -1.5e-300} {
		gauges = append(gauges, &dto.Metric{Label: label, Gauge: &dto.Gauge{Value: &x}})
	}
	r := prometheus.NewRegistry()
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "seconds", Help: "A histogram.", Buckets: []float64{1, 2.5}})
	s := prometheus.NewSummary(prometheus.SummaryOpts{Name: "summary", Objectives: map[float64]float64{0.5: 0.1}})
	r.MustRegister(h, s)
	h.Observe(2)
	s.Observe(2)
	own, err := r.Gather()
	if err != nil {
		panic(err)
	}
	bare := family("bare", dto.MetricType_GAUGE, &dto.Metric{Gauge: &dto.Gauge{Value: new(3.0)}})
	bare.Help = nil
	return append(own,
		bare,
		family("gauge", dto.MetricType_GAUGE, gauges...),
		family("things_total", dto.MetricType_COUNTER, &dto.Metric{Label: label, Counter: &dto.Counter{Value: new(7.0), CreatedTimestamp: created}}),
		family("count", dto.MetricType_COUNTER, &dto.Metric{Label: label[1:], Counter: &dto.Counter{Value: new(7.0)}}),
		family("utf.8 é", dto.MetricType_GAUGE, &dto.Metric{Label: []*dto.LabelPair{pair("a.b", v)}, Gauge: &dto.Gauge{Value: new(2.0)}}),
	)
}

// padded returns families whose text 0.0.4 has exactly n bytes.
func padded(n int) []*dto.MetricFamily {
	const frame = "# HELP a \n# TYPE a gauge\na 1\n"
	return []*dto.MetricFamily{{
		Name: new("a"), Help: new(strings.Repeat("x", n-len(frame))), Type: dto.MetricType_GAUGE.Enum(),
		Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: new(1.0)}}},
	}}
}

// fixed gathers the same families each time.
func fixed(families []*dto.MetricFamily) prometheus.Gatherer {
	return prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return slices.Clone(families), nil })
}

func answering(k *Answers, families []*dto.MetricFamily, own ...series.Family) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { k.Send(w, r, each(own), families) })
}

func each(list []series.Family) iter.Seq[*series.Family] {
	return func(yield func(*series.Family) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}
}

func pair(name, value string) *dto.LabelPair { return &dto.LabelPair{Name: &name, Value: &value} }

func scrapeAs(h http.Handler, address, accept, encoding string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept", accept)
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	h.ServeHTTP(w, r)
	return w
}

// unpack returns the body of an answer as it was before it was compressed.
func unpack(t *testing.T, coding string, body io.Reader) string {
	t.Helper()
	var err error
	switch coding {
	case "gzip":
		body, err = gzip.NewReader(body)
	case "zstd":
		var z *zstd.Decoder
		if z, err = zstd.NewReader(body); err == nil {
			defer z.Close()
			body = z
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Whatever a client accepts, it gets what promhttp would send, to the byte; but for the
// compression of small answers.
func TestAnswersArePromhttps(t *testing.T) {
	k := NewAnswers(log.NewNopLogger())
	big := append(everyKind(), padded(2*smallAnswer)...)
	for _, families := range [][]*dto.MetricFamily{nil, everyKind(), big} {
		own := targets()
		if families == nil {
			own = nil
		}
		all := families
		for i := range own {
			all = append(all[:len(all):len(all)], own[i].DTO())
		}
		slices.SortFunc(all, byName)
		slices.SortFunc(families, byName)
		oracle := promhttp.HandlerFor(fixed(all), promhttp.HandlerOpts{EnableOpenMetrics: true})
		ours := answering(k, families, own...)
		same := func(address, accept, encoding string) {
			t.Helper()
			want, got := scrapeAs(oracle, address, accept, encoding), scrapeAs(ours, address, accept, encoding)
			what := fmt.Sprintf("%d families, %s, Accept %q, Accept-Encoding %q", len(families), address, accept, encoding)
			header, coding := want.Header(), want.Header().Get("Content-Encoding")
			text := unpack(t, coding, want.Body)
			if len(text) <= smallAnswer {
				header.Del("Content-Encoding")
				if coding = ""; text != "" {
					header.Set("Content-Length", strconv.Itoa(len(text)))
				}
			}
			if diff := cmp.Diff(header, got.Header()); got.Code != want.Code || diff != "" {
				t.Fatalf("%s: HTTP %d, want %d, header (-want +got):\n%s", what, got.Code, want.Code, diff)
			}
			if diff := cmp.Diff(text, unpack(t, coding, got.Body)); diff != "" {
				t.Fatalf("%s: (-want +got):\n%s", what, diff)
			}
		}
		for _, accept := range accepts {
			same("/metrics", accept, "gzip")
			same("/metrics", accept, "identity")
		}
		for _, encoding := range acceptEncodings {
			same("/metrics", "*/*", encoding)
		}
		for _, address := range []string{"/metrics?name[]=gauge&name%5B%5D=a&name[]=a_total", "/metrics?name=gauge", "/metrics?name[]=nobody"} {
			same(address, accepts[0], "gzip")
		}
	}
}

func byName(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) }

func TestSmallAnswersAreNotCompressed(t *testing.T) {
	k := NewAnswers(log.NewNopLogger())
	for n, want := range map[int]string{100: "", smallAnswer: "", smallAnswer + 1: "gzip", 10 * smallAnswer: "gzip"} {
		w := scrapeAs(answering(k, padded(n)), "/metrics", "", "gzip")
		got, length := w.Header().Get("Content-Encoding"), w.Header().Get("Content-Length")
		if text := unpack(t, got, w.Body); got != want || len(text) != n || (length == strconv.Itoa(n)) != (want == "") {
			t.Errorf("%d bytes: Content-Encoding %q, want %q; Content-Length %q, %d bytes", n, got, want, length, len(text))
		}
	}
}

// nameless cannot be encoded in any format.
var nameless = &dto.MetricFamily{Type: dto.MetricType_GAUGE.Enum(), Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: new(1.0)}}}}

// As long as nothing was sent, an answer that cannot be made is an error.
func TestAnswerThatCannotBeEncoded(t *testing.T) {
	var logged bytes.Buffer
	k := NewAnswers(log.NewLogfmtLogger(&logged))
	w := scrapeAs(answering(k, append(padded(100), nameless)), "/metrics", "", "gzip")
	const want = "An error has occurred while serving metrics:\n\nMetricFamily has no name: "
	if w.Code != http.StatusInternalServerError || !strings.HasPrefix(w.Body.String(), want) || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("HTTP %d, %v: %s", w.Code, w.Header(), w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "text/plain; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	const line = "level=warn msg=\"cannot answer a scrape\" err=\"MetricFamily has no name: "
	if !strings.HasPrefix(logged.String(), line) || strings.Count(logged.String(), "\n") != 1 {
		t.Errorf("logged %s", logged.String())
	}
	if w := scrapeAs(answering(k, padded(100)), "/metrics", "", "gzip"); w.Code != http.StatusOK || w.Body.Len() != 100 {
		t.Errorf("the next answer: HTTP %d: %s", w.Code, w.Body)
	}
}
