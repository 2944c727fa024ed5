package fetch

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

const mark = "\ufeff"

// utf16Of returns a text as some editors save it.
func utf16Of(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

// credentials are the ways to name a file with a credential.
func credentials(path string) map[string]config.HTTPClientConfig {
	header := func(h config.Header) *config.Headers {
		return &config.Headers{Headers: map[string]config.Header{"X-Key": h}}
	}
	return map[string]config.HTTPClientConfig{
		"credentials_file": {Authorization: &config.Authorization{Type: "Bearer", CredentialsFile: path}},
		"password_file":    {BasicAuth: &config.BasicAuth{Username: "ops", PasswordFile: path}},
		"username_file":    {BasicAuth: &config.BasicAuth{UsernameFile: path, Password: "p"}},
		"http_headers":     {HTTPHeaders: header(config.Header{Values: []string{"v"}, Secrets: []config.Secret{"s"}, Files: []string{path}})},
	}
}

// A byte order mark is no part of a credential, whichever file it stands in.
func TestDoByteOrderMark(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer server.Close()
	marked, plain := credentials(file(t, mark+"hush\r\n")), credentials(file(t, "hush"))
	for name := range plain {
		var sent [2]http.Header
		for i, cfg := range []config.HTTPClientConfig{plain[name], marked[name]} {
			if _, err := get(t.Context(), newClient(t, cfg), server.URL); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			sent[i] = got
		}
		if diff := cmp.Diff(sent[0], sent[1]); diff != "" {
			t.Errorf("%s: what is sent (-without +with a mark):\n%s", name, diff)
		}
		if sent[0].Get("Authorization") == "" && cmp.Diff(sent[0].Values("X-Key"), []string{"v", "s", "hush"}) != "" {
			t.Errorf("%s: no credential is sent: %v", name, sent[0])
		}
	}
}

// A file in UTF-16 is not sent, and the message says what to do.
func TestDoUTF16(t *testing.T) {
	path := file(t, utf16Of("hush"))
	for name, cfg := range credentials(path) {
		t.Run(name, func(t *testing.T) {
			_, err := get(t.Context(), newClient(t, cfg), "http://192.0.2.1")
			wantFault(t, err, "http://192.0.2.1", progress.Internal, "the product was not asked: a file with credentials cannot be read: "+path+" is in UTF-16; save it as UTF-8")
		})
	}
}

// Certificates and keys may have a byte order mark, too, also when they change.
func TestDoCertificateFiles(t *testing.T) {
	id, client := valid(t), valid(t)
	base := tlsServer(t, id, client.cert)
	for name, before := range map[string]string{"plain": "", "with a mark": mark} {
		t.Run(name, func(t *testing.T) {
			cfg := config.TLSConfig{CAFile: file(t, before+id.cert), CertFile: file(t, before+client.cert), KeyFile: file(t, before+client.key)}
			if _, err := get(t.Context(), newClient(t, config.HTTPClientConfig{TLSConfig: cfg}), base); err != nil {
				t.Error(err)
			}
		})
	}
	wide := file(t, utf16Of(id.cert))
	for name, cfg := range map[string]config.TLSConfig{
		"unable to read CA cert: ":               {CAFile: wide},
		"unable to read specified client cert: ": {CertFile: wide, KeyFile: file(t, client.key)},
		"unable to read specified client key: ":  {CertFile: file(t, client.cert), KeyFile: wide},
	} {
		_, err := New(config.HTTPClientConfig{TLSConfig: cfg}, nil)
		if want := "http_client_config: " + name + wide + " is in UTF-16; save it as UTF-8"; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	empty := file(t, "")
	if _, err := New(config.HTTPClientConfig{TLSConfig: config.TLSConfig{CAFile: empty}}, nil); err == nil || err.Error() != "http_client_config: unable to use specified CA cert file "+empty {
		t.Errorf("an empty ca_file: %v", err)
	}
}
