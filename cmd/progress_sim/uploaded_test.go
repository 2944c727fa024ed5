package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/logpresso/logpressotest"
)

// With --uploaded there is no install until it is started, which takes overwrite.
func TestUploaded(t *testing.T) {
	const key, token = "example-api-key", "00000000-0000-4000-8000-000000000001"
	s := start(t, "--uploaded", "--length=1h")
	if got := states(s.scrape(t), "siem-parser-pack"); !slices.Equal(got, []string{"none"}) {
		t.Errorf("before the start: %v, want none", got)
	}
	for _, tc := range []struct {
		body, want string
	}{
		{`{"token":"` + token + `"}`, `"reason":"version-mismatch"`},
		{`{"token":"` + token + `","overwrite":true}`, `{"installable_status":{"is_valid":true,"reason":null}}`},
		{`{"token":"` + token + `"}`, "START_INSTALL_APP"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.addresses["siem-parser-pack"]+logpressotest.StartPath, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Close = true
		request.Header.Set("Authorization", "Bearer "+key)
		request.Header.Set("Content-Type", "application/json")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || !strings.Contains(string(body), tc.want) {
			t.Errorf("%s: %s %v, want %s", tc.body, body, err, tc.want)
		}
	}
	if got := states(s.scrape(t), "siem-parser-pack"); !slices.Equal(got, []string{"pending"}) {
		t.Errorf("after the start: %v, want pending", got)
	}
}

func TestTakenPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, port, _ := net.SplitHostPort(taken.Addr().String())
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"--base-port=" + port}, &stdout, &stderr); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	want := fmt.Sprintf("progress_sim: cannot listen for %s: listen tcp 127.0.0.1:%s: bind: address already in use; if the port is taken, stop what has it or choose others with --base-port\n", fakes()[0].name, port)
	if diff := cmp.Diff(want, stderr.String()); diff != "" {
		t.Errorf("stderr (-want +got):\n%s", diff)
	}
	if stdout.Len() > 0 {
		t.Errorf("stdout: %s", &stdout)
	}
}
