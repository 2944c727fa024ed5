package recording_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
)

func get(address string) *http.Request {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // the tests write it
	}
	return &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}
}

func answered(req *http.Request, body string, header ...string) recording.Exchange {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return recording.Exchange{Request: req, Response: progress.Response{Status: 200, Header: h, Body: []byte(body), Request: req}}
}

// body is what is kept of a body.
func body(secrets *progress.Secrets, text string) string {
	a := recording.Answers(secrets, []recording.Exchange{answered(get("http://h/"), text)})
	return string(a[0].Body())
}

func TestBodies(t *testing.T) {
	secrets := progress.NewSecrets([]string{"hunter2-hunter2", "12345678"}, nil)
	for in, want := range map[string]string{
		// What is no secret stays to the last byte.
		` {"b": 1.50, "a": [1e3, {"b": null}], "b": "ä\u00e9" }`:     ` {"b": 1.50, "a": [1e3, {"b": null}], "b": "ä\u00e9" }`,
		`{"said": "of hunter2-hunter2"}`:                             `{"said": "of <redacted>"}`,
		`{"hunter2\u002dhunter2": {"n": 123456789}}`:                 `{"<redacted>": {"n": 0}}`,
		`{"password": "x", "ok": 1}`:                                 `{"password": "<redacted>", "ok": 1}`,
		`{"API-Key" : ["x", {"y": "z", "n": 5, "b": true}], "k": 1}`: `{"API-Key" : ["<redacted>", {"y": "<redacted>", "n": 0, "b": true}], "k": 1}`,
		`{"access_token":"x","token_count":7,"tokens":{"a":"b"}}`:    `{"access_token":"<redacted>","token_count":7,"tokens":{"a":"<redacted>"}}`,
		`{"p\u0061ssword": "x"}`:                                     `{"p\u0061ssword": "<redacted>"}`,
		`["secret", "x"]`:                                            `["secret", "x"]`,
		`"hunter2-hunter2"`:                                          `"<redacted>"`,
		// What is no JSON.
		"busy":                                 "busy",
		"":                                     "",
		`{"password": "x`:                      `{"password": "<redacted>"`,
		"token=abc&state=done":                 `token="<redacted>"&state=done`,
		"Authorization: Bearer abc\r\nhealthy": "Authorization: \"<redacted>\"\r\nhealthy",
		"<html>hunter":                         "<html><!-- 12 bytes that may hold credentials and were not recorded --></html>",
		"please <input name=lt value=x>":       "<html><!-- 30 bytes that may hold credentials and were not recorded --></html>",
	} {
		if got := body(secrets, in); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
	}
}

// A secret far behind what a message may be long is found, and nothing is cut.
func TestLongBodies(t *testing.T) {
	pad := strings.Repeat("é.", 1<<18)
	got := body(progress.NewSecrets([]string{"hunter2-hunter2"}, nil), `{"a":"`+pad+`","b":"hunter2-hunter2`+pad+`"}`)
	if want := `{"a":"` + pad + `","b":"<redacted>` + pad + `"}`; got != want {
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
}

func TestWhatIsKeptOfAnAnswer(t *testing.T) {
	first := get("http://user:hunter2@h/a/b?fields=state,progress&id=f00-ba5-1234&state=completed&key=abcd1")
	first.Header.Set("Authorization", "Bearer hunter2-bearer")
	x := answered(first, `{"echo":"f00-ba5-1234 hunter2-bearer hunter2-cookie","state":"completed","progress":1,"f00-ba5-1234":2,"key":"abcd1"}`,
		"Set-Cookie", "s=hunter2-cookie", "Retry-After", "7", "Server", "x", "Location", "http://u:p@h/login?ticket=1#2")
	got := recording.Answers(progress.NewSecrets(nil, nil), []recording.Exchange{x})
	want := []recording.Answer{{
		Method: "GET", Path: "/a/b", Status: 200,
		Header: map[string]string{"Content-Type": "application/json", "Retry-After": "7", "Location": "http://h/login"},
		JSON:   json.RawMessage(`{"echo":"<redacted> <redacted> <redacted>","state":"completed","progress":1,"f00-ba5-1234":2,"key":"abcd1"}`),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
}

// The answer that a login made possible takes the place of the one before it; other
// questions at the same address have their own.
func TestQuestionsThatAreAskedAgain(t *testing.T) {
	got := recording.Answers(nil, []recording.Exchange{
		answered(get("http://h/job"), `"log in first"`),
		answered(get("http://h/login"), `"welcome"`),
		answered(get("http://h/job"), `"running"`),
		answered(get("http://h/job?of=nodes"), `"nodes"`),
		{Request: get("http://h/more")},
	})
	var said []string
	for _, a := range got {
		said = append(said, a.Path+" "+string(a.JSON))
	}
	if diff := cmp.Diff([]string{`/job "running"`, `/login "welcome"`, `/job "nodes"`}, said); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// None of a thousand recordings, of reads that were told secrets in every spelling and at
// every place, shows anything of them.
func TestRecordingsHide(t *testing.T) {
	canaries := collectortest.Canaries()
	for i, canary := range canaries {
		if race.Enabled && i > 0 { // which finds no more with the others
			break
		}
		search := collectortest.NewSearch(canary)
		spellings := collectortest.Spellings(canary)
		for n := range 1000/len(canaries) + 1 {
			rnd := rand.New(rand.NewPCG(uint64(i), uint64(n)))
			secrets, passed, failed := told(rnd, canary, spellings)
			name := filepath.Join(t.TempDir(), "life.jsonl")
			w, err := recording.Create(name, 1<<20, recording.Head{})
			if err != nil {
				t.Fatal(err)
			}
			source := &recording.Recorder{Target: "t", Secrets: secrets, Now: clock, Keep: func(r recording.Read) {
				if err := w.Write(r); err != nil {
					t.Error(err)
				}
			}}
			_, _ = secrets.Ask(t.Context(), source.Source(asking(passed, failed)), answering(passed))
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			written, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, line := range bytes.Split(written, []byte("\n")) {
				for _, text := range []string{string(line), decoded(line)} {
					if found := search.Find(text); found != "" {
						t.Fatalf("canary %d, recording %d shows %q:\n%s", i, n, found, line)
					}
				}
			}
		}
	}
}

// told makes up a read in which a secret is sent in one way, and said in several.
func told(rnd *rand.Rand, canary string, spellings []string) (*progress.Secrets, []recording.Exchange, error) {
	said := func() string { return spellings[rnd.IntN(len(spellings))] }
	secrets, req := progress.NewSecrets(nil, nil), get("https://h/a/b")
	var header []string
	switch rnd.IntN(6) {
	case 0:
		secrets = progress.NewSecrets(progress.BasicAuth("kit", canary), nil)
	case 1:
		req.SetBasicAuth("kit", canary)
	case 2:
		req.Header.Set("Authorization", "Bearer "+canary)
		secrets = progress.NewSecrets(progress.BasicAuth("kit", canary), nil)
	case 3:
		req.URL.RawQuery = url.Values{"id": {canary}, "kit": {"kit:" + canary}}.Encode()
		secrets = progress.NewSecrets(progress.BasicAuth("kit", canary), nil)
	case 4:
		req.Header.Set("X-Key", canary)
		secrets = progress.NewSecrets(progress.BasicAuth("kit", canary), nil)
	case 5: // nobody knows it, but for the names of fields
		var fields []string
		for i, name := range []string{"password", "accessToken", "X-API-Key", "session_id", "credentials"} {
			fields = append(fields, fmt.Sprintf(`"%s":%s`, name, []string{`"%s"`, `["%s"]`, `{"of":{"any":"%s"}}`}[(i+rnd.IntN(3))%3]))
		}
		text := "{" + strings.Join(fields, ",") + "}"
		args := []any{said(), said(), said(), said(), said()}
		return secrets, []recording.Exchange{answered(req, fmt.Sprintf(text, args...))}, nil
	}
	bodies := []string{
		`{"state":"` + said() + `","` + said() + `":{"x":["` + said() + `"]}}`,
		`{"half":"` + said(),
		`<html>` + canary,
		said() + "\r\n" + said(),
		`{"pad":"` + strings.Repeat(".", rnd.IntN(40000)) + said() + `"}`,
	}
	header = append(header, "Retry-After", said(), "Location", "/x/"+url.PathEscape(canary)+"?"+url.QueryEscape(canary), "Date", said(), "Server", said())
	var passed []recording.Exchange
	for range 1 + rnd.IntN(3) {
		passed = append(passed, answered(req, bodies[rnd.IntN(len(bodies))], header...))
	}
	var failed error
	if rnd.IntN(2) == 0 {
		failed = &progress.Error{Reason: progress.APIError, Code: said(), Message: "no", Said: said()}
	}
	return secrets, passed, failed
}

// The fields that products document are none that are taken for credentials.
func TestAnswersStayReadable(t *testing.T) {
	changed := []string{}
	for _, pattern := range []string{"../*/testdata/*/response*.json", "../../apis/testdata/*/*/response*.json"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no answers match %s: %v", pattern, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if got := body(nil, string(content)); json.Valid(content) && got != string(content) {
				changed = append(changed, file)
			}
		}
	}
	if diff := cmp.Diff([]string{}, changed); diff != "" {
		t.Errorf("answers that are not as they were (-want +got):\n%s", diff)
	}
}
