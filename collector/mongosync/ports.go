package mongosync

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"progress_exporter/collector/progress"
)

// ports is the processes that listen at options.ports of one host: a list of jobs, each of
// which is called by its port. A mongosyncID is none: it is null while a process starts.
type ports []process

// process is one of them.
type process struct {
	port string
	source
}

var _ progress.Lister = ports{}

// Lists is true.
func (ports) Lists() bool { return true }

// Progress asks all processes at the same time. The list is what the configuration says, so
// that nothing can be wrong with it: each process fails alone, as targets of their own would.
func (p ports) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	list := progress.Report{Jobs: make([]progress.Listed, len(p))}
	progress.Together(ctx, len(p), func(ctx context.Context, i int) {
		report, err := p[i].Progress(ctx, fetch)
		list.Jobs[i] = progress.Listed{ID: p[i].port, Report: report, Err: err}
	})
	return list, nil
}

// portTexts is options.ports as it is written: a range such as 27182-27190, a text with
// several ports and ranges between commas, or a list of them.
type portTexts []string

// UnmarshalYAML reads either.
func (l *portTexts) UnmarshalYAML(unmarshal func(any) error) error {
	var one string
	if err := unmarshal(&one); err == nil {
		*l = strings.Split(one, ",")
		return nil
	}
	return unmarshal((*[]string)(l))
}

// openPorts returns the source of a target with options.ports.
func openPorts(t progress.Target, option portTexts) (progress.Source, error) {
	numbers, err := parsePorts(option, t.MaxJobs)
	if err != nil {
		return nil, err
	}
	if own, err := strconv.Atoi(t.URL.Port()); err == nil && !slices.Contains(numbers, own) {
		return nil, fmt.Errorf("options.ports has not %d, the port of the url: name it, or leave it out of the url", own)
	}
	list := make(ports, len(numbers))
	for i, n := range numbers {
		at := *t.URL
		at.Host = net.JoinHostPort(at.Hostname(), strconv.Itoa(n))
		list[i] = process{strconv.Itoa(n), sourceAt(&at)}
	}
	return list, nil
}

// parsePorts returns the ports that texts such as 27182-27190 and 27195 name, of which
// there may be so many. Its error says everything that is wrong with them.
func parsePorts(texts []string, most int) ([]int, error) {
	var found []int
	var errs []error
	taken := map[int]bool{}
	count := 0
	for _, text := range texts {
		first, last, err := parseRange(strings.TrimSpace(text))
		if err != nil {
			errs = append(errs, fmt.Errorf("options.ports: %w", err))
			continue
		}
		count += last - first + 1
		for n := first; n <= last; n++ {
			if taken[n] {
				errs = append(errs, fmt.Errorf("options.ports names %d twice", n))
				break
			}
			taken[n], found = true, append(found, n)
		}
	}
	if len(texts) == 0 {
		errs = append(errs, errors.New("options.ports names no port"))
	}
	if count > most {
		errs = append(errs, fmt.Errorf("options.ports names %d ports, and max_jobs is %d: raise it, or name fewer", count, most))
	}
	return found, errors.Join(errs...)
}

// parseRange returns the first and the last port of a range, or one port twice.
func parseRange(text string) (first, last int, err error) {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	first, err = parsePort(from, text)
	if err == nil {
		last, err = parsePort(to, text)
	}
	if err == nil && last < first {
		err = fmt.Errorf("%s ends before it begins", text)
	}
	return first, last, err
}

func parsePort(text, of string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 16)
	switch {
	case errors.Is(err, strconv.ErrRange) || err == nil && n == 0:
		return 0, fmt.Errorf("a port is a number from 1 to 65535, found %q", of)
	case err != nil:
		return 0, fmt.Errorf("want a port, or a range such as 27182-27190, found %q", of)
	}
	return int(n), nil
}

// sourceAt is the process at an address.
func sourceAt(at *url.URL) source {
	return source{url: at.JoinPath("api/v1/progress").String()}
}
