package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/storage"
)

// accept is what Prometheus 3 asks for, without protobuf.
const accept = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6," +
	"application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

// Scrape is one target of Prometheus.
type Scrape struct {
	Path          string // with its query: /metrics, or /probe?target=NAME
	Job, Instance string
}

// loop scrapes one target, as a scrape loop of Prometheus does.
type loop struct {
	Scrape
	storage *memory
	symbols *labels.SymbolTable
	lines   map[string]labels.Labels // the labels of each line's name that was seen
	before  map[string]storage.SeriesRef
}

func newLoop(s Scrape, m *memory) *loop {
	return &loop{Scrape: s, storage: m, symbols: labels.NewSymbolTable(), lines: map[string]labels.Labels{}}
}

// run scrapes once: it stores every sample that there is, a marker of staleness for every
// series that is there no more, and `up`. Without a handler nobody listens.
func (l *loop) run(handler http.Handler, at time.Time) error {
	app := l.storage.Appender(context.Background())
	t, up := at.UnixMilli(), 0.0
	seen := map[string]storage.SeriesRef{}
	if handler != nil {
		if answer := l.get(handler); answer.Code == http.StatusOK {
			if err := l.append(app, answer, t, seen); err != nil {
				return errors.Join(fmt.Errorf("%s: %w", l.Path, err), app.Rollback())
			}
			up = 1
		}
	}
	for line := range l.before {
		if _, ok := seen[line]; !ok {
			if _, err := app.Append(0, l.lines[line], t, math.Float64frombits(value.StaleNaN)); err != nil {
				return errors.Join(err, app.Rollback())
			}
		}
	}
	l.before = seen
	own := labels.FromStrings(model.MetricNameLabel, "up", "job", l.Job, "instance", l.Instance)
	if _, err := app.Append(0, own, t, up); err != nil {
		return errors.Join(err, app.Rollback())
	}
	return app.Commit()
}

// get asks the handler. A status other than 200 is a failed scrape.
func (l *loop) get(handler http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, l.Path, nil)
	r.Header.Set("Accept", accept)
	r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", "60") // of real time: nothing waits for it
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// append stores the samples of an answer. One that is not what Prometheus understands is
// an error: the play is to find it.
func (l *loop) append(app storage.Appender, answer *httptest.ResponseRecorder, t int64, seen map[string]storage.SeriesRef) error {
	p, err := textparse.New(answer.Body.Bytes(), answer.Header().Get("Content-Type"), l.symbols, textparse.ParserOptions{})
	if err != nil {
		return err
	}
	for {
		entry, err := p.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case entry != textparse.EntrySeries:
			continue
		}
		line, _, v := p.Series()
		name := string(line)
		lset, known := l.lines[name]
		if !known {
			p.Labels(&lset)
			lset = l.own(lset)
			l.lines[name] = lset
		}
		ref, err := app.Append(l.before[name], lset, t, v)
		if err != nil {
			return fmt.Errorf("%s: %w", lset, err)
		}
		seen[name] = ref
	}
}

// own adds job and instance. What the target says under these names itself would become
// exported_job and exported_instance.
func (l *loop) own(lset labels.Labels) labels.Labels {
	b := labels.NewBuilder(lset)
	for name, own := range map[string]string{"job": l.Job, "instance": l.Instance} {
		if theirs := lset.Get(name); theirs != "" {
			b.Set("exported_"+name, theirs)
		}
		b.Set(name, own)
	}
	return b.Labels()
}
