package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/palette"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

func get(e *stage, address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	e.Page().ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w
}

var (
	ends = strings.NewReplacer("</th>", "|", "</td>", "|", "</p>", "\n")
	tag  = regexp.MustCompile(`<[^>]*>`)
)

// lines is what a person reads on a page between two tags. Cells of one line have
// a | between them.
func lines(t *testing.T, page, from, to string) []string {
	t.Helper()
	_, rest, ok := strings.Cut(page, from)
	part, _, closed := strings.Cut(rest, to)
	if !ok || !closed {
		t.Fatalf("no %s … %s in\n%s", from, to, page)
	}
	var out []string
	for l := range strings.Lines(ends.Replace(part)) {
		if text := strings.Trim(tag.ReplaceAllString(l, ""), " |\n"); text != "" {
			out = append(out, html.UnescapeString(text))
		}
	}
	return out
}

func TestPageBars(t *testing.T) {
	p := progress.Ptr[float64]
	tt := enginetest.Target(`a"b`, enginetest.Says(progress.Report{State: progress.Running, Ratio: p(0.6249), Nodes: []progress.Node{{ID: "n", Ratio: p(0)}}}))
	withPage(t, []*plan.Target{tt}, func(t *testing.T, e *stage) {
		readAll(t, e, 1)
		page := get(e, "/targets").Body.String()
		for _, want := range []string{
			`aria-label="progress of a&#34;b" aria-valuemin="0" aria-valuemax="100" aria-valuenow="62.4"><rect width="62.4%" height="100%"/></svg><span class="percent">62.4%</span>`,
			`aria-label="progress of n" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><rect width="0%" height="100%"/></svg><span class="percent">0%</span>`,
			`<time datetime="2000-01-01T00:00:00Z" title="2000-01-01T00:00:00Z">1m ago</time>`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("missing %s in\n%s", want, page)
			}
		}
	})
}

func TestPageOrderAndSummary(t *testing.T) {
	var list []*plan.Target
	for _, s := range progress.States() {
		list = append(list, enginetest.Target(s.String(), enginetest.Says(progress.Report{State: s})))
	}
	list = append(list, enginetest.Target("other", enginetest.Says(progress.Report{State: progress.Running})),
		enginetest.Target("broken", func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("x") }))
	withPage(t, list, func(t *testing.T, e *stage) {
		if diff := cmp.Diff([]string{"11 not read yet"}, lines(t, get(e, "/targets").Body.String(), `<p class="summary">`, "</p>")); diff != "" {
			t.Errorf("before the first read (-want +got):\n%s", diff)
		}
		readAll(t, e, 1)
		page := get(e, "/targets").Body.String()
		want := []string{"1 failed 1 cannot be read 1 unknown 1 cancelled 1 ready 2 running 1 pending 1 paused 1 succeeded 1 none"}
		if diff := cmp.Diff(want, lines(t, page, `<p class="summary">`, "</p>")); diff != "" {
			t.Errorf("summary (-want +got):\n%s", diff)
		}
		var names []string
		for _, m := range regexp.MustCompile(`<th scope="row"><a [^>]*><bdi>(\w+)`).FindAllStringSubmatch(page, -1) {
			names = append(names, m[1])
		}
		if diff := cmp.Diff(strings.Fields("failed broken unknown cancelled ready running other pending paused succeeded none"), names); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})
}

// Of many nodes those with an error are shown.
func TestPageOfManyNodes(t *testing.T) {
	var nodes []progress.Node
	for i := range pageNodes + 7 {
		nodes = append(nodes, progress.Node{ID: fmt.Sprintf("n%02d", i)})
	}
	nodes[pageNodes+6].ErrorCode = "disk"
	withPage(t, []*plan.Target{enginetest.Target("a", enginetest.Says(progress.Report{State: progress.Running, Nodes: nodes}))}, func(t *testing.T, e *stage) {
		readAll(t, e, 1)
		page := get(e, "/targets").Body.String()
		if n := strings.Count(page, `<th scope="row"><bdi>n`); n != pageNodes || !strings.Contains(page, "<bdi>n56</bdi>") || strings.Contains(page, "<bdi>n49</bdi>") {
			t.Errorf("%d nodes, want %d, n56 among them and n49 not:\n%s", n, pageNodes, page)
		}
		if want := "7 more nodes"; !strings.Contains(page, want) {
			t.Errorf("no %s on\n%s", want, page)
		}
	})
}

func TestPageWithoutTargets(t *testing.T) {
	withPage(t, nil, func(t *testing.T, e *stage) {
		want := []string{"The configuration has no targets."}
		if diff := cmp.Diff(want, lines(t, get(e, "/targets").Body.String(), "<main>", "</main>")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestPageAsksNoProduct(t *testing.T) {
	asked := 0
	tt := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
		asked++
		return enginetest.Running(ctx)
	})
	withPage(t, []*plan.Target{tt}, func(t *testing.T, e *stage) {
		for range 3 {
			get(e, "/targets")
			time.Sleep(time.Hour)
		}
		if asked != 0 {
			t.Errorf("the product was asked %d times", asked)
		}
	})
}

func TestPageRefreshes(t *testing.T) {
	const meta, pause, resume = `<meta http-equiv="refresh" content="15">`, `<a href="?refresh=off">pause</a>`, `<a href="?">resume</a>`
	withPage(t, nil, func(t *testing.T, e *stage) {
		for address, want := range map[string][]bool{
			"/targets":             {true, true, false},
			"/targets?refresh=7":   {true, true, false},
			"/targets?refresh=off": {false, false, true},
		} {
			page, got := get(e, address).Body.String(), []bool{}
			for _, part := range []string{meta, pause, resume} {
				got = append(got, strings.Contains(page, part))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: refresh, pause, resume (-want +got):\n%s", address, diff)
			}
		}
	})
}

func TestPageHeaders(t *testing.T) {
	withPage(t, nil, func(t *testing.T, e *stage) {
		w := get(e, "/targets")
		_, rest, _ := strings.Cut(w.Body.String(), "<style>")
		style, _, _ := strings.Cut(rest, "</style>")
		if !strings.Contains(style, palette.Style()) {
			t.Errorf("the page has not the palette's colours but:\n%s", style)
		}
		sum := sha256.Sum256([]byte(style))
		want := http.Header{
			"Content-Type":            {"text/html; charset=utf-8"},
			"Content-Security-Policy": {"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
			"X-Content-Type-Options":  {"nosniff"},
			"Referrer-Policy":         {"no-referrer"},
			"Cache-Control":           {"no-store"},
		}
		if diff := cmp.Diff(want, w.Result().Header); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if page := w.Body.String(); regexp.MustCompile(` (style|src|on\w+)=|url\(|@import`).MatchString(page) {
			t.Errorf("the policy forbids a part of\n%s", page)
		}
	})
}

// gone is a client that has hung up.
type gone struct{ *httptest.ResponseRecorder }

func (gone) Write([]byte) (int, error) { return 0, errors.New("connection reset") }

func TestPageForAClientThatIsGone(t *testing.T) {
	withPage(t, nil, func(t *testing.T, e *stage) {
		var logged bytes.Buffer
		e.opts.Logger = log.NewLogfmtLogger(&logged)
		e.Page().ServeHTTP(gone{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/targets", nil))
		if want := "level=warn msg=\"cannot answer /targets\" err=\"connection reset\"\n"; logged.String() != want {
			t.Errorf("logged %s, want %s", logged.String(), want)
		}
	})
}
