package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	browserlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	gocmp "github.com/google/go-cmp/cmp"

	"progress_exporter/collector"
	"progress_exporter/collector/mongosync/mongosynctest"
)

// newBrowser returns the context of a tab of a new browser: the one that CHROMIUM
// names or one in PATH. Without one the test is skipped, unless CI or
// REQUIRE_CHROMIUM is set.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	program := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); program == "" && err == nil {
			program = found
		}
	}
	switch {
	case program != "":
	case cmp.Or(os.Getenv("CI"), os.Getenv("REQUIRE_CHROMIUM")) != "":
		t.Fatal("there is no browser: put chromium into PATH, or name its program in CHROMIUM; scripts/chromium installs it on Debian")
	default:
		t.Skip("SKIPPED, NOTHING WAS TESTED IN A BROWSER: there is none; put chromium into PATH, or name its program in CHROMIUM")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun}
	for _, name := range []string{"disable-gpu", "disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-dev-shm-usage"} {
		options = append(options, chromedp.Flag(name, true))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute) // t's ends before the browser is closed
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("the browser %s does not start: %v", program, err)
	}
	t.Cleanup(func() { _ = chromedp.Cancel(ctx) }) // returns when the browser has ended
	return ctx
}

// evaluate returns what an expression is on the page that is open.
func evaluate[T any](t *testing.T, browser context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(browser, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// openPage opens /targets of an exporter in a new browser. The second result
// returns what the browser had to complain about, such as something that the
// page's Content-Security-Policy forbids.
func openPage(t *testing.T, e *collector.Exporter) (context.Context, func() []string) {
	t.Helper()
	browser := newBrowser(t)
	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(browser, func(event any) {
		if e, ok := event.(*browserlog.EventEntryAdded); ok {
			mu.Lock()
			defer mu.Unlock()
			complaints = append(complaints, e.Entry.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /targets", e.Page())
	if err := chromedp.Do(browser, chromedp.EmulateViewport(1200, 400), chromedp.Navigate(onLoopback(t, mux)+"/targets")); err != nil {
		t.Fatal(err)
	}
	return browser, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return complaints
	}
}

// bars finds every bar that a selector matches and says how much of it is filled,
// in thousandths, by what it is the progress of.
func bars(selector string) string {
	return `Object.fromEntries([...document.querySelectorAll("` + selector + ` [role=progressbar]")].map(b => [b.getAttribute("aria-label"),
		Math.round(1000 * b.querySelector("rect").getBoundingClientRect().width / b.getBoundingClientRect().width)]))`
}

// texts finds what a person reads in every element that a selector matches.
func texts(selector string) string {
	return `[...document.querySelectorAll("` + selector + `")].map(e => e.innerText.trim())`
}

func compare(t *testing.T, what string, want, got any) {
	t.Helper()
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// withoutPorts makes texts such that they can be compared: the ports of the products
// are other ones in every run.
func withoutPorts(texts []string) []string {
	for i := range texts {
		texts[i] = port.ReplaceAllLiteralString(texts[i], "127.0.0.1:PORT")
	}
	return texts
}

var port = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// With SCREENSHOT=file.png the test also leaves a picture of the page.
func TestTargetsPageInABrowser(t *testing.T) {
	browser, complaints := openPage(t, playStory(t))
	compare(t, "bars of targets", map[string]int{
		"progress of siem-parser-pack": 810, // its nodes are at 100, 86 and 57 %
		"progress of orders-db":        512,
		"progress of threat-intel":     830, // 100, 90 and 60 %
		"progress of dashboards":       660, // 100, 60 and 40 %
		"progress of customers-db":     1000,
	}, evaluate[map[string]int](t, browser, bars(".targets > tbody > tr:first-child")))
	compare(t, "kinds", []string{"failed", "stalled", "cannot be read", "running", "running", "succeeded", "not read yet"},
		evaluate[[]string](t, browser, texts(".kind")))
	compare(t, "reasons", []string{
		"error code general-error",
		"has not moved for 18m, longer than its stall_after of 15m",
		`auth illegal-state GET http://127.0.0.1:PORT/api/sonar/apps/install-progress: the product refused to tell the install's progress, HTTP 500; check the API key in http_client_config, it needs the role MEMBER or above; the product says "no-permission"`,
	}, withoutPorts(evaluate[[]string](t, browser, texts(".why"))))
	compare(t, "late", []string{"late: deadline in 16m"}, evaluate[[]string](t, browser, texts(".late")))

	evaluate[bool](t, browser, `document.querySelectorAll("details")[0].open = true`)
	compare(t, "bars of nodes", map[string]int{
		"progress of control-node-1": 1000, "progress of data-node-1": 900, "progress of forwarder-node-1": 600,
	}, evaluate[map[string]int](t, browser, bars("details[open]")))
	compare(t, "the failed node", []string{"forwarder-node-1\tforwarder\t\n60%\n\t\tdisk-space-error"},
		evaluate[[]string](t, browser, texts("details[open] tr.wrong")))
	compare(t, "complaints", []string(nil), complaints())
	if file := os.Getenv("SCREENSHOT"); file != "" {
		screenshot(t, browser, 1200, file)
	}

	if err := chromedp.Do(browser, chromedp.EmulateViewport(360, 640)); err != nil {
		t.Fatal(err)
	}
	compare(t, "width on a phone", 360, evaluate[int](t, browser, `document.documentElement.scrollWidth`))
	compare(t, "what is too small", []string{}, evaluate[[]string](t, browser, tooSmall))
}

func TestHostileNamesAreTextInABrowser(t *testing.T) {
	const hostile = `<img src=x onerror=alert(1)><script>document.title="x"</script>"'&`
	answer := fmt.Sprintf(`{"success":false,"error":%q,"errorDescription":%[1]q}`, hostile)
	e := newExporter(t, fmt.Sprintf("targets: [{name: %q, api: mongosync, url: %q}]", hostile,
		onLoopback(t, &mongosynctest.Server{Body: func() (int, string) { return http.StatusInternalServerError, answer }})), time.Now)
	if _, err := e.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	browser, complaints := openPage(t, e)
	compare(t, "name", []string{hostile}, evaluate[[]string](t, browser, texts("tbody th")))
	reason := evaluate[[]string](t, browser, texts(".why"))
	if len(reason) != 1 || strings.Count(reason[0], `<script>document.title=`) != 2 {
		t.Errorf("reason %q, want it to quote the product twice", reason)
	}
	compare(t, "elements that the names made", 0, evaluate[int](t, browser, `document.querySelectorAll("img, script").length`))
	compare(t, "title", "Targets – progress_exporter", evaluate[string](t, browser, `document.title`))
	compare(t, "complaints", []string(nil), complaints())
}

// Even if a script got onto the page, it would not run; nor would a style.
func TestPolicyInABrowser(t *testing.T) {
	browser, complaints := openPage(t, newExporter(t, "targets: []", time.Now))
	evaluate[bool](t, browser, `(() => {
		const script = document.createElement("script");
		script.textContent = "document.title = 'it ran'";
		document.body.append(script);
		document.body.insertAdjacentHTML("beforeend", "<p id=styled style='color: red'>x</p>");
		return true;
	})()`)
	compare(t, "title", "Targets – progress_exporter", evaluate[string](t, browser, `document.title`))
	compare(t, "the style's color is the body's", true, evaluate[bool](t, browser, `getComputedStyle(document.querySelector("#styled")).color == getComputedStyle(document.body).color`))
	if got := complaints(); len(got) != 2 {
		t.Errorf("complaints %q, want one for the script and one for the style", got)
	}
}

// screenshot leaves a picture of the whole page, at a width in CSS pixels.
func screenshot(t *testing.T, browser context.Context, width int64, file string) {
	t.Helper()
	height := evaluate[int64](t, browser, `document.documentElement.scrollHeight`)
	if err := chromedp.Do(browser, chromedp.EmulateViewport(width, height)); err != nil {
		t.Fatal(err)
	}
	picture, err := chromedp.Run(browser, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
