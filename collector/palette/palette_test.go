package palette

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// Every state has a kind, and no word two.
func TestKinds(t *testing.T) {
	words := map[string]bool{CannotBeRead: true, Stalled: true, Late: true, NotRead: true}
	for _, s := range progress.States() {
		words[s.String()] = true
	}
	seen := map[string]bool{}
	for place, k := range Kinds() {
		if !words[k.Word] || seen[k.Word] {
			t.Errorf("%q is no kind, or one twice", k.Word)
		}
		seen[k.Word] = true
		if got := Urgency(k.Word); got != place {
			t.Errorf("the urgency of %s is %d, want %d", k.Word, got, place)
		}
		if diff := cmp.Diff(k, Of(k.Word)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", k.Word, diff)
		}
		if len(k.ANSI) != 2 {
			t.Errorf("%s has the SGR code %q, want two digits: columns stay straight by that", k.Word, k.ANSI)
		}
	}
	if diff := cmp.Diff(words, seen); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if got := Of("purring"); got.ANSI != "39" || got.Fill != "" || Urgency("purring") != -1 {
		t.Errorf("a word that is no kind: %+v", got)
	}
}

func TestStyle(t *testing.T) {
	light, dark, ok := strings.Cut(Style(), "@media (prefers-color-scheme: dark) {\n")
	if !ok {
		t.Fatalf("no dark colours in:\n%s", Style())
	}
	for _, k := range Kinds() {
		if want := `[data-kind="` + k.Word + `"] { --tint: ` + k.Light + "; }\n"; !strings.Contains(light, want) {
			t.Errorf("the light style has no %s", want)
		}
		if want := `[data-kind="` + k.Word + `"] { --tint: ` + k.Dark + "; }\n"; !strings.Contains(dark, want) {
			t.Errorf("the dark style has no %s", want)
		}
	}
}
