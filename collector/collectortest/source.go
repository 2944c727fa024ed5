package collectortest

import (
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
)

// What the table tests of a product need to try its source by itself, without a
// socket and without the engine.

// Target returns a target at an address with options, as YAML, which can read no
// file but the given ones.
func Target(t testing.TB, address, options string, files map[string]string) progress.Target {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return progress.Target{
		Name:    "job",
		URL:     u,
		MaxJobs: 200,
		Options: func(into any) error {
			d := yaml.NewDecoder(strings.NewReader(options))
			d.KnownFields(true)
			if err := d.Decode(into); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		},
		ReadFile: func(name string) ([]byte, error) {
			if content, ok := files[filepath.ToSlash(name)]; ok {
				return []byte(content), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		ReadDir: func(name string) ([]string, error) {
			var names []string
			for file := range files {
				if dir, base := path.Split(file); path.Clean(dir) == path.Clean(filepath.ToSlash(name)) {
					names = append(names, base)
				}
			}
			if names == nil {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			slices.Sort(names)
			return names, nil
		},
	}
}

// Served asks a product that runs in this process.
func Served(product http.Handler) progress.Fetch {
	return func(r *http.Request) (progress.Response, error) {
		r.RequestURI = r.URL.RequestURI() // as a server gets it
		if r.Body == nil {
			r.Body = http.NoBody
		}
		w := httptest.NewRecorder()
		product.ServeHTTP(w, r)
		return progress.Response{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes(), Request: r}, nil
	}
}

// Answering is a product that always gives the same answer, with a header of names
// and values in turn.
func Answering(status int, body string, header ...string) progress.Fetch {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return func(r *http.Request) (progress.Response, error) {
		return progress.Response{Status: status, Header: h, Body: []byte(body), Request: r}, nil
	}
}

// Unreachable is a product that must not be asked.
func Unreachable(t testing.TB) progress.Fetch {
	return func(r *http.Request) (progress.Response, error) {
		t.Errorf("unexpected request %s %s", r.Method, r.URL.Path)
		return progress.Response{}, errors.New("unexpected request")
	}
}

// WantError checks the reason, the product's code and the text of an error, as it may be
// shown where the secrets are known. The text is compared without what was asked of whom, which it may say once; no secret may be
// in it.
func WantError(t testing.TB, err error, reason progress.Reason, code, text string, secrets ...string) {
	t.Helper()
	var e *progress.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *progress.Error", err)
	}
	e = progress.NewSecrets(secrets, nil).Error(e) // as the engine does
	got := []string{string(e.Reason), e.Code, asked.ReplaceAllLiteralString(e.Error(), "")}
	if diff := cmp.Diff([]string{string(reason), code, text}, got); diff != "" {
		t.Errorf("reason, code, text (-want +got):\n%s", diff)
	}
	if n := len(asked.FindAllString(e.Error(), -1)); n > 1 {
		t.Errorf("the error names the request %d times: %v", n, e)
	}
	hides(t, e.Error(), secrets)
}

var asked = regexp.MustCompile(`(GET|POST) https?://[^ ]+: `)
