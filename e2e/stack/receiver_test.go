package stack

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReceiver(t *testing.T) {
	r := StartReceiver(t)
	post := func(path, body string) int {
		resp, err := client().Post("http://"+r.Address+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	if got := post("/team", `{"version":"4","status":"firing","groupLabels":{"group":"g"},"alerts":[
		{"status":"firing","labels":{"alertname":"A","target":"x"},"annotations":{"summary":"s"},"fingerprint":"f"},
		{"status":"resolved","labels":{"alertname":"B"}}]}`); got != http.StatusOK {
		t.Errorf("got HTTP %d, want 200", got)
	}
	if got := post("/on-call", "no JSON"); got != http.StatusBadRequest {
		t.Errorf("got HTTP %d, want 400", got)
	}
	r.Await(t, "firing", "A", "x")
	want := []Delivery{
		{Receiver: "team", Group: map[string]string{"group": "g"}, Status: "firing", Labels: map[string]string{"alertname": "A", "target": "x"}, Annotations: map[string]string{"summary": "s"}},
		{Receiver: "team", Group: map[string]string{"group": "g"}, Status: "resolved", Labels: map[string]string{"alertname": "B"}},
	}
	if diff := cmp.Diff(want, r.Deliveries()); diff != "" {
		t.Error(diff)
	}
}
