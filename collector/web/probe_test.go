package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"progress_exporter/collector/enginetest"
)

func TestProbe(t *testing.T) {
	var asked []string
	e := serveJobs(t, "", func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		_, _ = w.Write([]byte("{}"))
	})
	for _, tc := range []struct {
		query, path string
		want        []string
	}{
		{"target=a", "/job/1", []string{`progress_up{api="jobs",target="a",team="x"} 1`, `progress_scrapes_total{api="jobs",target="a",team="x"} 1`}},
		{"target=a&job=17", "/job/17", []string{`progress_up{api="jobs",job_id="17",target="a",team="x"} 1`, `progress_scrapes_total{api="jobs",job_id="17",target="a",team="x"} 1`}},
		{"target=a&job=17&debug=false", "/job/17", []string{`progress_scrapes_total{api="jobs",job_id="17",target="a",team="x"} 2`}},
		{"target=a&job=" + strings.Repeat("1", 128), "/job/" + strings.Repeat("1", 128), nil},
		{"target=b&job=17", "/job/17", []string{`progress_scrapes_total{api="jobs",job_id="17",target="b"} 1`}},
	} {
		asked = nil
		status, text := enginetest.Ask(e.Probe(), "/probe?"+tc.query)
		if status != http.StatusOK || len(asked) != 1 || asked[0] != tc.path {
			t.Errorf("%s: HTTP %d after asking for %v, want %s", tc.query, status, asked, tc.path)
		}
		for _, line := range tc.want {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("%s: missing %s in\n%s", tc.query, line, text)
			}
		}
		if strings.Contains(text, "WHAT IT MEANS") {
			t.Errorf("%s: a person's view, which was not asked for", tc.query)
		}
		if strings.Contains(text, "progress_exporter_") || strings.Contains(text, "go_goroutines") {
			t.Errorf("%s: the exporter's own metrics are in the answer", tc.query)
		}
	}
}

func TestWrongProbes(t *testing.T) {
	e := serveJobs(t, "", func(http.ResponseWriter, *http.Request) { t.Error("a product was asked") })
	for query, want := range map[string]string{
		"":                                 "400 The parameter target is missing: the name of a configured target.",
		"job=1":                            "400 The parameter target is missing: the name of a configured target.",
		"target=":                          "400 The parameter target is missing: the name of a configured target.",
		"target=a&target=b":                "400 The parameter target is given 2 times; give it once.",
		"target=c":                         `404 No target is called "c". Targets are probed by their name in the configuration, never by an address.`,
		"target=http%3A%2F%2F192.0.2.1%2F": `404 No target is called "http://192.0.2.1/". Targets are probed by their name in the configuration, never by an address.`,
		"target=%0A%1B":                    `404 No target is called "\n\x1b". Targets are probed by their name in the configuration, never by an address.`,
		"target=a&job=":                    "400 The parameter job is empty; leave it out to ask for the job in the configuration.",
		"target=a&job=1&job=2":             "400 The parameter job is given 2 times; give it once.",
		"target=a&job=%00":                 "400 The parameter job has to be printable text of at most 128 bytes.",
		"target=a&job=%FF":                 "400 The parameter job has to be printable text of at most 128 bytes.",
		"target=a&job=" + strings.Repeat("1", 129): "400 The parameter job has to be printable text of at most 128 bytes.",
		"target=a&job=refused":                     `400 The parameter job does not fit target "a": a job is a number`,
		"target=a&debug=1&debug=0":                 "400 The parameter debug is given 2 times; give it once.",
		"target=" + strings.Repeat("x", 200):       `404 No target is called "` + strings.Repeat("x", 125) + `…". Targets are probed by their name in the configuration, never by an address.`,
		"target=a&debug=please":                    "400 The parameter debug is true or false.",
		"target=%zz":                               "400 The query of the address is malformed.",
	} {
		status, text := enginetest.Ask(e.Probe(), "/probe?"+query)
		if got := fmt.Sprintf("%d %s", status, strings.TrimSpace(text)); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", query, got, want)
		}
	}
}

func TestDebugShowsTheReadAndNoSecret(t *testing.T) {
	const authorized = ", http_client_config: {authorization: {credentials: s3cr3t-credentials}}"
	e := serveJobs(t, authorized, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "s3cr3t-cookie"})
		w.Header().Set("Location", "http://h/path?token=s3cr3t-token")
		fmt.Fprintf(w, `{"token":"s3cr3t-token","accessToken" : "oth3r \" s3cr3t","key":"s3cr3t-key","cookie":"s3cr3t-cookie","sent":"%s","bell":"%c","long":"%s"}`, r.Header.Get("Authorization"), 7, strings.Repeat("x", 5000))
	})
	status, text := enginetest.Ask(e.Probe(), "/probe?target=a&job=17&debug=true")
	if status != http.StatusOK {
		t.Fatalf("HTTP %d: %s", status, text)
	}
	for _, want := range []string{
		`target "a" of api jobs, job "17"`, "/job/17?token=<redacted>\n", "> X-Key: <redacted>\n", "< HTTP 200 OK after ",
		"< Content-Type: application/json\n", "< Location: http://h/path?token=<redacted>\n", "< Set-Cookie: <redacted>\n",
		`{"token":"<redacted>","accessToken" : "<redacted>","key":"<redacted>","cookie":"<redacted>","sent":"<redacted>","bell":"\x07","long":"xxx`, "xxx…\n",
		`running (the product's word: "busy")`, "ratio  ", "0.25", `node  `, `"n1"`, "not read ", "job.owner: not the text that the product documents\n",
		`progress_up{api="jobs",job_id="17",target="a",team="x"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "s3cr3t") {
		t.Errorf("a secret is shown:\n%s", text)
	}
}

func TestDebugOfFailures(t *testing.T) {
	html := false
	e := serveJobs(t, ", min_interval: 1h", func(w http.ResponseWriter, _ *http.Request) {
		if html {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<input name=lt value=LT-s3cr3t>`))
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	})
	_, text := enginetest.Ask(e.Probe(), "/probe?target=a&debug=true")
	if !strings.Contains(text, "< HTTP 502 Bad Gateway after ") || !strings.Contains(text, "/job/1: HTTP 502 Bad Gateway; the product") {
		t.Errorf("a failed read:\n%s", text)
	}
	if _, text = enginetest.Ask(e.Probe(), "/probe?target=a&debug=true"); !strings.Contains(text, "no request was made this time") || !strings.Contains(text, "HTTP 502") {
		t.Errorf("within min_interval:\n%s", text)
	}
	html = true
	if _, text = enginetest.Ask(e.Probe(), "/probe?target=b&debug=true"); strings.Contains(text, "s3cr3t") || !strings.Contains(text, "an HTML page of ") {
		t.Errorf("a page with a form:\n%s", text)
	}
}

// Whatever an answer looks like and is called, no form is shown.
func TestDebugOfAForm(t *testing.T) {
	for _, body := range []string{`{"page": "<FORM action=x><input name=lt value=LT-s3cr3t>"}`, `Welcome <input name=lt value=LT-s3cr3t>`} {
		e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(body))
		})
		if _, text := enginetest.Ask(e.Probe(), "/probe?target=a&debug=true"); strings.Contains(text, "s3cr3t") || !strings.Contains(text, "an HTML page of ") {
			t.Errorf("%s:\n%s", body, text)
		}
	}
}

func FuzzProbe(f *testing.F) {
	for _, q := range []string{"target=a", "target=a&job=1", "target=a&debug=1", "target=%zz", "job=../x&target=a", ";", "target=a&job=%F0%9F%98%80"} {
		f.Add(q)
	}
	e := serveJobs(f, "", nil)
	home := e.targets.ByName["a"].Key.Home
	f.Fuzz(func(t *testing.T, query string) {
		p, err := e.parseProbe(&url.URL{RawQuery: query})
		var wrong *wrongProbe
		switch {
		case err == nil && p.target.Target != "a":
			t.Errorf("%q finds target %q", query, p.target.Target)
		case err == nil && p.target.Key.Home != home:
			t.Errorf("%q would ask %s", query, p.target.Key.Home)
		case err != nil && (!errors.As(err, &wrong) || wrong.status < 400 || wrong.status > 499 || wrong.text == ""):
			t.Errorf("%q: %v", query, err)
		}
	})
}
