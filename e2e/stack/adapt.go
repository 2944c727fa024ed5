package stack

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shortIntervals are the settings of Prometheus and Alertmanager that say how often
// something is done. How long an alert is not repeated (repeat_interval) is none of
// them: a test counts what arrives.
var shortIntervals = []string{"scrape_interval", "evaluation_interval", "refresh_interval", "group_wait", "group_interval"}

// Adapt returns a configuration of Prometheus or Alertmanager, such as those in
// examples/, as a test can use it: every interval is one second, and in all values
// the addresses and file names that are keys of replace are replaced. Each of them
// has to be there, so that a test and the example cannot drift apart.
func Adapt(config []byte, replace map[string]string) ([]byte, error) {
	olds := slices.Sorted(maps.Keys(replace))
	var pairs []string
	for _, old := range olds {
		pairs = append(pairs, old, replace[old])
	}
	replacer, found := strings.NewReplacer(pairs...), map[string]bool{}
	adapted, err := rewrite(config, func(key, value string) (string, error) {
		if slices.Contains(shortIntervals, key) {
			return "1s", nil
		}
		for _, old := range olds {
			found[old] = found[old] || strings.Contains(value, old)
		}
		return replacer.Replace(value), nil
	})
	for _, old := range olds {
		if !found[old] {
			err = errors.Join(err, fmt.Errorf("the configuration does not have %s", old))
		}
	}
	return adapted, err
}

// AdaptFile adapts a file of the checkout and returns the name of the result, in a
// folder of the test.
func AdaptFile(t testing.TB, file string, replace map[string]string) string {
	t.Helper()
	return derive(t, file, func(b []byte) ([]byte, error) { return Adapt(b, replace) })
}

// ShortenFile is ShortenRules for a file of the checkout; it returns the name of the
// result, in a folder of the test.
func ShortenFile(t testing.TB, file string, factor int) string {
	t.Helper()
	return derive(t, file, func(b []byte) ([]byte, error) { return ShortenRules(b, factor) })
}

func derive(t testing.TB, file string, change func([]byte) ([]byte, error)) string {
	t.Helper()
	original, err := os.ReadFile(filepath.Join(Root(t), file))
	if err != nil {
		t.Fatal(err)
	}
	changed, err := change(original)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return WriteFile(t, filepath.Base(file), string(changed))
}

// WriteFile writes a file in a folder of the test and returns its full name.
func WriteFile(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
