package logpresso_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/progress"
)

// directory returns the product with a target that is two installs.
func directory(t testing.TB) collectortest.Product {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{"parser-pack": token + "\n", "soar-pack": other + "\n", ".hidden": "hunter2", token: token} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "old"), 0o700); err != nil {
		t.Fatal(err)
	}
	return collectortest.Product{API: logpresso.API, Options: "{token_dir: " + dir + "}"}
}

func installing() *logpressotest.Server {
	return &logpressotest.Server{Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-time.Hour), Length: 2 * time.Hour}}
}

func TestGoldenOfDirectories(t *testing.T) {
	collectortest.GoldenIn(t, directory(t), filepath.Join("testdata", "lists"))
}

func TestConformOfDirectories(t *testing.T) {
	collectortest.Conform(t, directory(t), installing(), token, other)
}

func TestBoundsOfDirectories(t *testing.T) {
	collectortest.Bounds(t, directory(t), installing())
}

func TestHidesInDirectories(t *testing.T) {
	p := directory(t)
	collectortest.Hides(t, func(string) (collectortest.Product, http.Handler) { return p, installing() })
}

func FuzzDirectory(f *testing.F) { collectortest.Fuzz(f, directory(f)) }

// jobs says of each job of a list its state, or why it could not be read.
func jobs(r progress.Report) string {
	var said []string
	for _, j := range r.Jobs {
		state := j.Report.State.String()
		if j.Err != nil {
			state = j.Err.Error()
		}
		said = append(said, j.ID+" "+state)
	}
	return strings.Join(said, "; ")
}

// Files come and go, and one that is no token is a job that fails alone.
func TestDirectory(t *testing.T) {
	tokens := map[string]string{"tokens/a": token}
	tg := collectortest.Target(t, "https://sonar.example.com", "token_dir: tokens", tokens)
	source := open(t, tg)
	if !progress.Lists(source) {
		t.Fatal("a target with nothing but a token_dir is no list")
	}
	product := collectortest.Served(&logpressotest.Server{Token: token, Drill: installing().Drill})
	for _, tc := range []struct{ file, content, want string }{
		{"tokens/a", token, "a running"},
		{"tokens/b", other, "a running; b none"},
		{"tokens/c", "hunter2", "a running; b none; c internal: options.token_dir: tokens/c does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"},
		{"tokens/c", " ", "a running; b none; c internal: options.token_dir: tokens/c is empty"},
		{"tokens/" + token, token, "a running; b none; c internal: options.token_dir: tokens/c is empty"},
		{"tokens/c", "", "a running; b none"},
	} {
		if tokens[tc.file] = tc.content; tc.content == "" {
			delete(tokens, tc.file)
		}
		r, err := source.Progress(t.Context(), product)
		if got := jobs(r); err != nil || got != tc.want {
			t.Errorf("with %s: %v, %s\nwant %s", tc.file, err, got, tc.want)
		}
	}
}

// Of many files the first ones are asked for, and the others counted: each is a request.
func TestDirectoryOfMany(t *testing.T) {
	many := map[string]string{}
	for i := range 203 {
		many[fmt.Sprintf("tokens/%03d", i)] = token
	}
	for most, want := range map[int][]string{200: {"200", "201", "202"}, 202: {"202"}, 203: {}, 1000: {}} {
		tg := collectortest.Target(t, "https://sonar.example.com", "token_dir: tokens", many)
		tg.MaxJobs = most
		product := &logpressotest.Server{Token: token, Drill: installing().Drill}
		r, err := open(t, tg).Progress(t.Context(), collectortest.Served(product))
		if diff := cmp.Diff(want, r.Unasked); err != nil || diff != "" {
			t.Errorf("at most %d: %v; not asked for (-want +got):\n%s", most, err, diff)
		}
		asked := min(most, len(many))
		if len(r.Jobs) != asked || product.Requests() != asked || r.Jobs[0].ID != "000" {
			t.Errorf("at most %d: %d jobs by %d requests, the first is %s", most, len(r.Jobs), product.Requests(), r.Jobs[0].ID)
		}
	}
}

// What is wrong with the directory or the product is so for the list as a whole.
func TestDirectoryThatFails(t *testing.T) {
	two := map[string]string{"tokens/a": token, "tokens/b": other}
	for _, tc := range []struct {
		name   string
		files  map[string]string
		fetch  progress.Fetch
		reason progress.Reason
		text   string
	}{
		{"no directory", nil, collectortest.Unreachable(t), progress.Internal, "internal: options.token_dir: open tokens: file does not exist"},
		{"no file is good", map[string]string{"tokens/a": "hunter2", "tokens/b": ""}, collectortest.Unreachable(t), progress.Internal,
			"internal: options.token_dir: tokens/a does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"},
		{"outage", two, collectortest.Answering(503, "<html>"), progress.HTTP5xx, "http_5xx: HTTP 503 Service Unavailable; the product or a proxy before it is in trouble"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := collectortest.Target(t, "https://sonar.example.com", "token_dir: tokens", tc.files)
			_, err := open(t, tg).Progress(t.Context(), tc.fetch)
			collectortest.WantError(t, err, tc.reason, "", tc.text, token, other, "hunter2")
		})
	}
}
