package main

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/mongosync/mongosynctest"
)

func TestAddresses(t *testing.T) {
	for _, tc := range []struct {
		externalURL, routePrefix string
		external, prefix, err    string
	}{
		{"", "", "", "", ""},
		{"https://h.example.com", "", "https://h.example.com", "", ""},
		{"https://h.example.com:8443/a/b/", "", "https://h.example.com:8443/a/b", "/a/b", ""},
		{"https://h.example.com/a", "/", "https://h.example.com/a", "", ""},
		{"https://h.example.com/a", "b/c/", "https://h.example.com/a", "/b/c", ""},
		{"/a/", "", "/a", "/a", ""},
		{"", "a", "/a", "/a", ""},
		{"", "//a//../{b c}/", "/%7Bb%20c%7D", "/{b c}", ""},
		{"/", "", "", "", ""},
		{"https://h:s3cr3t@h.example.com", "", "", "", "must have no user, no query and no fragment"},
		{"https://h.example.com/?a=b", "", "", "", "must have no user, no query and no fragment"},
		{"https://h.example.com/#a", "", "", "", "must have no user, no query and no fragment"},
		{"https://u:s3cr3t@h.example.com:x", "", "", "", "is not a URL"},
		{"'https://h.example.com'", "", "", "", "is not a URL"},
		{"h.example.com/a", "", "", "", "must begin with http:// or https://"},
		{"localhost:10091/a", "", "", "", "must begin with http:// or https://"},
		{"//h.example.com/a", "", "", "", "must begin with http:// or https://"},
		{"ftp://h.example.com/a", "", "", "", "must begin with http:// or https://"},
		{"http://:80/a", "", "", "", "must begin with http:// or https:// and have a host"},
	} {
		external, prefix, err := addresses(tc.externalURL, tc.routePrefix)
		switch {
		case tc.err != "":
			if err == nil || !strings.Contains(err.Error(), tc.err) || !strings.HasPrefix(err.Error(), "--web.external-url ") || strings.Contains(err.Error(), "s3cr3t") {
				t.Errorf("%q: %v, want %s", tc.externalURL, err, tc.err)
			}
		case err != nil || external.String() != tc.external || prefix != tc.prefix:
			t.Errorf("%q and %q: %s, %q, %v; want %s, %q", tc.externalURL, tc.routePrefix, &external, prefix, err, tc.external, tc.prefix)
		}
	}
}

// proxy passes on what is below a path to another server, with another path in its place.
func proxy(t *testing.T, outside, to string) string {
	target, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(outside+"/", http.StripPrefix(outside, &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}))
	return onLoopback(t, mux)
}

// Behind whatever prefix a person can follow every link from the landing page on, and
// Prometheus every target that /sd names.
func TestBehindAPrefix(t *testing.T) {
	for _, tc := range []struct {
		name            string
		outside, inside string   // paths; with outside empty there is no proxy
		flags           []string // PROXY is the address of the proxy
		probe           string   // what /sd has to name; PROXY or EXPORTER in its place
	}{
		{name: "nothing", probe: "EXPORTER/probe"},
		{name: "a prefix of its own", inside: "/in", flags: []string{"--web.route-prefix=/in"}, probe: "EXPORTER/in/probe"},
		{name: "the proxy keeps the prefix", outside: "/out", inside: "/out", flags: []string{"--web.external-url=PROXY/out/"}, probe: "PROXY/out/probe"},
		{name: "the proxy takes it away", outside: "/out", flags: []string{"--web.external-url=PROXY/out", "--web.route-prefix=/"}, probe: "PROXY/out/probe"},
		{name: "the proxy has another one", outside: "/out", inside: "/in/deep", flags: []string{"--web.external-url=PROXY/out", "--web.route-prefix=in/deep"}, probe: "PROXY/out/probe"},
		{name: "Prometheus asks directly", outside: "/out", inside: "/out", flags: []string{"--web.external-url=/out"}, probe: "EXPORTER/out/probe"},
		{name: "the exporter knows nothing of it", outside: "/out", probe: "EXPORTER/probe"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var handler http.Handler
			exporter := onLoopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
			base := exporter + tc.inside
			front := exporter
			if tc.outside != "" {
				front = proxy(t, tc.outside, exporter+tc.inside)
				base = front + tc.outside
			}
			app := kingpin.New("x", "")
			f := addFlags(app)
			args := strings.Split(strings.ReplaceAll(strings.Join(append(tc.flags, "--web.enable-pprof"), "\n"), "PROXY", front), "\n")
			if _, err := app.Parse(args); err != nil {
				t.Fatal(err)
			}
			product := onLoopback(t, &mongosynctest.Server{})
			handler = serverWith(t, f, "targets: [{name: 'a & b', api: mongosync, url: "+product+"}]").Handler

			body := follow(t, base+"/targets")
			if !strings.Contains(body, "not read yet") {
				t.Errorf("no target on\n%s", body)
			}
			seen := map[string]bool{}
			visit(t, base, base+"/", seen)
			for _, page := range []string{"/", "/metrics", "/targets", "/sd", "/-/healthy", "/-/ready", "/debug/pprof/heap"} {
				if !seen[base+page] {
					t.Errorf("no link leads to %s; there were %v", page, seen)
				}
			}
			body = follow(t, base+"/debug/pprof")
			if !strings.Contains(body, "goroutine") {
				t.Errorf("no profiles:\n%s", body)
			}

			var groups []struct {
				Targets []string
				Labels  map[string]string
			}
			if err := json.Unmarshal([]byte(follow(t, base+"/sd")), &groups); err != nil {
				t.Fatal(err)
			}
			probe := groups[0].Labels["__scheme__"] + "://" + groups[0].Targets[0] + groups[0].Labels["__metrics_path__"]
			if want := strings.NewReplacer("PROXY", front, "EXPORTER", exporter).Replace(tc.probe); probe != want {
				t.Errorf("/sd names %s, want %s", probe, want)
			}
			if body := follow(t, probe+"?"+url.Values{"target": {groups[0].Labels["__param_target"]}}.Encode()); !strings.Contains(body, `progress_up{api="mongosync",target="a & b"} 1`) {
				t.Errorf("not the series of the target:\n%s", body)
			}
		})
	}
}

// follow asks for a page, wherever it was moved to.
func follow(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: HTTP %s, %v", address, resp.Status, err)
	}
	return string(body)
}

var hrefs = regexp.MustCompile(`href="([^"]*)"`)

// visit asks for a page and every one that is linked from it; none may be outside of base.
func visit(t *testing.T, base, address string, seen map[string]bool) {
	t.Helper()
	if seen[address] || strings.Contains(address, "/profile?") || strings.Contains(address, "/trace?") || strings.HasPrefix(address, "https://pprof.me") {
		return
	}
	if !strings.HasPrefix(address, base+"/") {
		t.Errorf("a link leads out of %s: %s", base, address)
		return
	}
	seen[address] = true
	body := follow(t, address)
	if strings.Contains(address, "/debug/pprof/") {
		return // its links are those of net/http/pprof
	}
	from, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range hrefs.FindAllStringSubmatch(body, -1) {
		to, err := from.Parse(html.UnescapeString(m[1]))
		if err != nil {
			t.Fatal(err)
		}
		to.Fragment = ""
		visit(t, base, to.String(), seen)
	}
}

// What is not below the prefix is nothing, but for two addresses that lead to it.
func TestOutOfThePrefix(t *testing.T) {
	app := kingpin.New("x", "")
	f := addFlags(app)
	if _, err := app.Parse([]string{"--web.external-url=https://proxy.example.com/out", "--web.route-prefix=/in"}); err != nil {
		t.Fatal(err)
	}
	s := serverOf(t, f)
	for address, want := range map[string]string{
		"/": "302 /in/", "/in": "302 /out/", "/in/": "200 ", "/in/-/healthy": "200 ", "/-/healthy": "404 ", "/metrics": "404 ", "/inside/metrics": "404 ", "/in/in/metrics": "404 ",
	} {
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		if got := w.Result().Status[:4] + w.Header().Get("Location"); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

// A flag that is wrong ends the program before it listens.
func TestWrongExternalURL(t *testing.T) {
	var stderr bytes.Buffer
	if code := run([]string{"--web.external-url=proxy.example.com/out"}, io.Discard, &stderr); code != 2 || !strings.Contains(stderr.String(), "--web.external-url must begin with http:// or https://") {
		t.Errorf("exit code %d: %s", code, &stderr)
	}
}
