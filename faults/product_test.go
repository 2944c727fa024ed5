package faults

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/ses/sestest"
)

// What must never be shown. Bearer is in every target's http_client_config.
const (
	bearer    = "bearer-credential-of-the-tests"
	token     = "a1b2c3d4-0000-4000-8000-5ec2e70f0a11"
	password  = "password-of-the-tests"
	accessKey = "ACCESSKEYOFTHETESTS0"
	secretKey = "secret-key-of-the-tests"
)

// product is a column of the matrix: a product, or one of the ways to reach it.
type product struct {
	column, api string
	good        func() http.Handler                          // plays the product at work
	target      func(at, good string) (url string, opts any) // at is the address that the fault is at
	secrets     []string

	pages     bool               // the fault is at HTML pages: rows about JSON do not apply
	keep      string             // a field without which no answer is good, and which says nothing else
	essential []string           // the fields that make the state and the ratio
	percent   []string           // the fields that hold progress
	whole     string             // the field that holds how much is all of it; empty: it is 100
	list      []string           // where the list of nodes is, or what comes nearest
	entry     func(i int) string // a full entry of that list
	short     func(i int) string // the least that makes an entry
	refusal   string             // the product's own error answer, as documented
}

// options are a target's options.
type options map[string]any

// products returns the columns.
func products() []product {
	return []product{logpresso(), mongosync(), mrs(), mrsManager(), mrsCAS(), ses()}
}

func halfway(s drill.Scenario) drill.Drill {
	return drill.Drill{Scenario: s, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour}
}

func logpresso() product {
	return product{
		column: "logpresso", api: "logpresso",
		good: func() http.Handler {
			return &logpressotest.Server{Token: token, Key: bearer, Drill: halfway(drill.Happy)}
		},
		target:    func(at, _ string) (string, any) { return at, options{"token": token} },
		secrets:   []string{bearer, token},
		essential: []string{"total_progress", "status", "is_cancelled"},
		percent:   []string{"total_progress", "node_progress"},
		list:      []string{"install_progress", "node_progresses"},
		entry: func(i int) string {
			return fmt.Sprintf(`{"node_name":"data-node","node_guid":"c3d4e5f6-7890-1234-cdef-%012d","node_type":"data","node_progress":50,"error_code":null}`, i)
		},
		short:   func(i int) string { return fmt.Sprintf(`{"node_guid":"%d"}`, i) },
		refusal: `{"error_code":"illegal-state","error_msg":"install is not ready"}`,
	}
}

func mongosync() product {
	return product{
		column: "mongosync", api: "mongosync",
		good:      func() http.Handler { return &mongosynctest.Server{Drill: halfway(drill.Happy)} },
		target:    func(at, _ string) (string, any) { return at, nil },
		secrets:   []string{bearer},
		essential: []string{"state", "canCommit", "estimatedTotalBytes", "estimatedCopiedBytes"},
		percent:   []string{"estimatedCopiedBytes"},
		whole:     "estimatedTotalBytes",
		list:      []string{"progress", "warnings"},
		entry: func(i int) string {
			return fmt.Sprintf(`"warning %d: a collection has an index that cannot be built"`, i)
		},
		short:   func(i int) string { return fmt.Sprintf(`"%d"`, i) },
		refusal: `{"success":false,"error":"ExampleError","errorDescription":"an example"}`,
	}
}

// mrs is a manager that wants no login.
func mrs() product {
	return product{
		column: "mrs", api: "mrs",
		good:      func() http.Handler { return &mrstest.Server{Drill: halfway(drill.Happy)} },
		target:    func(at, _ string) (string, any) { return at + mrstest.Web, options{"command_id": 214} },
		secrets:   []string{bearer},
		essential: []string{"state", "total_progress"},
		percent:   []string{"total_progress", "total_step_size"},
		list:      []string{"res_obj", "fail_entity_list"},
		entry: func(i int) string {
			return fmt.Sprintf(`{"fail_entity":"HDFS-DataNode-node-%d","operation_type":"START"}`, i)
		},
		short:   func(i int) string { return fmt.Sprintf(`{"fail_entity":"%d"}`, i) },
		refusal: `{"id":-1,"state":"FAILED","error_code":20019,"error_description":"an example"}`,
	}
}

// mrsManager is a manager at fault whose CAS lets the user in.
func mrsManager() product {
	p := mrs()
	p.column = "mrs, manager behind a login"
	p.good = func() http.Handler {
		return &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: password, Drill: halfway(drill.Happy)}
	}
	p.target = func(at, good string) (string, any) { return at + mrstest.Web, casLogin(good) }
	// The values of the cookies, as the fake makes them, and of the form.
	p.secrets = append(slices.Clone(p.secrets), password, "casSessionId-0", "CASTGC-0", "ST-0", "JSESSIONID-0")
	return p
}

// mrsCAS is a CAS at fault before a manager in health.
func mrsCAS() product {
	p := mrsManager()
	p.column, p.pages = "mrs, login page (CAS)", true
	p.target = func(at, good string) (string, any) { return good + mrstest.Web, casLogin(at) }
	return p
}

func casLogin(base string) options {
	return options{"command_id": 214, "login": options{"type": "cas", "username": "ops", "password": password, "cas_url": base + mrstest.CAS}}
}

func ses() product {
	return product{
		column: "ses", api: "ses",
		good: func() http.Handler {
			return &sestest.Server{AccessKey: accessKey, SecretKey: secretKey, Drill: halfway(drill.Happy)}
		},
		target: func(at, _ string) (string, any) {
			return at, options{"service_group_instance_no": "3427188", "access_key": accessKey, "secret_key": secretKey}
		},
		secrets:   []string{bearer, accessKey, secretKey},
		keep:      "code",
		essential: []string{"code", "status", "nodeCount"},
		percent:   []string{"nodeCount"},
		list:      []string{"result", "nodeStatusVoList"},
		entry: func(i int) string {
			return fmt.Sprintf(`{"hostname":"logs-prod-d-%d","status":"complete","nodeRoleCode":"D","updatedDate":"2026-05-12 10:30:00"}`, i)
		},
		short:   func(i int) string { return fmt.Sprintf(`{"hostname":"%d","status":"running"}`, i) },
		refusal: `{"code":1000,"message":"an example","result":null}`,
	}
}
