package fetch

import (
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/common/config"
)

// BenchmarkDo gets one answer over a kept connection: with a bare net/http client
// (the floor) and with the exporter's, over HTTP and over HTTPS.
func BenchmarkDo(b *testing.B) {
	body := `{"progress":"` + strings.Repeat("x", 4096) + `"}`
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	b.Cleanup(func() { plain.Close(); secure.Close() })
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: secure.Certificate().Raw}))

	b.Run("scheme=http/impl=floor", func(b *testing.B) { benchFloor(b, &http.Client{Transport: &http.Transport{}}, plain.URL) })
	b.Run("scheme=http/impl=exporter", func(b *testing.B) { benchDo(b, config.HTTPClientConfig{}, plain.URL) })
	b.Run("scheme=https/impl=floor", func(b *testing.B) { benchFloor(b, secure.Client(), secure.URL) })
	b.Run("scheme=https/impl=exporter", func(b *testing.B) {
		benchDo(b, config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: ca}}, secure.URL)
	})
}

func benchFloor(b *testing.B, client *http.Client, url string) {
	b.Cleanup(client.CloseIdleConnections)
	b.ReportAllocs()
	for b.Loop() {
		resp, err := client.Get(url)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadAll(resp.Body); err != nil {
			b.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}

func benchDo(b *testing.B, cfg config.HTTPClientConfig, url string) {
	c := newClient(b, cfg)
	b.ReportAllocs()
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := c.Do(req); err != nil {
			b.Fatal(err)
		}
	}
}
