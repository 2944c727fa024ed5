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
)

// The product's own families, as indexes into API().Families.
const (
	familySteps = iota
	familyTotalStepSize
	familyTotalProgress
	familyFailedEntities
	familyFailedEntity
	familyLoginRefusals
	familyLoginRetry
)

// API returns the product, with the clock for the pauses between logins. The sessions
// with the managers live in the value. The product documents no error codes.
func API(now func() time.Time) progress.API {
	shared := &accounts{now: now, known: map[identity]*account{}}
	return progress.API{
		Name: "mrs",
		Families: []progress.Family{
			familySteps: {Name: "steps",
				Help: "Entries of the command's step list. The product says neither which of them is at work nor how far it is."},
			familyTotalStepSize: {Name: "total_step_size",
				Help: "The field total_step_size as it stands: the number of steps by its name, the overall progress from 0 to 100 by its description."},
			familyTotalProgress: {Name: "total_progress",
				Help: "The field total_progress as it stands; the product does not document its range. progress_total_ratio is made of it, by the option total_progress_scale."},
			familyFailedEntities: {Name: "failed_entities", Labels: []string{"operation_type"},
				Help: "Instances on which the command failed, by what was to be done: START, STOP, or other for what the product does not document. Only starts, stops and restarts of services report them."},
			familyFailedEntity: {Name: "failed_entity", Labels: []string{"fail_entity", "operation_type"},
				Help: "1 for each instance on which the command failed; at most 500."},
			familyLoginRefusals: {Name: "login_refusals",
				Help: "Logins of the target's user at its manager that were refused, or in which the password was sent and no answer told whether it was right, since the last good one; 0 when all is well. Only with the login types session and cas."},
			familyLoginRetry: {Name: "login_retry_timestamp_seconds",
				Help: "When the next login may be tried: the pause doubles from 1 minute to 1 hour with each one in vain, so that the account does not get locked. Absent when there was none since the last good one."},
		},
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
	account *account
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
	resp, err := c.askInSession(ctx, fetch)
	var r progress.Report
	if err == nil {
		r, err = c.read(resp)
	}
	r.Samples = c.account.appendTo(r.Samples)
	return r, err
}

// askInSession asks in the account's session. One that has expired is renewed once.
func (c command) askInSession(ctx context.Context, fetch progress.Fetch) (resp progress.Response, err error) {
	_, _ = c.login.password() // so that the target's Secrets know it, whichever target logs in
	for range 2 {
		s, err := c.account.session(ctx, fetch, c.login)
		if err != nil {
			return resp, err
		}
		if resp, err = (browser{fetch: fetch, cookies: s.cookies}).get(ctx, c.address); err != nil {
			return resp, err
		}
		how := wantsLogin(resp)
		if how == "" {
			if resp.Status < http.StatusInternalServerError { // else a proxy may have answered
				c.account.accepted(s)
			}
			return resp, nil
		}
		if err := c.account.rejected(s, c.login, how); err != nil {
			return resp, err
		}
	}
	return resp, nil // read says that the manager still wants a login
}
