// Package mrs reads an asynchronous command of MRS Manager (Huawei Cloud and Open
// Telekom Cloud MapReduce Service, FusionInsight Manager): the start or stop of a
// service, the saving of a configuration.
//
// The manager may want a login first. A session belongs to a manager and a user;
// all targets of the two share it, over scrapes and reloads.
package mrs

import (
	"context"
	"net/http"
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// The product's own families, as indexes into API().Families.
const (
	familySteps = iota
	familyTotalStepSize
	familyTotalProgress
	familyFailedEntities
	familyFailedEntity
	familyLogins // the first of session.Families
)

// API returns the product, with the clock for the pauses between logins. The sessions
// with the managers live in the value. The product documents no error codes.
func API(now func() time.Time) progress.API {
	shared := session.New(now)
	logins := session.Families()
	logins[0].Help += " Only with the login types session and cas."
	return progress.API{
		Name: "mrs",
		Families: append([]progress.Family{
			familySteps: {Name: "steps",
				Help: "Entries of the command's step list. The product reports neither which of them is at work nor how far it is."},
			familyTotalStepSize: {Name: "total_step_size",
				Help: "The field total_step_size as it stands: the number of steps by its name, the overall progress from 0 to 100 by its description."},
			familyTotalProgress: {Name: "total_progress",
				Help: "The field total_progress as it stands; the product does not document its range. progress_total_ratio is made of it, by the option total_progress_scale."},
			familyFailedEntities: {Name: "failed_entities", Labels: []string{"operation_type"},
				Help: "Instances on which the command failed, by what was to be done: START, STOP, or other for what the product does not document. Only starts, stops and restarts of services report them."},
			familyFailedEntity: {Name: "failed_entity", Labels: []string{"fail_entity", "operation_type"},
				Help: "1 for each instance on which the command failed; at most 500."},
		}, logins...),
		Open: func(t progress.Target) (progress.Source, error) { return open(t, shared) },
	}
}

// command is one command of one manager.
type command struct {
	address string // of the endpoint
	id      string
	scale   float64 // what total_progress is divided by
	states  map[string]progress.State
	login   *login // nil: the requests are sent without a session
	account *session.Account
}

var _ progress.Source = command{}

// Progress asks for the command's progress, in a session if the target has a
// login. What the manager answers for an id that it does not know (any more) is
// not documented; whatever it is, it is judged as it stands.
func (c command) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	if c.login == nil {
		resp, err := browser{fetch: fetch}.get(ctx, c.address)
		if err != nil {
			return progress.Report{}, err
		}
		return c.read(resp)
	}
	resp, err := c.account.Ask(ctx, fetch, c.login.inSession(), session.Question{
		Ask: func(cookies http.Header) (progress.Response, error) {
			return browser{fetch: fetch, cookies: cookies}.get(ctx, c.address)
		},
		WantsLogin: wantsLogin,
	})
	var r progress.Report
	if err == nil {
		r, err = c.read(resp) // which says so if the manager still wants a login
	}
	r.Samples = c.account.AppendTo(r.Samples, familyLogins)
	return r, err
}
