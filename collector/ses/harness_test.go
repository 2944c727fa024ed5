package ses_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
)

const (
	accessKey = "EXAMPLEACCESSKEY0001"
	secretKey = "exampleSecretKey-for-tests-only"
	number    = "3427188"
	inline    = "access_key: " + accessKey + "\nsecret_key: " + secretKey + "\n"
	options   = "service_group_instance_no: " + number + "\n" + inline
)

// moment is the time of the test vectors of the signature.
var moment = time.UnixMilli(1700000000000)

func clock() time.Time { return moment }

// files are what the targets of these tests can read.
var files = map[string]string{
	"access.key": accessKey + "\n",
	"secret.key": secretKey + "\n",
	"two.key":    accessKey + "\n" + accessKey + "\n",
	"empty.key":  " \n",
}

func target(t testing.TB, options string) progress.Target {
	t.Helper()
	u, err := url.Parse("https://vpcsearchengine.apigw.ntruss.com")
	if err != nil {
		t.Fatal(err)
	}
	return progress.Target{
		Name: "logs-prod-upgrade",
		URL:  u,
		Options: func(into any) error {
			d := yaml.NewDecoder(strings.NewReader(options))
			d.KnownFields(true)
			if err := d.Decode(into); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		},
		ReadFile: func(name string) ([]byte, error) {
			if content, ok := files[name]; ok {
				return []byte(content), nil
			}
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
	}
}

func open(t testing.TB, target progress.Target) progress.Source {
	t.Helper()
	s, err := ses.OpenAt(target, clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// answering is a product that always gives the same answer.
func answering(status int, body string, header ...string) progress.Fetch {
	h := http.Header{}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return func(*http.Request) (progress.Response, error) {
		return progress.Response{Status: status, Header: h, Body: []byte(body)}, nil
	}
}

func unreachable(t testing.TB) progress.Fetch {
	return func(r *http.Request) (progress.Response, error) {
		t.Errorf("unexpected request %s %s", r.Method, r.URL.Path)
		return progress.Response{}, errors.New("unexpected request")
	}
}

// sign signs "METHOD uri" at the moment of these tests.
func sign(methodAndURI string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(methodAndURI + "\n1700000000000\n" + accessKey))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func wantError(t *testing.T, err error, reason progress.Reason, code, text string) {
	t.Helper()
	var e *progress.Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *progress.Error", err)
	}
	if diff := cmp.Diff([]string{string(reason), code, text}, []string{string(e.Reason), e.Code, e.Error()}); diff != "" {
		t.Errorf("reason, code, text (-want +got):\n%s", diff)
	}
	if strings.Contains(e.Error(), accessKey) || strings.Contains(e.Error(), secretKey) {
		t.Errorf("the error shows a key: %v", e)
	}
}
