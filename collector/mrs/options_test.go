package mrs

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

func TestOpenRefuses(t *testing.T) {
	const (
		badID  = "options.command_id has to be the id of a command, a positive number of at most 19 digits"
		badJob = "the job has to be the id of a command, a positive number of at most 19 digits"
		states = "none, pending, running, ready, paused, succeeded, failed, cancelled, unknown"
		scale  = `options.total_progress_scale is "auto", want percent or ratio`
	)
	for _, tc := range []struct{ name, options, job, want string }{
		{"zero", "command_id: 0", "", badID},
		{"negative", "command_id: -1", "", badID},
		{"signed", "command_id: '+1'", "", badID},
		{"leading zero", "command_id: 0214", "", badID},
		{"hexadecimal", "command_id: 0x10", "", badID},
		{"fraction", "command_id: 1.5", "", badID},
		{"20 digits", "command_id: 12345678901234567890", "", badID},
		{"beyond a LONG", "command_id: 9223372036854775808", "", badID},
		{"not a number", "command_id: abc", "", badID},
		{"path", "command_id: 1/../2", "", badID},
		{"bad job", "command_id: 214", "1/../2", badJob},
		{"job with a space", "", " 1", badJob},
		{"job in other digits", "", "١", badJob},
		{"job as query", "", "1?x", badJob},
		{"scale", "total_progress_scale: auto", "", scale},
		{"states", "states: {NEW: waiting, '': running, OLD: ''}", "",
			"options.states has an empty word\noptions.states.NEW is \"waiting\", want one of " + states + "\noptions.states.OLD is \"\", want one of " + states},
		{"unknown option", "commandid: 1", "", "yaml: unmarshal errors:\n  line 1: field commandid not found in type mrs.options"},
		{"everything", "command_id: 0\ntotal_progress_scale: auto\nstates: {A: b}\nlogin: {type: kerberos}", "",
			badID + "\n" + scale + "\noptions.states.A is \"b\", want one of " + states + "\n" + `options.login.type is "kerberos", want one of none, session, cas, basic`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			s, err := API(time.Now).Open(tg)
			if err == nil {
				t.Fatalf("got a source %T, want an error", s)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestURLWithoutPath(t *testing.T) {
	for _, path := range []string{"", "/"} {
		tg := target(t, "command_id: 214")
		tg.URL.Path = path
		_, err := API(time.Now).Open(tg)
		want := "url has to end in /web (https://HOST:28443/web), or in the prefix of the gateway before the manager"
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", path, err, want)
		}
	}
}

// Whatever a request asks for, only a number becomes part of an address.
func FuzzJob(f *testing.F) {
	for _, job := range []string{"214", "0", "-1", "1/2", "..", "9223372036854775807", "99999999999999999999", "1e3", "０"} {
		f.Add(job)
	}
	f.Fuzz(func(t *testing.T, job string) {
		if job == "" {
			return // asks for the target's own command
		}
		tg := target(t, "")
		tg.Job = job
		s, err := API(time.Now).Open(tg)
		if err != nil {
			return
		}
		n, err := strconv.ParseUint(job, 10, 63)
		if want := "https://192.0.2.10:28443/web/v1/common/command/" + strconv.FormatUint(n, 10) + "/progress"; err != nil || n == 0 || s.(command).address != want {
			t.Errorf("job %q becomes %s", job, s.(command).address)
		}
	})
}

// Whatever the options say, they are an error or a source, and none is a secret
// shown.
func FuzzOptions(f *testing.F) {
	for _, options := range []string{"", "command_id: 214", "states: {A: running}", "login: {type: cas, username: u, password: p}",
		"login: {type: cas, username: u, password_file: p, cas_url: 'https://gw.example.com/mrscas'}", "command_id: [1]"} {
		f.Add(options)
	}
	f.Fuzz(func(t *testing.T, options string) {
		s, err := API(time.Now).Open(target(t, options))
		if (s == nil) == (err == nil) {
			t.Errorf("source %v, error %v", s, err)
		}
	})
}

var _ progress.Source = onlyProbed{}
