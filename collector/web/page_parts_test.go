package web

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// With several pages what wants a look is on the first, and none is larger than another.
func TestPages(t *testing.T) {
	var list []*plan.Target
	for i := range 2*pageRows + 1 {
		state := progress.Running
		if i == 2*pageRows {
			state = progress.Failed
		}
		list = append(list, enginetest.Target(fmt.Sprintf("t%03d", i), enginetest.Says(progress.Report{State: state})))
	}
	withPage(t, list, func(t *testing.T, e *stage) {
		readAll(t, e, 1)
		names := regexp.MustCompile(`<th scope="row"><a [^>]*><bdi>(\w+)`)
		for _, tc := range []struct {
			query, first, last, nav string
			rows                    int
		}{
			{"", "t200", "t098", `Page 1 of 3, what wants a look first: <b aria-current="page">1</b> <a href="?page=2">2</a> <a href="?page=3">3</a>`, pageRows},
			{"?page=3&refresh=off", "t199", "t199", `Page 3 of 3, what wants a look first: <a href="?refresh=off">1</a> <a href="?page=2&amp;refresh=off">2</a> <b aria-current="page">3</b>`, 1},
			{"?page=99", "t199", "t199", `Page 3 of 3`, 1},
			{"?page=-1", "t200", "t098", `Page 1 of 3`, pageRows},
			{"?kind=running&page=2", "t100", "t199", `Page 2 of 2, what wants a look first: <a href="?kind=running">1</a> <b aria-current="page">2</b>`, pageRows},
			{"?page=x", "t200", "t098", `Page 1 of 3`, pageRows},
		} {
			page := get(e, "/targets"+tc.query).Body.String()
			found := names.FindAllStringSubmatch(page, -1)
			if len(found) != tc.rows || found[0][1] != tc.first || found[len(found)-1][1] != tc.last {
				t.Errorf("%q: %d targets, the first and last are %v and %v; want %d, %s and %s", tc.query, len(found), found[0], found[len(found)-1], tc.rows, tc.first, tc.last)
			}
			if !strings.Contains(page, tc.nav) {
				t.Errorf("%q: no %s on\n%s", tc.query, tc.nav, page)
			}
			if want := "<b>200</b> running"; !strings.Contains(page, want) {
				t.Errorf("%q: the summary is not of all targets: no %s", tc.query, want)
			}
		}
	})
}

// Each count leads to the targets that it counts, and from there back to all.
func TestPageOfOneKind(t *testing.T) {
	list := []*plan.Target{
		enginetest.Target("a", enginetest.Running),
		enginetest.Target("b", enginetest.Says(progress.Report{State: progress.Failed})),
		enginetest.Target("c", func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("x") }),
	}
	withPage(t, list, func(t *testing.T, e *stage) {
		readAll(t, e, 1)
		const failed = `<a data-kind="failed" href="?kind=failed"><b>1</b> failed</a>`
		for _, tc := range []struct{ query, names, want string }{
			{"", "b c a", failed + ` <a data-kind="cannot be read" href="?kind=cannot&#43;be&#43;read"><b>1</b> cannot be read</a>`},
			{"?kind=failed", "b", `<a data-kind="failed" href="?kind=failed" aria-current="true"><b>1</b> failed</a>`},
			{"?kind=cannot+be+read&refresh=off", "c", `<a href="?refresh=off">all</a>`},
			{"?kind=cannot+be+read&refresh=off", "c", `<a href="?kind=cannot&#43;be&#43;read">resume</a>`},
			{"?kind=paused", "", "No target is of this kind now."},
			{"?kind=%3Cscript%3E", "b c a", failed},
		} {
			page := get(e, "/targets"+tc.query).Body.String()
			var names []string
			for _, m := range regexp.MustCompile(`<th scope="row"><a [^>]*><bdi>(\w+)`).FindAllStringSubmatch(page, -1) {
				names = append(names, m[1])
			}
			if diff := cmp.Diff(strings.Fields(tc.names), names, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tc.query, diff)
			}
			if !strings.Contains(page, tc.want) {
				t.Errorf("%q: no %s on\n%s", tc.query, tc.want, page)
			}
		}
	})
}
