package session

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"progress_exporter/collector/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// clock is one that a test sets.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

// product is one whose sessions are numbers; it tells all logins by their passwords.
type product struct {
	password string          // the right one
	outcome  error           // of a login that does not come to its end; nil: it does
	good     map[string]bool // sessions
	logins   []string
}

// read is one read of a target with this password: "ok" or the error.
func (p *product) read(ctx context.Context, a *Account, password string) string {
	resp, err := a.Ask(ctx, nil, Login{
		User: "ops", Address: "https://product.example", Password: func() (string, error) { return password, nil },
		Open: func(ctx context.Context, _ progress.Fetch, t *Trial) (http.Header, error) {
			t.Watch(ctx)
			p.logins = append(p.logins, t.Password)
			switch {
			case p.outcome != nil:
				return nil, p.outcome
			case t.Password != p.password:
				return nil, Refusal{"it is wrong", "E7", "no, no"}
			}
			s := fmt.Sprint(len(p.logins))
			p.good[s] = true
			return http.Header{"S": {s}}, nil
		},
	}, Question{
		Ask: func(session http.Header) (progress.Response, error) {
			if p.good[session.Get("S")] {
				return progress.Response{Status: 200}, nil
			}
			return progress.Response{Status: 401}, nil
		},
		WantsLogin: func(r progress.Response) string {
			if r.Status == 401 {
				return "HTTP 401"
			}
			return ""
		},
	})
	switch {
	case err != nil:
		e := progress.AsError(err)
		return fmt.Sprint(e.Reason, " ", e.Code, " ", e.Said)
	case resp.Status != 200:
		return "still 401"
	}
	return "ok"
}

func TestLife(t *testing.T) {
	clock := newClock()
	accounts := New(clock.Now)
	ops := accounts.Of("product", "ops")
	p := &product{password: "right", good: map[string]bool{}}
	if accounts.Of("product", "ops") != ops || accounts.Of("product ops") == ops || accounts.Of("product", "ana") == ops {
		t.Error("the accounts are not told apart by their identities")
	}
	var got []string
	read := func(password string, later time.Duration) {
		clock.now = clock.now.Add(later)
		what := p.read(t.Context(), ops, password)
		for _, s := range ops.AppendTo(nil, 3) {
			what += fmt.Sprint(" ", s.Family, "=", s.Value-map[bool]float64{true: float64(clock.now.Unix())}[s.Family == 4])
		}
		got = append(got, fmt.Sprint(what, " logins ", len(p.logins)))
	}
	read("right", 0)
	read("right", 0)
	clear(p.good) // all sessions have expired
	read("right", 0)
	clear(p.good)
	read("wrong", 0)
	read("wrong", time.Minute-time.Second)
	read("wrong", time.Second)
	p.outcome = &progress.Error{Reason: progress.Timeout, RetryAfter: 10 * time.Minute}
	read("right", 0)
	read("right", 9*time.Minute)
	p.outcome = nil
	read("right", time.Minute)
	want := []string{
		"ok 3=0 logins 1",
		"ok 3=0 logins 1",
		"ok 3=0 logins 2",
		"auth E7 no, no 3=1 4=60 logins 3",
		"auth E7 no, no 3=1 4=1 logins 3",
		"auth E7 no, no 3=2 4=120 logins 4",
		"timeout   3=3 4=600 logins 5",
		"timeout   3=3 4=60 logins 5",
		"ok 3=0 logins 6",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// A password that cannot be read is no login.
func TestNoPassword(t *testing.T) {
	wrong := errors.New("the file is gone")
	a := New(time.Now).Of("x")
	_, err := a.Ask(t.Context(), nil, Login{Password: func() (string, error) { return "", wrong }}, Question{})
	if err != wrong || a.refusals != 0 {
		t.Errorf("%v after %d refusals, want the error of the file and none", err, a.refusals)
	}
}

// A ticket is used again for the password that brought it and for no other.
func TestTicketBelongsToItsPassword(t *testing.T) {
	a := New(newClock().Now).Of("x")
	try := func(password string) (had *http.Cookie) {
		_, _ = a.logIn(t.Context(), nil, Login{Open: func(_ context.Context, _ progress.Fetch, t *Trial) (http.Header, error) {
			had, t.Ticket = t.Ticket, &http.Cookie{Name: password}
			return nil, progress.Errorf(progress.Timeout, "no answer")
		}}, &Trial{Password: password, fingerprint: fingerprintOf(password)})
		return had
	}
	if had := try("first"); had != nil {
		t.Errorf("the first try has %v", had)
	}
	if had := try("first"); had == nil || had.Name != "first" {
		t.Errorf("the second try has %v", had)
	}
	if had := try("second"); had != nil {
		t.Errorf("another password has the ticket %v", had)
	}
	if a.refusals != 0 {
		t.Errorf("%d refusals with a ticket, want none", a.refusals)
	}
}

// What an old session still brings says nothing about the logins since then.
func TestLateAnswerOfAnOldSession(t *testing.T) {
	a := New(newClock().Now).Of("x")
	old, next, first, second := &session{}, &session{}, fingerprint{1}, fingerprint{2}
	_ = a.refuse(first, Refused("wrong"), Login{})
	a.accepted(old)
	if a.refusals != 1 || a.pausing(first, Login{}) == nil {
		t.Errorf("%d refusals after the answer of an old session, want 1 and a pause", a.refusals)
	}
	a.current = next
	a.accepted(next)
	_ = a.refuse(second, Refused("wrong"), Login{})
	if a.refusals != 1 || a.pausing(first, Login{}) != nil || a.pausing(second, Login{}) == nil {
		t.Errorf("%d refusals since a good session, want 1 and a pause for the password refused since then alone", a.refusals)
	}
}
