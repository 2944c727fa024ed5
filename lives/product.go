package lives

import (
	"fmt"
	"net/http"
	"time"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/ses/sestest"
)

// Product is one of the four, or a described one, as the lives need it.
type Product struct {
	api        string
	path       string        // behind the address
	job        string        // its job's key, for options; empty: it has none
	next       string        // the key of the job that takes its place
	stallAfter time.Duration // as its operator would choose it
	options    func(job string) string
	// play returns the fake, and what gives it another drill.
	play func(d drill.Drill, p *Part) (http.Handler, func(drill.Drill))
	// What it answers with wrong credentials, and when it is asked too often.
	refusal, throttled reply

	description string // of the product, which the targets file has first; empty: it is built in

	down     string // the severity of TargetDown
	vanished string // the severity of Vanished
}

// Logpresso returns the install of an app.
func Logpresso() *Product {
	const first, second = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	return &Product{
		api: "logpresso", job: first, next: second, stallAfter: 15 * time.Minute,
		options: func(job string) string { return fmt.Sprintf("{token: %s}", job) },
		play: func(d drill.Drill, _ *Part) (http.Handler, func(drill.Drill)) {
			s := &logpressotest.Server{Drill: d}
			return s, s.SetDrill
		},
		refusal:   reply{http.StatusInternalServerError, `{"error_code":"illegal-state","error_msg":"no-permission"}`},
		throttled: reply{http.StatusTooManyRequests, `{}`},
		down:      "warning", vanished: "info",
	}
}

// Mongosync returns a migration, or one process of it.
func Mongosync() *Product {
	return &Product{
		api: "mongosync", stallAfter: 15 * time.Minute,
		play: func(d drill.Drill, p *Part) (http.Handler, func(drill.Drill)) {
			s := &mongosynctest.Server{Drill: d, ID: p.Target, CopiedShare: p.Share}
			return s, s.Play
		},
		refusal:   reply{http.StatusUnauthorized, `{}`}, // it has no credentials itself: a proxy before it
		throttled: reply{http.StatusTooManyRequests, `{}`},
		down:      "critical", vanished: "warning",
	}
}

// MRS returns an asynchronous command.
func MRS() *Product {
	return &Product{
		api: "mrs", path: "/web", job: "214", next: "215", stallAfter: 15 * time.Minute,
		options: func(job string) string {
			return fmt.Sprintf("{command_id: %s, total_progress_scale: percent, states: {NEW: pending}, login: {type: none}}", job)
		},
		play: func(d drill.Drill, _ *Part) (http.Handler, func(drill.Drill)) {
			s := &mrstest.Server{Drill: d, Waiting: "NEW"}
			return s, s.SetDrill
		},
		refusal:   reply{http.StatusUnauthorized, `{}`},
		throttled: reply{http.StatusTooManyRequests, `{}`},
		down:      "warning", vanished: "warning",
	}
}

// SES returns a rolling upgrade of twelve nodes.
func SES() *Product {
	return &Product{
		api: "ses", stallAfter: 30 * time.Minute,
		options: func(string) string {
			return `{region: KR, service_group_instance_no: "3427188", access_key: EXAMPLEACCESSKEY0001, secret_key: example-secret-key, time_zone: Asia/Seoul, states: {Upgrade_Failed: failed}}`
		},
		play: func(d drill.Drill, _ *Part) (http.Handler, func(drill.Drill)) {
			s := &sestest.Server{Drill: d, Now: d.Now, Nodes: nodes(12)}
			return s, s.SetDrill
		},
		refusal:   reply{http.StatusUnauthorized, `{"error":{"errorCode":"200","message":"Authentication Failed","details":"Invalid authentication information."}}`},
		throttled: reply{http.StatusTooManyRequests, `{"error":{"errorCode":410,"message":"Throttle Limited"}}`},
		down:      "warning", vanished: "warning",
	}
}

func nodes(n int) []sestest.Node {
	list := make([]sestest.Node, n)
	for i := range list {
		list[i] = sestest.Node{Hostname: fmt.Sprintf("logs-prod-d-a%d", i), Role: "D"}
	}
	return list
}
