package stack

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Delivery is an alert as Alertmanager delivered it once.
type Delivery struct {
	Receiver string            // the path to which it was delivered, without the slash
	Group    map[string]string // the labels that the notification's alerts share
	Status   string            // firing or resolved
	Labels   map[string]string
	// Annotations are the texts of the alert.
	Annotations map[string]string
}

// Receiver takes what Alertmanager delivers to webhooks.
type Receiver struct {
	Address string // host:port

	mu         sync.Mutex
	deliveries []Delivery
}

// StartReceiver starts a receiver, which ends with the test.
func StartReceiver(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.Address = server.Listener.Addr().String()
	return r
}

// ServeHTTP takes a notification, which holds one alert or more.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var notification struct {
		GroupLabels map[string]string
		Alerts      []Delivery
	}
	if err := json.NewDecoder(req.Body).Decode(&notification); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range notification.Alerts {
		d.Receiver, d.Group = strings.TrimPrefix(req.URL.Path, "/"), notification.GroupLabels
		r.deliveries = append(r.deliveries, d)
	}
}

// Deliveries returns all that came so far, in that order.
func (r *Receiver) Deliveries() []Delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.deliveries)
}

// Await waits until an alert with this name and target was delivered with a status.
func (r *Receiver) Await(t testing.TB, status, alert, target string) {
	t.Helper()
	Await(t, alert+" of "+target+" to be delivered as "+status, func() bool {
		return slices.ContainsFunc(r.Deliveries(), func(d Delivery) bool {
			return d.Status == status && d.Labels["alertname"] == alert && d.Labels["target"] == target
		})
	})
}
