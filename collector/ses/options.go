package ses

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/progress"
)

// options are what a target's `options:` may hold.
type options struct {
	Region                 string            `yaml:"region"`
	Path                   string            `yaml:"path"` // instead of a region's
	ServiceGroupInstanceNo string            `yaml:"service_group_instance_no"`
	RegionNo               string            `yaml:"region_no"`
	AccessKey              progress.Secret   `yaml:"access_key"`
	AccessKeyFile          string            `yaml:"access_key_file"`
	SecretKey              progress.Secret   `yaml:"secret_key"`
	SecretKeyFile          string            `yaml:"secret_key_file"`
	TimeZone               string            `yaml:"time_zone"`
	States                 map[string]string `yaml:"states"`
}

// paths are the regions' paths, as the pages of the call list them: that of the
// public portal KR, SGN and JPN, that of the government portal KR and KRS. The
// finance portal has no page of the call; its other pages use the path of KR.
var paths = map[string]string{
	"KR":  "/api/v2",
	"SGN": "/api/sgn-v2",
	"JPN": "/api/jpn-v2",
	"KRS": "/api/krs-v2",
}

const (
	defaultRegion = "KR"
	// everyCluster in the place of a number makes a target a list of all clusters.
	everyCluster = "*"
	// defaultZone is an inference: in the vendor's sample of a request and its answer
	// the dates are Korean local time. No page names the zone.
	defaultZone = "Asia/Seoul"
)

var (
	digits   = regexp.MustCompile(`^[0-9]{1,32}$`)
	plain    = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)
	visible  = regexp.MustCompile(`^[!-~]+$`) // what a header can carry
	pathForm = regexp.MustCompile(`^(/[0-9A-Za-z_~-][0-9A-Za-z_.~-]*)+/?$`)
)

// open makes the source of a target. A target without a cluster of its own is there
// to be probed with a job, which is a cluster's number; one with all clusters is a list.
func open(t progress.Target, now func() time.Time) (progress.Source, error) {
	var o options
	if err := t.Options(&o); err != nil {
		return nil, err
	}
	c := &cluster{question: question{o.ServiceGroupInstanceNo, o.RegionNo}, now: now}
	if t.Job != "" {
		c.question.ServiceGroupInstanceNo = t.Job
	}
	var problems [5]error
	path, err := o.path()
	problems[0] = errors.Join(err, o.checkNumbers(t.Job))
	c.access, problems[1] = t.Credential("access_key", o.AccessKey, o.AccessKeyFile)
	if problems[1] == nil && !o.AccessKey.IsZero() && !visible.MatchString(o.AccessKey.Reveal()) {
		problems[1] = errors.New("options.access_key has characters that a header cannot carry")
	}
	c.key, problems[2] = t.Credential("secret_key", o.SecretKey, o.SecretKeyFile)
	c.zone, problems[3] = o.zone()
	c.words, problems[4] = o.words()
	if err := errors.Join(problems[:]...); err != nil {
		return nil, err
	}
	if c.question.ServiceGroupInstanceNo == "" {
		return onlyProbed{}, nil
	}
	c.address = t.URL.JoinPath(path, "cluster/getRollingUpgradeProgress").String()
	if c.question.ServiceGroupInstanceNo == everyCluster {
		c.listed = true
		return clusters{c, t.URL.JoinPath(path, "cluster/getClusterInfoList").String(), t.MaxJobs}, nil
	}
	return c, nil
}

// path returns what stands between the host and the name of the call.
func (o *options) path() (string, error) {
	switch {
	case o.Path != "" && o.Region != "":
		return "", errors.New("options.region and options.path are both set; keep one")
	case o.Path != "" && !pathForm.MatchString(o.Path):
		return "", errors.New("options.path has to be a path such as /api/v2, without query and dots between slashes")
	case o.Path != "":
		return o.Path, nil
	case o.Region == "":
		return paths[defaultRegion], nil
	}
	if path, ok := paths[o.Region]; ok {
		return path, nil
	}
	return "", fmt.Errorf("options.region: unknown region %q, want one of %s, or options.path for another",
		o.Region, strings.Join(slices.Sorted(maps.Keys(paths)), ", "))
}

// checkNumbers checks what goes into the body. The job comes from a request.
func (o *options) checkNumbers(job string) error {
	var problems []error
	if no := o.ServiceGroupInstanceNo; no != "" && no != everyCluster && !digits.MatchString(no) {
		problems = append(problems, errors.New("options.service_group_instance_no has to be the number of a cluster, 1 to 32 digits, or '*' for all clusters"))
	}
	if job != "" && !digits.MatchString(job) {
		problems = append(problems, errors.New("the job has to be the number of a cluster: 1 to 32 digits"))
	}
	if o.RegionNo != "" && !plain.MatchString(o.RegionNo) {
		problems = append(problems, errors.New("options.region_no has to be a number of a region: 1 to 32 letters and digits"))
	}
	return errors.Join(problems...)
}

func (o *options) zone() (*time.Location, error) {
	name := o.TimeZone
	if name == "" {
		name = defaultZone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("options.time_zone: %w; want a name such as %s", err, defaultZone)
	}
	return zone, nil
}

// words returns what states: says about the words of nodes.
func (o *options) words() (map[string]phase, error) {
	words := map[string]phase{}
	var problems []error
	for _, word := range slices.Sorted(maps.Keys(o.States)) {
		state, _ := progress.ParseState(o.States[word])
		p, ok := phaseOfState[state]
		if !ok || state.String() != o.States[word] || word == "" {
			problems = append(problems, fmt.Errorf("options.states: %q: %q is no state of a node, want one of pending, running, succeeded, failed, unknown",
				word, o.States[word]))
			continue
		}
		words[word] = p
	}
	return words, errors.Join(problems...)
}

// onlyProbed is a target that names no cluster of its own. Its plain read asks the
// product nothing and finds no job.
type onlyProbed struct{}

// Progress returns a report without a job.
func (onlyProbed) Progress(context.Context, progress.Fetch) (progress.Report, error) {
	return progress.Report{State: progress.None}, nil
}
