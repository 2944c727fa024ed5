package fetch

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

func zipped(t testing.TB, content io.Reader) string {
	t.Helper()
	var buf bytes.Buffer
	zw := gzip.NewWriter(&buf)
	if _, err := io.Copy(zw, content); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

// bombSize is what bomb decompresses to, in bytes.
const bombSize = 16 * MaxBody

// bomb is as many streams of gzip, one after the other, as the format allows.
func bomb(t testing.TB) string {
	return strings.Repeat(zipped(t, strings.NewReader(strings.Repeat("0", MaxBody))), bombSize/MaxBody)
}

func TestDoBody(t *testing.T) {
	full, mixed := strings.Repeat("x", MaxBody), strings.Repeat("0123456789abc", 100_000)
	tests := map[string]struct {
		encoding, body, want string
		chunked              bool
	}{
		"empty":                {},
		"plain":                {body: "{}", want: "{}"},
		"chunked":              {body: "{}", want: "{}", chunked: true},
		"largest":              {body: full, want: full},
		"largest, chunked":     {body: full, want: full, chunked: true},
		"one piece, chunked":   {body: mixed[:firstPiece], want: mixed[:firstPiece], chunked: true},
		"and a byte, chunked":  {body: mixed[:firstPiece+1], want: mixed[:firstPiece+1], chunked: true},
		"many, chunked":        {body: mixed, want: mixed, chunked: true},
		"identity":             {encoding: "identity", body: "{}", want: "{}"},
		"gzip":                 {encoding: "gzip", body: zipped(t, strings.NewReader("{}")), want: "{}"},
		"x-gzip":               {encoding: "X-GZip", body: zipped(t, strings.NewReader("{}")), want: "{}"},
		"gzip of the largest":  {encoding: "gzip", body: zipped(t, strings.NewReader(full)), want: full},
		"gzip without content": {encoding: "gzip"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := bodyServer(t, test.encoding, test.body, test.chunked)
			resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), server)
			if err != nil {
				t.Fatal(err)
			}
			if string(resp.Body) != test.want {
				t.Errorf("%d bytes that begin with %.20q, want %d that begin with %.20q", len(resp.Body), resp.Body, len(test.want), test.want)
			}
			if e := resp.Header.Get("Content-Encoding"); strings.Contains(e, "gzip") && test.want != "" {
				t.Errorf("the decompressed answer still says Content-Encoding: %s", e)
			}
			if l := resp.Header.Get("Content-Length"); l != "" && l != strconv.Itoa(len(test.want)) {
				t.Errorf("the decompressed answer still says Content-Length: %s", l)
			}
		})
	}
}

func TestDoBodyFaults(t *testing.T) {
	over := strings.Repeat("x", MaxBody+1)
	whole := zipped(t, strings.NewReader(strings.Repeat(secret, 99)))
	tests := map[string]struct {
		encoding, body string
		chunked        bool
		reason         progress.Reason
		message        string
	}{
		"announced": {
			body:   over,
			reason: progress.TooLarge, message: "HTTP 503 announces a body of 4194305 bytes, the limit is 4194304; is this the right url?",
		},
		"unannounced": {
			body: over, chunked: true,
			reason: progress.TooLarge, message: "HTTP 503 with a body of more than 4194304 bytes, which is the limit; is this the right url?",
		},
		"bomb": {
			encoding: "gzip", body: bomb(t),
			reason: progress.TooLarge, message: "HTTP 503 with a compressed body of more than 4194304 bytes, which is the limit; is this the right url?",
		},
		"not asked for": {
			encoding: "br", body: secret,
			reason: progress.Decode, message: `HTTP 503, and the answer is compressed in a way that was not asked for; is there a proxy before the product?`,
		},
		"not gzip": {
			encoding: "gzip", body: secret + secret,
			reason: progress.Decode, message: "HTTP 503, and the answer is not the gzip it claims to be: gzip: invalid header",
		},
		"truncated gzip": {
			encoding: "gzip", body: whole[:len(whole)-9],
			reason: progress.Decode, message: "HTTP 503, and the answer is not the gzip it claims to be: unexpected EOF",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := bodyServer(t, test.encoding, test.body, test.chunked)
			_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), server)
			wantFault(t, err, server, test.reason, test.message)
		})
	}
}

// Compressed twice is not asked for either, in whichever header it stands.
func TestEncodingsInTwoHeaders(t *testing.T) {
	resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Encoding": {"gzip", "br"}}}
	_, err := decompress(t.Context(), resp, []byte(zipped(t, strings.NewReader("{}"))))
	if err == nil {
		t.Fatal("no error")
	}
	const want = `decode: HTTP 200, and the answer is compressed in a way that was not asked for; is there a proxy before the product?; the product says "Content-Encoding: gzip, br"`
	if got := new(progress.Secrets).Error(err).Error(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func bodyServer(t *testing.T, encoding, body string, chunked bool) (base string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		if !chunked {
			w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A body that is too large is not drained: the server is told at once, by the end
// of the connection.
func TestDoLeavesALargeBody(t *testing.T) {
	tests := map[string]struct {
		header, endless string
		message         string
	}{
		"announced": {
			header:  "HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n",
			endless: strings.Repeat("x", 4096),
			message: "HTTP 200 announces a body of 1099511627776 bytes, the limit is 4194304; is this the right url?",
		},
		"endless chunks": {
			header:  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
			endless: "1000\r\n" + strings.Repeat("x", 4096) + "\r\n",
			message: "HTTP 200 with a body of more than 4194304 bytes, which is the limit; is this the right url?",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			left := make(chan struct{})
			base := "http://" + serve(t, func(conn net.Conn) {
				defer close(left)
				answer(test.header)(conn)
				for err := error(nil); err == nil; {
					_, err = io.WriteString(conn, test.endless)
				}
			})
			_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
			wantFault(t, err, base, progress.TooLarge, test.message)
			<-left
		})
	}
}

// A body that is refused costs the limit and little more, whatever its size.
func TestLargeBodiesAreCheap(t *testing.T) {
	compressed := []byte(bomb(t))
	for name, read := range map[string]func() error{
		"endless": func() error {
			_, err := readBounded(t.Context(), zeros{}, -1)
			return err
		},
		"bomb": func() error {
			_, err := decompress(t.Context(), &http.Response{Header: http.Header{"Content-Encoding": {"gzip"}}}, compressed)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := read()
			runtime.ReadMemStats(&after)
			var e *progress.Error
			if !errors.Is(err, errTooLarge) && (!errors.As(err, &e) || e.Reason != progress.TooLarge) {
				t.Fatalf("got %v, want %s", err, progress.TooLarge)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > MaxBody+MaxBody/4 {
				t.Errorf("%d bytes were allocated, want at most a quarter more than the limit of %d", got, MaxBody)
			}
		})
	}
}

// zeros is a body without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func FuzzDecompress(f *testing.F) {
	f.Add("gzip", []byte(zipped(f, strings.NewReader("{}"))))
	f.Add("gzip", []byte{0x1f, 0x8b})
	f.Add("identity", []byte("{}"))
	f.Add("br", []byte("{}"))
	f.Fuzz(func(t *testing.T, encoding string, body []byte) {
		resp := &http.Response{Header: http.Header{"Content-Encoding": {encoding}}}
		got, err := decompress(t.Context(), resp, body)
		if err != nil {
			var e *progress.Error
			if !errors.As(err, &e) || e.Reason != progress.Decode && e.Reason != progress.TooLarge {
				t.Errorf("error %v", err)
			}
		} else if len(got) > MaxBody && len(got) > len(body) {
			t.Errorf("%d bytes, want at most %d", len(got), MaxBody)
		}
	})
}
