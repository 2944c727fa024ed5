package lives

import (
	"encoding/json"
	"net/http"
	"time"

	"progress_exporter/collector/collectortest/drill"
)

// Job is one job of a list. What is Gone is not in the list.
type Job struct {
	ID   string
	Plot Plot
}

// Queue returns a product that the targets file describes and that answers with a list of jobs.
func Queue() *Product {
	return &Product{
		api: "queue", stallAfter: 15 * time.Minute,
		description: `apis:
  - name: queue
    request: {path: /jobs}
    jobs: .jobs[]
    job: .id
    state: .state
    states: {waiting: pending, working: running, done: succeeded, failed: failed}
    ratio: .done
`,
		play: func(d drill.Drill, p *Part) (http.Handler, func(drill.Drill)) {
			return &queue{p.Jobs, d}, func(drill.Drill) {}
		},
		refusal: reply{http.StatusUnauthorized, `{}`}, throttled: reply{http.StatusTooManyRequests, `{}`},
		down: "warning", vanished: "info",
	}
}

// queue plays the product: whoever is at work, and what has ended and is kept for a while.
type queue struct {
	jobs []Job
	time drill.Drill
}

// inQueue is a job as the product says it.
type inQueue struct {
	ID    string  `json:"id"`
	State string  `json:"state"`
	Done  float64 `json:"done"`
}

func (q *queue) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	since := q.time.Now().Sub(q.time.Start)
	list := []inQueue{}
	for _, j := range q.jobs {
		m := j.Plot.at(since)
		word := map[drill.Phase]string{drill.Waiting: "waiting", drill.Working: "working", drill.Done: "done", drill.Failed: "failed"}[m.Phase]
		if word != "" {
			list = append(list, inQueue{j.ID, word, m.Fraction})
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"jobs": list})
}
