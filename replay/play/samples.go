package play

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

// Series is what was stored of a series, without the markers of staleness.
type Series struct {
	Labels map[string]string // with the name
	Points []Point
}

// Point is a sample.
type Point struct {
	At    time.Time
	Value float64
}

// Series returns all series of a metric, by their labels.
func (r *Record) Series(metric string) ([]Series, error) {
	q, err := r.storage.Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	defer q.Close()
	found := q.Select(context.Background(), true, nil, labels.MustNewMatcher(labels.MatchEqual, model.MetricNameLabel, metric))
	var list []Series
	var it chunkenc.Iterator
	for found.Next() {
		s := Series{Labels: found.At().Labels().Map()}
		it = found.At().Iterator(it)
		for it.Next() == chunkenc.ValFloat {
			if t, v := it.At(); !math.IsNaN(v) {
				s.Points = append(s.Points, Point{time.UnixMilli(t).UTC(), v})
			}
		}
		if err := it.Err(); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, found.Err()
}
