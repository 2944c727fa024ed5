package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"progress_exporter/collector"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mongosync/mongosynctest"
)

// phone is how wide the page of a small phone is, in CSS pixels.
const phone = 390

// tooSmall finds what a person on a phone cannot read, or not touch: text below 12 px, and
// links lower than 44 px (WCAG 2.2, criterion 2.5.5).
const tooSmall = `[...document.querySelectorAll("body, body *")].flatMap(e => {
	const shown = e.checkVisibility(), said = [...e.childNodes].some(n => n.nodeType == Node.TEXT_NODE && n.data.trim());
	if (shown && said && parseFloat(getComputedStyle(e).fontSize) < 12) return ["text " + getComputedStyle(e).fontSize + ": " + e.textContent.slice(0, 40)];
	if (shown && e.matches("a, summary") && e.getBoundingClientRect().height < 44) return ["link " + e.getBoundingClientRect().height + " px: " + e.textContent.slice(0, 40)];
	return [];
})`

// outside finds what reaches over the edge of the window.
const outside = `[...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest("thead") && e.getBoundingClientRect().right > innerWidth + 0.5)
	.map(e => e.tagName + " " + e.textContent.slice(0, 40))`

// With SCREENSHOTS=directory the test also leaves pictures of the pages, light and dark.
func TestPagesOnAPhone(t *testing.T) {
	browser := newBrowser(t)
	home := onLoopback(t, manyTargets(t))
	for page, address := range map[string]string{
		"landing": "/", "targets": "/targets", "migrations": "/targets?kind=running", "debug": "/probe?target=shard-0&debug=true", "failed": "/probe?target=down-with-a-rather-long-name-0&debug=true",
	} {
		for _, mode := range []string{"light", "dark"} {
			for _, width := range []int64{phone, 1200} {
				t.Run(fmt.Sprintf("%s %s %d", page, mode, width), func(t *testing.T) {
					open(t, browser, mode, width, home+address)
					compare(t, "width of the page", width, evaluate[int64](t, browser, `document.documentElement.scrollWidth`))
					compare(t, "what is outside", []string{}, evaluate[[]string](t, browser, outside))
					if width == phone {
						compare(t, "what is too small", []string{}, evaluate[[]string](t, browser, tooSmall))
					}
					compare(t, "background is light", mode == "light", evaluate[bool](t, browser, `getComputedStyle(document.body).backgroundColor == "rgb(255, 255, 255)"`))
					if dir := os.Getenv("SCREENSHOTS"); dir != "" {
						screenshot(t, browser, width, filepath.Join(dir, fmt.Sprintf("%s-%s-%d.png", page, mode, width)))
					}
				})
			}
		}
	}
}

// Everybody gets from each page to the others by touching links.
func TestLinksInABrowser(t *testing.T) {
	browser := newBrowser(t)
	home := onLoopback(t, manyTargets(t))
	open(t, browser, "light", phone, home+"/")
	for _, step := range []struct{ link, title string }{
		{`a[href$="targets"]`, "Targets – progress_exporter"},
		{`.targets a.name`, `target "down-with-a-rather-long-name-0" of api mongosync – progress_exporter`},
		{`a[href="targets"]`, "Targets – progress_exporter"},
		{`a[href="./"]`, "progress_exporter"},
	} {
		if _, err := chromedp.RunResponse(browser, chromedp.Click(step.link)); err != nil { // it waits for the page behind the link
			t.Fatalf("%s: %v", step.link, err)
		}
		compare(t, "title behind "+step.link, step.title, evaluate[string](t, browser, `document.title`))
	}
}

// manyTargets returns the server of an exporter that has read 200 targets once: those of a
// migration, others at work, and some that are down.
func manyTargets(t *testing.T) http.Handler {
	t.Helper()
	var clock stopwatch
	clock.advance(30 * time.Minute)
	half := drill.Drill{Scenario: drill.Happy, Start: storyBegins, Length: time.Hour, Now: clock.now}
	product, shard := onLoopback(t, &mongosynctest.Server{Drill: half}), onLoopback(t, &mongosynctest.Server{Drill: half, CopiedShare: 0.25})
	var yml strings.Builder
	yml.WriteString("targets:\n")
	for i := range 200 {
		switch {
		case i < 4:
			fmt.Fprintf(&yml, "- {name: shard-%d, api: mongosync, url: %q, labels: {migration: orders-of-the-european-shops}}\n", i, shard)
		case i%10 == 5:
			fmt.Fprintf(&yml, "- {name: down-with-a-rather-long-name-%d, api: mongosync, url: 'http://127.0.0.1:1/a/path'}\n", i/10)
		default:
			fmt.Fprintf(&yml, "- {name: migration-%d, api: mongosync, url: %q}\n", i, product)
		}
	}
	s := serverWith(t, &flags{engine: collector.Options{Concurrency: 64, TargetsOnMetrics: true}}, yml.String())
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if !strings.Contains(w.Body.String(), "progress_exporter_targets 200") {
		t.Fatalf("not 200 targets:\n%s", w.Body)
	}
	return s.Handler
}

// open opens a page in a browser of that width, in the light or dark mode of the system.
func open(t *testing.T, browser context.Context, mode string, width int64, address string) {
	t.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode}}}
	prefer := chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, media)
		return err
	})
	var as []chromedp.EmulateViewportOption
	if width == phone { // which would shrink a page that does not say it is made for it
		as = append(as, chromedp.EmulateMobile)
	}
	if err := chromedp.Do(browser, chromedp.EmulateViewport(width, 844, as...), prefer, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}
