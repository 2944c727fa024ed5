package mongosync

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

func TestParsePorts(t *testing.T) {
	for _, tc := range []struct {
		ports, url string // as YAML
		most       int
		want       string // the addresses, or what is wrong
	}{
		{"'27182'", "http://h", 200, "http://h:27182"},
		{"'27182-27184'", "http://h:27182", 200, "http://h:27182 http://h:27183 http://h:27184"},
		{"' 27190, 27182 - 27183 '", "https://h/proxy/", 200, "https://h:27190/proxy https://h:27182/proxy https://h:27183/proxy"},
		{"'1,65535'", "http://[::1]", 2, "http://[::1]:1 http://[::1]:65535"},
		{"[27182, 27184-27185]", "http://h", 200, "http://h:27182 http://h:27184 http://h:27185"},
		{"[]", "http://h", 200, "options.ports names no port"},
		{"[x, 0]", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found "x"` + "\n" + `options.ports: a port is a number from 1 to 65535, found "0"`},
		{"{a: 1}", "http://h", 200, "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into []string; the one option of mongosync is ports"},
		{"''", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found ""`},
		{"'27182,'", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found ""`},
		{"'27182-'", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found "27182-"`},
		{"'+1'", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found "+1"`},
		{"'27182-27183-27184'", "http://h", 200, `options.ports: want a port, or a range such as 27182-27190, found "27182-27183-27184"`},
		{"'0,65536'", "http://h", 200, `options.ports: a port is a number from 1 to 65535, found "0"` + "\n" + `options.ports: a port is a number from 1 to 65535, found "65536"`},
		{"'27190-27182'", "http://h", 200, "options.ports: 27190-27182 ends before it begins"},
		{"'27182-27184,27183'", "http://h", 200, "options.ports names 27183 twice"},
		{"'1-65535'", "http://h", 200, "options.ports names 65535 ports, and max_jobs is 200: raise it, or name fewer"},
		{"'27182-27184'", "http://h:27181", 200, "options.ports has not 27181, the port of the url: name it, or leave it out of the url"},
	} {
		tgt := collectortest.Target(t, tc.url, "ports: "+tc.ports, nil)
		tgt.MaxJobs = tc.most
		src, err := open(tgt)
		var got string
		if err != nil {
			got = err.Error()
		} else {
			var addresses []string
			for _, p := range src.(ports) {
				addresses = append(addresses, strings.TrimSuffix(p.url, "/api/v1/progress"))
			}
			got = strings.Join(addresses, " ")
		}
		if got != tc.want {
			t.Errorf("%q of %s:\n got %s\nwant %s", tc.ports, tc.url, got, tc.want)
		}
	}
	for options, lists := range map[string]bool{"{}": false, "ports:": false, "ports: 27182": true} {
		src, err := open(collectortest.Target(t, "http://h:27182", options, nil))
		if err != nil || progress.Lists(src) != lists {
			t.Errorf("%s: a list: %v, %v", options, progress.Lists(src), err)
		}
	}
	_, err := open(collectortest.Target(t, "http://h:27182", "port: 27182", nil))
	if err == nil || !strings.Contains(err.Error(), "port not found in type mongosync.options; the one option of mongosync is ports") {
		t.Errorf("got %v", err)
	}
}

// states says of each job of a list its state, or why it could not be read.
func states(r progress.Report) string {
	var all []string
	for _, j := range r.Jobs {
		state := j.Report.State.String()
		if j.Err != nil {
			state = string(progress.AsError(j.Err).Reason)
		}
		all = append(all, j.ID+" "+state)
	}
	return strings.Join(all, "; ")
}

// Each process fails alone, also when all do; one that hangs costs the others nothing.
func TestPorts(t *testing.T) {
	answers := map[string]string{
		"27182": `{"progress":{"state":"RUNNING"},"success":true}`,
		"27183": `{"progress":{"state":"COMMITTED","lagTimeSeconds":"none"},"success":true}`,
		"27184": `{"success":false,"error":"ExampleError","errorDescription":"x"}`,
		"27185": "hangs",
	}
	fetch := func(req *http.Request) (progress.Response, error) {
		switch body, ok := answers[req.URL.Port()]; {
		case !ok:
			return progress.Response{}, progress.Errorf(progress.Connect, "refused").About(req)
		case body == "hangs":
			<-req.Context().Done()
			return progress.Response{}, progress.Errorf(progress.Timeout, "no answer").About(req)
		default:
			return progress.Response{Status: http.StatusOK, Body: []byte(body), Request: req}, nil
		}
	}
	for _, tc := range []struct{ ports, want string }{
		{"27182-27184,27186", "27182 running; 27183 succeeded; 27184 api; 27186 connect"},
		{"27185,27182,27186", "27185 timeout; 27182 running; 27186 connect"},
		{"27185-27187", "27185 timeout; 27186 connect; 27187 connect"},
	} {
		synctest.Test(t, func(t *testing.T) {
			src, err := open(collectortest.Target(t, "http://h", "ports: "+tc.ports, nil))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			r, err := src.Progress(ctx, fetch)
			if got := states(r); err != nil || got != tc.want {
				t.Errorf("ports %s: %v, %s\nwant %s", tc.ports, err, got, tc.want)
			}
			if ctx.Err() != nil {
				t.Errorf("ports %s: whoever asked gets no answer", tc.ports)
			}
			if strings.Contains(tc.ports, "27184") && len(r.Jobs[1].Report.Unread) != 1 {
				t.Errorf("ports %s: unread %v, want the lag of 27183", tc.ports, r.Jobs[1].Report.Unread)
			}
		})
	}
}
