package web

import (
	"cmp"
	"encoding/json"
	"net/http"
)

// sdGroup is an element of what Prometheus' HTTP service discovery reads.
type sdGroup struct {
	Targets []string          `json:"targets"` // addresses to scrape
	Labels  map[string]string `json:"labels"`  // of all of them
}

// Discovery answers /sd: the configured targets for Prometheus' http_sd_configs,
// ready to be scraped through /probe of the exporter that was asked, at Options.External.
// Where exporters share the targets, the label __meta_progress_shard is what to hash: it
// keeps the processes of a migration with one exporter, which judges them together.
func (h *Handlers) Discovery() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		groups := []sdGroup{}
		scheme, external := "http", &h.opts.External
		if r.TLS != nil {
			scheme = "https"
		}
		for _, t := range h.plan().Targets {
			groups = append(groups, sdGroup{
				Targets: []string{cmp.Or(external.Host, r.Host)},
				Labels: map[string]string{
					"__scheme__":            cmp.Or(external.Scheme, scheme),
					"__metrics_path__":      external.Path + "/probe",
					"__param_target":        t.Target,
					"__meta_progress_api":   t.API.Name,
					"__meta_progress_shard": cmp.Or(t.Migration(), t.Target),
					"instance":              t.Target,
				},
			})
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(groups)
	})
}
