package mrs

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"progress_exporter/collector/progress"
)

// words are the documented words for a command's state: COMPLETE and FAILED on the
// page of the endpoint, IN_PROGRESS on the pages of the calls that start one. NEW
// is missing on purpose: it stands in sample bodies of other calls only.
var words = map[string]progress.State{
	"COMPLETE":    progress.Succeeded,
	"FAILED":      progress.Failed,
	"IN_PROGRESS": progress.Running,
}

// withOwn returns words together with what a user says.
func withOwn(own map[string]progress.State) map[string]progress.State {
	all := maps.Clone(words)
	maps.Copy(all, own)
	return all
}

// operations are the values of the label operation_type.
var operations = [...]string{"START", "STOP", "other"}

// answers decodes them by the names as the vendor writes them.
var answers = progress.NewDecoder[answer]()

// read makes an answer into a report.
func (c command) read(resp progress.Response) (progress.Report, error) {
	if how := wantsLogin(resp); how != "" {
		return progress.Report{}, progress.Errorf(progress.Auth, "the manager wants a login: it answers with %s; %s", how, c.hint()).About(resp.Request)
	}
	var a answer
	unread, undecoded := answers.Decode(resp, &a)
	if failed := progress.StatusError(resp); failed != nil {
		if undecoded == nil {
			// The manager's own words say more than the status. Its code is a number.
			failed.Code, failed.Said = code(a.ErrorCode), text(a.ErrorDescription)
		}
		return progress.Report{}, failed
	}
	if undecoded != nil {
		return progress.Report{}, undecoded
	}
	r := c.report(a)
	r.Unread = unread
	return r, nil
}

// hint is what to do when the manager wants a login.
func (c command) hint() string {
	if c.login == nil {
		return "set options.login.type to cas (cluster with Kerberos) or session (without), or check http_client_config"
	}
	return "the session was just renewed; check that the user may read commands"
}

// wantsLogin says how an answer asks for a login (again): HTTP 401, a redirect to
// a login page, or such a page in the place of JSON. Empty: it does not.
func wantsLogin(resp progress.Response) string {
	switch {
	case resp.Status == http.StatusUnauthorized:
		return "HTTP 401"
	case resp.Status >= 300 && resp.Status < 400 && toLogin(resp.Header.Get("Location")):
		return "a redirect to a login page (HTTP " + strconv.Itoa(resp.Status) + ")"
	case resp.Status >= 200 && resp.Status < 300 && progress.IsHTML(resp):
		return "an HTML page where JSON belongs"
	}
	return ""
}

// toLogin reports whether a redirect leads to a login page: of the CAS, or of a
// gateway, whose addresses differ. login_check is none: a proxy that sends it to
// https refuses no login.
func toLogin(location string) bool {
	u, err := url.Parse(location)
	return err == nil && !strings.HasSuffix(u.Path, "/login_check") && (strings.Contains(u.Path, "/cas/") || strings.Contains(strings.ToLower(u.Path), "login"))
}

func (c command) report(a answer) progress.Report {
	r := progress.Report{
		Job:       c.id,
		State:     c.states[text(a.State)],
		Word:      text(a.State),
		ErrorCode: code(a.ErrorCode),
		Info:      []progress.Label{{Name: "command_id", Value: c.id}},
	}
	if a.TotalProgress != nil {
		r.Ratio = progress.Ptr(*a.TotalProgress / c.scale)
	}
	r.Samples = progress.Append(r.Samples, familyTotalProgress, a.TotalProgress)
	if a.Result != nil {
		describe(&r, a.Result)
	}
	return r
}

// describe adds what the object inside the envelope says.
func describe(r *progress.Report, o *resultObj) {
	if o.ClusterID != nil {
		r.Info = append(r.Info, progress.Label{Name: "cluster_id", Value: number(*o.ClusterID)})
	}
	r.Work.Number("total_step_size", o.TotalStepSize)
	r.Samples = progress.Append(r.Samples, familyTotalStepSize, o.TotalStepSize)
	if o.StepList != nil {
		steps := progress.Ptr(float64(len(o.StepList)))
		r.Work.Number("steps", steps)
		r.Samples = progress.Append(r.Samples, familySteps, steps)
	}
	if o.FailEntityList != nil {
		r.Samples = appendFailed(r.Samples, o.FailEntityList)
	}
}

// appendFailed adds the count of failed instances by operation, and each of them
// that has a name.
func appendFailed(samples []progress.Sample, list []*failEntity) []progress.Sample {
	var counts [len(operations)]float64
	for _, f := range list {
		if f == nil {
			continue
		}
		at := len(operations) - 1
		for i, o := range operations {
			if text(f.OperationType) == o {
				at = i
			}
		}
		counts[at]++
		if name := text(f.FailEntity); name != "" {
			samples = append(samples, progress.Sample{Family: familyFailedEntity, Labels: []string{name, operations[at]}, Value: 1})
		}
	}
	for i, n := range counts {
		samples = append(samples, progress.Sample{Family: familyFailedEntities, Labels: []string{operations[i]}, Value: n})
	}
	return samples
}

// code returns an error code as text; 0 is none.
func code(c *float64) string {
	if c == nil || *c == 0 {
		return ""
	}
	return number(*c)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
