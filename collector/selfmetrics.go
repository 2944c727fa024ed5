package collector

import (
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/web"
)

// selfMetrics is what the exporter says about itself, on /metrics only. It lives
// as long as the process.
type selfMetrics struct {
	registry *prometheus.Registry

	readFailures  *prometheus.CounterVec
	dropped       *prometheus.CounterVec
	unread        *prometheus.CounterVec
	late          *prometheus.CounterVec
	refused       *prometheus.CounterVec
	reloadOK      prometheus.Gauge
	reloadSuccess prometheus.Gauge
	targets       prometheus.Gauge

	known map[string]bool // the products whose counters exist; Use is the only one that asks
}

// newSelfMetrics registers them; jobs and files are asked at each scrape.
func newSelfMetrics(apis []progress.API, jobs func() int, files func() []plan.File) *selfMetrics {
	m := &selfMetrics{
		registry: prometheus.NewRegistry(),
		known:    map[string]bool{},
		readFailures: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_read_failures_total", Help: "Reads that failed, by product and reason.",
		}, []string{"api", "reason"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_dropped_series_total", Help: "Series left out of what a product sent, counted at each read.",
		}, []string{"reason"}),
		unread: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_unreadable_fields_total", Help: "Fields of answers that were not what the product documents and were left out, by product and by what they should be, counted at each read. State and ratio do not need them; the log and the debug view name them.",
		}, []string{"api", "kind"}),
		late: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_late_reads_total", Help: "Reads that were late for a scrape, by product: not_begun before it had to be answered, or begun and unanswered. Counted for each scrape.",
		}, []string{"api", "cause"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_refused_requests_total", Help: "Requests that were refused, or lost their place to others, because too many of their kind were being answered.",
		}, []string{"handler"}),
		reloadOK: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_config_last_reload_successful", Help: "Whether the last attempt to load the configuration succeeded.",
		}),
		reloadSuccess: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_config_last_reload_success_timestamp_seconds", Help: "When the configuration was last loaded successfully.",
		}),
		targets: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_targets", Help: "Targets in the configuration that is in use.",
		}),
	}
	m.registry.MustRegister(m.readFailures, m.dropped, m.unread, m.late, m.refused, m.reloadOK, m.reloadSuccess, m.targets,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "progress_exporter_jobs", Help: "Targets, and jobs of lists and probed jobs, that the exporter remembers something about.",
		}, func() float64 { return float64(jobs()) }),
		fileCollector(files), versioncollector.NewCollector("progress_exporter"),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, api := range apis {
		m.know(api.Name)
	}
	for _, handler := range web.HandlerNames() {
		m.refused.WithLabelValues(handler)
	}
	for _, reason := range sanitize.DropNames {
		m.dropped.WithLabelValues(reason)
	}
	return m
}

// know has every counter of a product exist at 0.
func (m *selfMetrics) know(api string) {
	if m.known[api] {
		return
	}
	m.known[api] = true
	for _, reason := range progress.Reasons() {
		m.readFailures.WithLabelValues(api, string(reason))
	}
	for _, kind := range progress.Kinds() {
		m.unread.WithLabelValues(api, string(kind))
	}
	for _, cause := range []string{scrape.NotBegun, scrape.Unanswered} {
		m.late.WithLabelValues(api, cause)
	}
}

// memoryMetrics is what the exporter says about the file of its memory, if it has one.
type memoryMetrics struct {
	ok, written, restored prometheus.Gauge
	errors                *prometheus.CounterVec
}

// remember registers them.
func (m *selfMetrics) remember() *memoryMetrics {
	mm := &memoryMetrics{
		ok: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_memory_file_last_write_successful", Help: "Whether the last attempt to write --memory.file succeeded. Only with that flag.",
		}),
		written: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_memory_file_last_write_timestamp_seconds", Help: "When --memory.file was last written. Only with that flag.",
		}),
		restored: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "progress_exporter_memory_file_restored_entries", Help: "Targets, and jobs of lists and probed jobs, that were read from --memory.file at the start. Only with that flag.",
		}),
		errors: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "progress_exporter_memory_file_errors_total", Help: "Attempts to read, lock or write --memory.file that failed. Only with that flag.",
		}, []string{"operation"}),
	}
	for _, operation := range []string{"read", "lock", "write"} {
		mm.errors.WithLabelValues(operation)
	}
	m.registry.MustRegister(mm.ok, mm.written, mm.restored, mm.errors)
	return mm
}

// Restored says how many entries the file had at the start.
func (m *memoryMetrics) Restored(entries int) { m.restored.Set(float64(entries)) }

// Written says when the file was written.
func (m *memoryMetrics) Written(at time.Time) { m.written.Set(float64(at.UnixMilli()) / 1e3) }

// Succeeds says whether the last attempt to write the file did.
func (m *memoryMetrics) Succeeds(ok bool) { m.ok.Set(progress.Flag(ok)) }

// Failed counts an attempt to read, lock or write the file.
func (m *memoryMetrics) Failed(operation string) { m.errors.WithLabelValues(operation).Inc() }

// Gather returns the metrics as they are now.
func (m *selfMetrics) Gather() ([]*dto.MetricFamily, error) { return m.registry.Gather() }

// Late counts a read that was late for a scrape.
func (m *selfMetrics) Late(api, cause string) { m.late.WithLabelValues(api, cause).Inc() }

// Refused counts a request that was turned away.
func (m *selfMetrics) Refused(handler string) { m.refused.WithLabelValues(handler).Inc() }

// Read counts what one read has to say about the exporter.
func (m *selfMetrics) Read(api string, r *ledger.Result) {
	if r.Err != nil {
		m.readFailures.WithLabelValues(api, string(r.Err.Reason)).Inc()
	}
	for _, u := range r.Report.Unread {
		m.unread.WithLabelValues(api, string(u.Kind)).Inc()
	}
	for reason, n := range r.Dropped {
		if n > 0 {
			m.dropped.WithLabelValues(sanitize.DropNames[reason]).Add(float64(n))
		}
	}
}

// fileCollector says for each target file whether it is in use as it stands.
type fileCollector func() []plan.File

var fileDesc = prometheus.NewDesc("progress_exporter_target_file_last_load_successful",
	"Whether the target file is in use as it stands; if not, what it held before stays, or it is left out. 0 also for a directory of target files that cannot be listed.", []string{"file"}, nil)

// Describe sends the one description.
func (fileCollector) Describe(ch chan<- *prometheus.Desc) { ch <- fileDesc }

// Collect sends a gauge for each target file.
func (c fileCollector) Collect(ch chan<- prometheus.Metric) {
	for _, f := range c() {
		ch <- prometheus.MustNewConstMetric(fileDesc, prometheus.GaugeValue, progress.Flag(f.Err == nil), strings.ToValidUTF8(f.Path, "\uFFFD"))
	}
}
