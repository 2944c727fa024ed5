package fetch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"
	"github.com/prometheus/common/version"
)

// echo answers with the headers of the request, of those that Do is about.
func echo(t *testing.T) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, key := range []string{"Accept", "User-Agent", "Authorization", "X-Api-Key", "Cookie", "Accept-Encoding"} {
			if v, ok := r.Header[key]; ok {
				w.Header()["Got-"+key] = v
			}
		}
		w.Header().Set("Set-Cookie", "session=1")
		_, _ = io.WriteString(w, r.RequestURI)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestDo(t *testing.T) {
	server := echo(t)
	c := newClient(t, config.HTTPClientConfig{})
	for range 2 { // the second time there would be a cookie
		resp, err := get(t.Context(), c, server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Status != 200 || string(resp.Body) != "/progress?token="+secret {
			t.Errorf("got HTTP %d %q", resp.Status, resp.Body)
		}
		want := map[string]string{
			"Accept": "application/json", "User-Agent": "progress_exporter/dev", "X-Api-Key": secret,
			"Authorization": "", "Cookie": "", "Accept-Encoding": "",
		}
		for key, value := range want {
			if got := resp.Header.Get("Got-" + key); got != value {
				t.Errorf("sent %s: %q, want %q", key, got, value)
			}
		}
	}
}

// A request that says nothing of itself has the usual headers, which all such requests
// share: whatever a transport adds, it adds to a copy.
func TestUsualHeadersStayAsTheyAre(t *testing.T) {
	var issued atomic.Int32
	oauth := issuer(t, "client_credentials", &issued)
	oauth.ClientSecret = "s"
	for name, cfg := range map[string]config.HTTPClientConfig{
		"plain":         {},
		"authorization": {Authorization: &config.Authorization{Type: "Bearer", Credentials: "k"}},
		"basic":         {BasicAuth: &config.BasicAuth{Username: "u", Password: "p"}},
		"headers":       {HTTPHeaders: &config.Headers{Headers: map[string]config.Header{"X-Tenant": {Values: []string{"t"}}}}},
		"oauth2":        {OAuth2: oauth},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := echo(t), newClient(t, cfg)
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
					if err != nil {
						t.Error(err)
						return
					}
					resp, err := c.Do(req)
					if err != nil {
						t.Error(err)
						return
					}
					if resp.Header.Get("Got-Accept") != "application/json" || resp.Header.Get("Got-User-Agent") != "progress_exporter/dev" {
						t.Errorf("sent %v", resp.Header)
					}
				})
			}
			all.Wait()
			want := http.Header{"Accept": {"application/json"}, "User-Agent": {"progress_exporter/dev"}}
			if diff := cmp.Diff(want, c.usual); diff != "" {
				t.Errorf("a request changed the headers of all (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersAreDated(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	at := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	c, err := New(config.HTTPClientConfig{}, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if resp, err := get(t.Context(), c, server.URL); err != nil || !resp.Received.Equal(at) {
		t.Errorf("received at %v, want %v; %v", resp.Received, at, err)
	}
}

func TestDoKeepsTheRequest(t *testing.T) {
	server := echo(t)
	c := newClient(t, config.HTTPClientConfig{Authorization: &config.Authorization{Credentials: secret}})
	for _, header := range []http.Header{nil, {"Accept": {"text/plain"}, "User-Agent": {"curl/8"}}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = header.Clone()
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Request == nil || resp.Request.URL.String() != server.URL || resp.Request.Header.Get("Authorization") != "Bearer "+secret {
			t.Errorf("the answer names the request %+v, want it as it was sent", resp.Request)
		}
		if diff := cmp.Diff(header, req.Header); diff != "" {
			t.Errorf("Do changed the request (-before +after):\n%s", diff)
		}
		for key, values := range header {
			if diff := cmp.Diff(values, resp.Header["Got-"+key]); diff != "" {
				t.Errorf("%s (-want +sent):\n%s", key, diff)
			}
		}
	}
}

// No header of one request is sent with another.
func TestDoKeepsRequestsApart(t *testing.T) {
	server := echo(t)
	c := newClient(t, config.HTTPClientConfig{})
	if _, err := get(t.Context(), c, server.URL); err != nil {
		t.Fatal(err)
	}
	for _, header := range []http.Header{nil, {"Accept": {"text/plain"}}} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header = header
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Got-X-Api-Key"); got != "" {
			t.Errorf("header %v: sent the key of another request", header)
		}
	}
}

func TestConnectionsAreKept(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = countNew(&opened)
	server.Start()
	defer server.Close()

	c := newClient(t, config.HTTPClientConfig{})
	for _, want := range []int32{1, 1, 2} {
		if want == 2 {
			c.Close()
		}
		if _, err := get(t.Context(), c, server.URL); err != nil {
			t.Fatal(err)
		}
		if got := opened.Load(); got != want {
			t.Errorf("%d connections so far, want %d", got, want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	defer func(v string) { version.Version = v }(version.Version)
	for v, want := range map[string]string{"": "progress_exporter/dev", "1.2.3": "progress_exporter/1.2.3"} {
		version.Version = v
		if got := newClient(t, config.HTTPClientConfig{}).usual.Get("User-Agent"); got != want {
			t.Errorf("version %q: %q, want %q", v, got, want)
		}
	}
}
