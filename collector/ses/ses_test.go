package ses_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
	"progress_exporter/collector/ses/sestest"
)

func TestRequest(t *testing.T) {
	const (
		host   = "https://vpcsearchengine.apigw.ntruss.com"
		call   = "/cluster/getRollingUpgradeProgress"
		body   = `{"serviceGroupInstanceNo":"3427188"}`
		kr     = "zJmigLtkUGW/V3QRXzUzRkzOssP7DBOBl+L+oHPEw5w="
		sgn    = "FpZBTMixr6QC8KgTZ0LJ/VBPvkkU+JrNyHj82b4223Y="
		jpn    = "PtXNGpiZgcpGVPT2RzUsfD/C07T0SzxVu51TYGFxdDM="
		krs    = "9lgzctD1Nn0fw0P56slmbFJdGHwsTUCtKepEoGe/u2o="
		behind = "/gw%2F1/api/v2" + call
	)
	for _, tc := range []struct{ name, url, options, job, wantURL, wantSignature, wantBody string }{
		{"default", host, options, "", host + "/api/v2" + call, kr, body},
		{"KR", host + "/", options + "region: KR", "", host + "/api/v2" + call, kr, body},
		{"SGN", host, options + "region: SGN", "", host + "/api/sgn-v2" + call, sgn, body},
		{"JPN", host, options + "region: JPN", "", host + "/api/jpn-v2" + call, jpn, body},
		{"KRS", "https://vpcsearchengine.apigw.gov-ntruss.com", options + "region: KRS", "", "https://vpcsearchengine.apigw.gov-ntruss.com/api/krs-v2" + call, krs, body},
		{"path", host, options + "path: /api/jpn-v2", "", host + "/api/jpn-v2" + call, jpn, body},
		{"path with slash", host, options + "path: /api/jpn-v2/", "", host + "/api/jpn-v2" + call, jpn, body},
		{"behind a path", host + "/gw%2F1", options, "", host + behind, sign("POST " + behind), body},
		{"region number", host, options + "region_no: 1", "", host + "/api/v2" + call, kr, `{"serviceGroupInstanceNo":"3427188","regionNo":"1"}`},
		{"number as text", host, inline + `service_group_instance_no: "0042"`, "", host + "/api/v2" + call, kr, `{"serviceGroupInstanceNo":"0042"}`},
		{"job replaces number", host, options, "77", host + "/api/v2" + call, kr, `{"serviceGroupInstanceNo":"77"}`},
		{"job alone", host, inline, "77", host + "/api/v2" + call, kr, `{"serviceGroupInstanceNo":"77"}`},
		{"keys in files", host, "service_group_instance_no: 3427188\naccess_key_file: access.key\nsecret_key_file: secret.key", "", host + "/api/v2" + call, kr, body},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			var err error
			if tg.URL, err = url.Parse(tc.url); err != nil {
				t.Fatal(err)
			}
			type key struct{}
			ctx := context.WithValue(t.Context(), key{}, "asker")
			var got []string
			_, err = open(t, tg).Progress(ctx, func(r *http.Request) (progress.Response, error) {
				for range 2 { // the second time as net/http does it for a repeated attempt
					content, err := io.ReadAll(r.Body)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, fmt.Sprint(r.Method, " ", r.URL, " ", string(content), " ", r.Context().Value(key{})))
					if r.Body, err = r.GetBody(); err != nil {
						t.Fatal(err)
					}
				}
				var sent bytes.Buffer
				if err := r.Header.Write(&sent); err != nil {
					t.Fatal(err)
				}
				got = append(got, sent.String())
				return progress.Response{Status: 200, Body: []byte(`{"code":0}`)}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			asked := "POST " + tc.wantURL + " " + tc.wantBody + " asker"
			headers := "Content-Type: application/json\r\nX-Ncp-Apigw-Signature-V2: " + tc.wantSignature +
				"\r\nX-Ncp-Apigw-Timestamp: 1700000000000\r\nX-Ncp-Iam-Access-Key: " + accessKey + "\r\n"
			if diff := cmp.Diff([]string{asked, asked, headers}, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// An address that cannot be asked is told without the keys.
func TestBadAddress(t *testing.T) {
	tg := target(t, options)
	tg.URL = &url.URL{Scheme: "https", Host: "gw example"}
	_, err := open(t, tg).Progress(t.Context(), collectortest.Unreachable(t))
	wantError(t, err, progress.Internal, "", `internal: cannot make the request, check the target's url: parse "https://gw%20example/api/v2/cluster/getRollingUpgradeProgress": invalid URL escape "%20"`)
}

func TestTransportError(t *testing.T) {
	want := progress.Errorf(progress.Connect, "connection refused")
	_, err := open(t, target(t, options)).Progress(t.Context(), func(*http.Request) (progress.Response, error) {
		return progress.Response{}, want
	})
	if err != error(want) {
		t.Errorf("got %v, want the error of the transport untouched", err)
	}
}

// The gateway may close a kept connection between two reads. net/http repeats a
// POST on a new one only if it is told that it may.
func TestClosedConnection(t *testing.T) {
	fake := &sestest.Server{AccessKey: accessKey, SecretKey: secretKey, Now: clock}
	var mu sync.Mutex
	used, closed := map[string]bool{}, 0
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		again := used[r.RemoteAddr]
		used[r.RemoteAddr] = true
		if again {
			closed++
		}
		mu.Unlock()
		if again {
			panic(http.ErrAbortHandler)
		}
		if _, sent := r.Header["X-Idempotency-Key"]; sent {
			t.Error("X-Idempotency-Key is sent")
		}
		fake.ServeHTTP(w, r)
	}))
	defer upstream.Close()
	client, err := fetch.New(config.DefaultHTTPClientConfig, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	tg := target(t, options)
	if tg.URL, err = url.Parse(upstream.URL); err != nil {
		t.Fatal(err)
	}
	source := open(t, tg)
	for i := range 2 {
		if _, err := source.Progress(t.Context(), client.Do); err != nil {
			t.Errorf("read %d: %v", i+1, err)
		}
	}
	if closed != 1 || fake.Requests() != 2 {
		t.Errorf("%d connections closed, %d requests answered; want 1 and 2", closed, fake.Requests())
	}
}

func TestAPI(t *testing.T) {
	api := ses.API(time.Now)
	var families []string
	for _, f := range api.Families {
		families = append(families, fmt.Sprint(f.Name, f.Labels))
	}
	got := []any{api.Name, len(api.ErrorCodes), len(api.NodeErrorCodes), families}
	want := []any{"ses", 0, 0, []string{"nodes[phase]", "node_updated_timestamp_seconds[node_name]"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("API (-want +got):\n%s", diff)
	}
	if _, err := api.Open(target(t, options)); err != nil {
		t.Error(err)
	}
}
