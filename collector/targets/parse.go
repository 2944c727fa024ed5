package targets

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/common/model"

	"progress_exporter/collector/progress"
)

// maxText bounds names and label values, in bytes. They become label values, which
// the exporter bounds to this length.
const maxText = 128

// ownLabels returns the labels that a series already has for another reason: the
// exporter's own, those Prometheus adds to every target, and those with a meaning
// in histograms and summaries.
func ownLabels() []string {
	return []string{
		"target", "api", "state", "reason", "error_code", "node_guid", "node_name", "node_type", "status", "job_id", "job_name", "bound",
		"job", "instance", "le", "quantile",
	}
}

func parseName(s string) (string, error) {
	switch {
	case s == "":
		return "", errors.New("is empty")
	case strings.ContainsFunc(s, unicode.IsControl):
		return "", errors.New("contains a control character")
	case !strings.ContainsFunc(s, isVisible):
		return "", errors.New("consists of blanks")
	case strings.TrimSpace(s) != s:
		return "", errors.New("begins or ends with a blank, which nobody would see")
	}
	return parseLabelValue(s)
}

func isVisible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

func parseLabelValue(s string) (string, error) {
	switch {
	case len(s) > maxText:
		return "", fmt.Errorf("has %d bytes, at most %d are allowed", len(s), maxText)
	case !utf8.ValidString(s):
		return "", errors.New("is not valid UTF-8")
	}
	return s, nil
}

func checkLabelName(name string) error {
	switch {
	case !model.LegacyValidation.IsValidLabelName(name):
		return fmt.Errorf("%q is not a label name; want letters, digits and underscores, not beginning with a digit", name)
	case strings.HasPrefix(name, model.ReservedLabelPrefix):
		return fmt.Errorf("%q begins with __, which Prometheus keeps for itself; choose another name", name)
	case slices.Contains(ownLabels(), name):
		return fmt.Errorf("%q is set by the exporter or by Prometheus; choose another name", name)
	}
	return nil
}

// parseAPI leaves it to the plan whether there is such a product.
func parseAPI(s string) (string, error) {
	if s == "" {
		return "", errors.New("is empty")
	}
	return s, nil
}

// parseURL never quotes the URL: it may hold a password or a token.
func parseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return nil, errors.New("is not a valid URL")
	case u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https" && u.Host != "":
		return nil, errors.New("has a scheme that is not known; want http:// or https://")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return nil, errors.New("is not an absolute URL; want http://host[:port][/path] or https://…")
	case !validPort(u.Port()):
		return nil, errors.New("has a port outside 1–65535")
	case u.User != nil:
		return nil, errors.New("contains a user name or password; use http_client_config.basic_auth")
	case u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("contains a query (?…); the product's own parameters belong into options")
	case strings.Contains(s, "#"):
		return nil, errors.New("contains a fragment (#…), which is never sent; remove it")
	}
	return u, nil
}

func validPort(port string) bool {
	n, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && n > 0
}

// parseDuration accepts what Prometheus does (10s, 1h30m, 1d) and Go's fractions
// (0.5s).
func parseDuration(s string) (time.Duration, error) {
	if d, err := model.ParseDuration(s); err == nil {
		return time.Duration(d), nil
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		return 0, errors.New("is not a duration; want a number with a unit, such as 10s, 5m, 1h30m or 1d")
	case d < 0:
		return 0, errors.New("is negative")
	}
	return d, nil
}

func parseTimeout(s string) (time.Duration, error) {
	d, err := parseDuration(s)
	if err == nil && d == 0 {
		err = errors.New("is 0, so that no read could succeed; want a positive duration such as 10s")
	}
	return d, err
}

func parseDeadline(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339, s)
	switch {
	case err != nil:
		return time.Time{}, errors.New("is not a date with time and zone; want RFC 3339, such as 2026-12-01T06:00:00+09:00")
	case !progress.IsDate(t):
		return time.Time{}, errors.New("is not between the years 1970 and 9999 in UTC")
	}
	return t, nil
}

// mostJobs bounds max_jobs: each job of a list is remembered and has series of its own.
const mostJobs = 1000

func parseMaxJobs(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > mostJobs {
		return 0, fmt.Errorf("want a whole number from 1 to %d", mostJobs)
	}
	return n, nil
}

func parsePattern(s string) (string, error) {
	if s == "" {
		return "", errors.New("is empty; want a file name or a pattern such as jobs.d/*.yml")
	}
	if strings.Contains(s, "**") {
		return "", fmt.Errorf("%q has **, which does not search directories below; want one * for each directory, such as jobs.d/*/*.yml", s)
	}
	if _, err := filepath.Match(s, ""); err != nil {
		return "", fmt.Errorf("%q is not a valid pattern; is there a [ without its ]?", s)
	}
	return s, nil
}
