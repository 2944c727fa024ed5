package library_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	library "progress_exporter/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// Descriptions with a login log in as their vendors document it, and read the job with
// what that brings.
func TestLogins(t *testing.T) {
	for name, tc := range map[string]struct {
		options      string
		login        string // what asks for a session
		given, taken string // the headers that it comes and goes in
		question     string
	}{
		"nova-live-migration": {
			"{server: s1, migration: 1, identity_url: 'http://product.example:5000', username: ops, password: hunter2-of-ops, project: cloud}",
			`POST http://product.example:5000/v3/auth/tokens {"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"Default"},"name":"ops","password":"hunter2-of-ops"}}},"scope":{"project":{"domain":{"name":"Default"},"name":"cloud"}}}}`,
			"X-Subject-Token", "X-Auth-Token", "GET http://product.example/servers/s1/migrations/1 ",
		},
		"redfish-task": {
			"{task: 545, username: ops, password: hunter2-of-ops}",
			`POST http://product.example/redfish/v1/SessionService/Sessions {"Password":"hunter2-of-ops","UserName":"ops"}`,
			"X-Auth-Token", "X-Auth-Token", "GET http://product.example/redfish/v1/TaskService/Tasks/545 ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			happy, err := os.ReadFile("testdata/" + name + "/happy/response.json")
			if err != nil {
				t.Fatal(err)
			}
			source, err := find(t, name).Open(collectortest.Target(t, "http://product.example", tc.options, nil))
			if err != nil {
				t.Fatal(err)
			}
			var asked []string
			fetch := func(r *http.Request) (progress.Response, error) {
				body, _ := io.ReadAll(r.Body)
				line := fmt.Sprint(r.Method, " ", r.URL, " ", string(body))
				asked = append(asked, line)
				switch {
				case line == tc.login:
					return progress.Response{Status: http.StatusCreated, Header: http.Header{tc.given: {"t1"}}, Body: []byte("{}"), Request: r}, nil
				case r.Header.Get(tc.taken) == "t1":
					return progress.Response{Status: http.StatusOK, Body: happy, Request: r}, nil
				}
				return progress.Response{Status: http.StatusUnauthorized, Body: []byte("{}"), Request: r}, nil
			}
			for range 2 {
				if r, err := source.Progress(t.Context(), fetch); err != nil || r.State != progress.Running {
					t.Errorf("%v, %v; want running", r.State, err)
				}
			}
			if diff := cmp.Diff([]string{tc.login, tc.question, tc.question}, asked); diff != "" {
				t.Errorf("asked (-want +got):\n%s", diff)
			}
		})
	}
}

// find returns a product of the library.
func find(t *testing.T, name string) progress.API {
	t.Helper()
	var names []string
	for _, api := range library.APIs(time.Now) {
		if api.Name == name {
			return api
		}
		names = append(names, api.Name)
	}
	t.Fatalf("no %s among %s", name, strings.Join(names, ", "))
	return progress.API{}
}
