package main

import (
	"fmt"
	"regexp"
	"strings"
)

// head is how kingpin begins a manual page, with all that --version prints.
var head = regexp.MustCompile(`(?s)^\.TH [^\n]+? 1 .*?\n\.SH "NAME"\n[^\n]+\n`)

// summary is the first sentence about a program.
var summary = regexp.MustCompile(`(?s)\n\.SH "DESCRIPTION"\n(.*?)(?:\. .*?)?\.?\n`)

// manual makes a manual page of what --help-man prints: with the title and the name
// as `man`, `apropos` and lintian want them.
func manual(program, page string, r release) (string, error) {
	says := summary.FindStringSubmatch(page)
	if says == nil || !head.MatchString(page) {
		return "", fmt.Errorf("%s --help-man begins otherwise than expected: %.200q", program, page)
	}
	title := fmt.Sprintf(".TH %s 1 %q %q %q\n.SH \"NAME\"\n%s \\- %s\n", strings.ToUpper(program),
		r.date.Format("2006-01-02"), program+" "+r.version, "User Commands", program, says[1])
	return title + head.ReplaceAllString(page, ""), nil
}
