package series

import (
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
)

// Family is a metric family and its series in one exposition.
//
// A scrape of a thousand targets has fifty thousand series, so that a Sample is kept
// small: a dto.Metric takes four times as much memory.
type Family struct {
	*families.Family
	Samples []Sample
}

// Sample is one series and its value.
type Sample struct {
	Labels  []*progress.Label // sorted by name
	Value   float64
	Created int64 // of a counter: when it began, in Unix nanoseconds
}

// DTO returns a copy of the family as client_model has it, for what does not know ours:
// every format but the texts.
func (f *Family) DTO() *dto.MetricFamily {
	d := &dto.MetricFamily{Name: &f.Name, Help: &f.Help, Type: dto.MetricType_GAUGE.Enum()}
	if f.Kind == families.Counter {
		d.Type = dto.MetricType_COUNTER.Enum()
	}
	for i := range f.Samples {
		s := &f.Samples[i]
		m := &dto.Metric{}
		for _, l := range s.Labels {
			m.Label = append(m.Label, &dto.LabelPair{Name: new(l.Name), Value: new(l.Value)})
		}
		if f.Kind == families.Counter {
			m.Counter = &dto.Counter{Value: new(s.Value)}
			if s.Created != 0 {
				m.Counter.CreatedTimestamp = timestamppb.New(time.Unix(0, s.Created))
			}
		} else {
			m.Gauge = &dto.Gauge{Value: new(s.Value)}
		}
		d.Metric = append(d.Metric, m)
	}
	return d
}
