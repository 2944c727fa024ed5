package web

import (
	"crypto/tls"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
)

func TestDiscovery(t *testing.T) {
	e := serveJobs(t, "", func(http.ResponseWriter, *http.Request) { t.Error("a product was asked") })
	get := func(secure bool) (header http.Header, groups []sdGroup) {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/sd", nil)
		r.Host = "exporter.example.com:10091"
		if secure {
			r.TLS = &tls.ConnectionState{}
		}
		e.Discovery().ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &groups); err != nil {
			t.Fatal(err)
		}
		return w.Header(), groups
	}
	want := func(name, scheme string) sdGroup {
		return sdGroup{[]string{"exporter.example.com:10091"}, map[string]string{
			"__scheme__": scheme, "__metrics_path__": "/probe", "__param_target": name, "__meta_progress_api": "jobs", "__meta_progress_shard": name, "instance": name,
		}}
	}
	header, groups := get(false)
	if diff := cmp.Diff([]sdGroup{want("a", "http"), want("b", "http")}, groups); diff != "" || header.Get("Content-Type") != "application/json" {
		t.Errorf("Content-Type %s (-want +got):\n%s", header.Get("Content-Type"), diff)
	}
	if _, groups := get(true); groups[0].Labels["__scheme__"] != "https" {
		t.Errorf("over TLS: %v", groups)
	}
	e.opts.External = url.URL{Scheme: "https", Host: "proxy.example.com", Path: "/progress"}
	outside := want("a", "https")
	outside.Targets, outside.Labels["__metrics_path__"] = []string{"proxy.example.com"}, "/progress/probe"
	_, groups = get(false)
	if diff := cmp.Diff(outside, groups[0]); diff != "" {
		t.Errorf("behind a proxy (-want +got):\n%s", diff)
	}
	e.targets = &plan.Plan{}
	if _, text := enginetest.Ask(e.Discovery(), "/sd"); strings.TrimSpace(text) != "[]" {
		t.Errorf("without targets: %s", text)
	}
}

func TestDiscoveryKeepsMigrationsTogether(t *testing.T) {
	const more = "}\n- {name: s0, labels: {migration: orders}, options: {id: '3'}}\n- {name: s1, labels: {migration: orders}, options: {id: '4'}"
	e := serveJobs(t, more, func(http.ResponseWriter, *http.Request) { t.Error("a product was asked") })
	_, text := enginetest.Ask(e.Discovery(), "/sd")
	var groups []sdGroup
	if err := json.Unmarshal([]byte(text), &groups); err != nil {
		t.Fatal(err)
	}
	shards := map[string]string{}
	for _, g := range groups {
		shards[g.Labels["__param_target"]] = g.Labels["__meta_progress_shard"]
	}
	want := map[string]string{"s0": "orders", "s1": "orders", "a": "a", "b": "b"}
	if diff := cmp.Diff(want, shards); diff != "" {
		t.Errorf("what to hash (-want +got):\n%s", diff)
	}
}
