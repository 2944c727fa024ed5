package ses_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
)

func TestOpenRefuses(t *testing.T) {
	const (
		badNumber = "options.service_group_instance_no has to be the number of a cluster, 1 to 32 digits, or '*' for all clusters"
		badJob    = "the job has to be the number of a cluster: 1 to 32 digits"
		badRegion = "options.region_no has to be a number of a region: 1 to 32 letters and digits"
		badPath   = "options.path has to be a path such as /api/v2, without query and dots between slashes"
		needKey   = "options.access_key or options.access_key_file is needed"
		needKey2  = "options.secret_key or options.secret_key_file is needed"
		noHeader  = "options.access_key has characters that a header cannot carry"
		noState   = "is no state of a node, want one of pending, running, succeeded, failed, unknown"
	)
	for _, tc := range []struct{ name, options, job, want string }{
		{"nothing", "", "", needKey + "\n" + needKey2},
		{"no cluster and no keys", "region: KR", "", needKey + "\n" + needKey2},
		{"both access keys", options + "access_key_file: access.key", "", "options.access_key and options.access_key_file are both set; keep one"},
		{"both secret keys", options + "secret_key_file: secret.key", "", "options.secret_key and options.secret_key_file are both set; keep one"},
		{"access key of two lines", "secret_key: s\naccess_key: \"a\\nb\"", "", "options.access_key holds a line break; is it written with | or > ?"},
		{"access key with a blank", "secret_key: s\naccess_key: a b", "", noHeader},
		{"access key not ASCII", "secret_key: s\naccess_key: 열쇠", "", noHeader},
		{"unknown option", options + "regionno: 1", "", "yaml: unmarshal errors:\n  line 4: field regionno not found in type ses.options"},
		{"number is a word", inline + "service_group_instance_no: logs", "", badNumber},
		{"number is negative", inline + "service_group_instance_no: -1", "", badNumber},
		{"number is long", inline + "service_group_instance_no: " + strings.Repeat("1", 33), "", badNumber},
		{"number in a list", inline + "service_group_instance_no: [1]", "", "yaml: unmarshal errors:\n  line 3: cannot unmarshal !!seq into string"},
		{"bad number beside a job", inline + "service_group_instance_no: x", "1", badNumber},
		{"some clusters", inline + "service_group_instance_no: '342*'", "", badNumber},
		{"two stars", inline + "service_group_instance_no: '**'", "", badNumber},
		{"a star and a blank", inline + "service_group_instance_no: '* '", "", badNumber},
		{"a star in a list", inline + "service_group_instance_no: ['*']", "", "yaml: unmarshal errors:\n  line 3: cannot unmarshal !!seq into string"},
		{"every cluster and no keys", "service_group_instance_no: '*'", "", needKey + "\n" + needKey2},
		{"every cluster and a bad path", every + "path: api", "", badPath},
		{"every cluster as a job", options, "*", badJob},
		{"job is a word", options, "logs", badJob},
		{"job climbs", options, "../1", badJob},
		{"job with newline", options, "1\n", badJob},
		{"job is long", options, strings.Repeat("1", 33), badJob},
		{"job in other digits", options, "１２", badJob},
		{"region number", options + "region_no: 1 2", "", badRegion},
		{"unknown region", options + "region: kr", "", `options.region: unknown region "kr", want one of JPN, KR, KRS, SGN, or options.path for another`},
		{"region and path", options + "region: KR\npath: /api/v2", "", "options.region and options.path are both set; keep one"},
		{"path without slash", options + "path: api/v2", "", badPath},
		{"path climbs", options + "path: /api/../v2", "", badPath},
		{"path with query", options + "path: /api/v2?x=1", "", badPath},
		{"path with fragment", options + "path: /api/v2#x", "", badPath},
		{"path is empty inside", options + "path: /api//v2", "", badPath},
		{"path with escape", options + "path: /api%2Fv2", "", badPath},
		{"path is the root", options + "path: /", "", badPath},
		{"unknown zone", options + "time_zone: Asia/Busan", "", "options.time_zone: unknown time zone Asia/Busan; want a name such as Asia/Seoul"},
		{"zone is a path", options + "time_zone: ../etc/passwd", "", "options.time_zone: time: invalid location name; want a name such as Asia/Seoul"},
		{"states", options + "states: {A: none, B: cancelled, C: nonsense, D: failed, '': failed}", "",
			`options.states: "": "failed" ` + noState + "\n" + `options.states: "A": "none" ` + noState + "\n" +
				`options.states: "B": "cancelled" ` + noState + "\n" + `options.states: "C": "nonsense" ` + noState},
		{"everything at once", "region: XX\nservice_group_instance_no: x\nregion_no: '!'\naccess_key: a b\ntime_zone: Mars\nstates: {A: b}", "y",
			`options.region: unknown region "XX", want one of JPN, KR, KRS, SGN, or options.path for another` + "\n" +
				badNumber + "\n" + badJob + "\n" + badRegion + "\n" + noHeader + "\n" + needKey2 + "\n" +
				"options.time_zone: unknown time zone Mars; want a name such as Asia/Seoul\n" + `options.states: "A": "b" ` + noState},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			s, err := ses.OpenAt(tg, clock)
			if err == nil {
				t.Fatalf("got a source %T, want an error", s)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A target that is only there to be probed with a job must not fail by itself.
func TestOnlyProbed(t *testing.T) {
	got, err := open(t, target(t, inline)).Progress(t.Context(), collectortest.Unreachable(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(progress.Report{State: progress.None}, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestBadKeyFiles(t *testing.T) {
	for _, tc := range []struct{ name, access, secret, want string }{
		{"no access key", "gone.key", "secret.key", "internal: options.access_key_file: open gone.key: file does not exist"},
		{"empty access key", "empty.key", "secret.key", "internal: options.access_key_file: empty.key is empty"},
		{"two access keys", "two.key", "secret.key", "internal: options.access_key_file: two.key has more than one line; want nothing but the credential"},
		{"access key of two words", "words.key", "secret.key", "internal: the file of options.access_key_file does not hold an access key id and nothing else; put the one there that the portal shows"},
		{"no secret key", "access.key", "gone.key", "internal: options.secret_key_file: open gone.key: file does not exist"},
		{"empty secret key", "access.key", "empty.key", "internal: options.secret_key_file: empty.key is empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := "service_group_instance_no: 1\naccess_key_file: " + tc.access + "\nsecret_key_file: " + tc.secret
			got, err := open(t, target(t, o)).Progress(t.Context(), collectortest.Unreachable(t))
			if diff := cmp.Diff(progress.Report{}, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			wantError(t, err, progress.Internal, "", tc.want)
		})
	}
}

// Rotated files count from the next read on.
func TestKeyFilesAreReadAgain(t *testing.T) {
	tg := target(t, "service_group_instance_no: 1\naccess_key_file: a\nsecret_key_file: s")
	content := map[string]string{}
	tg.ReadFile = func(name string) ([]byte, error) { return []byte(content[name]), nil }
	s := open(t, tg)
	var got []string
	for _, content = range []map[string]string{{"a": accessKey, "s": secretKey}, {"a": "another", "s": secretKey}, {"a": accessKey, "s": "another"}} {
		_, err := s.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
			got = append(got, r.Header.Get("x-ncp-iam-access-key")+" "+r.Header.Get("x-ncp-apigw-signature-v2"))
			return progress.Response{Status: 200, Body: []byte(`{"code":0}`)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		accessKey + " zJmigLtkUGW/V3QRXzUzRkzOssP7DBOBl+L+oHPEw5w=",
		"another M3FwFSnHf0N7NjcXeEWpVhqrXAcqg0sIUzK2loIqxrQ=",
		accessKey + " AxsSPJYzVbaaBkSm1bbv/0wtpKvcx+tpxMh0w54D7KI=",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("access keys and signatures (-want +got):\n%s", diff)
	}
}

// Whatever a request asks for, only a number goes into the body.
func FuzzJob(f *testing.F) {
	for _, job := range []string{"1", "0042", "-1", "1\n", "１", `1","regionNo":"2`, strings.Repeat("9", 33)} {
		f.Add(job)
	}
	f.Fuzz(func(t *testing.T, job string) {
		if job == "" {
			return // asks for the target's own cluster
		}
		tg := target(t, options)
		tg.Job = job
		if _, err := ses.OpenAt(tg, clock); err == nil && (len(job) > 32 || strings.Trim(job, "0123456789") != "") {
			t.Fatalf("the job %q is taken", job)
		}
	})
}

// Options are refused or work; they never panic.
func FuzzOptions(f *testing.F) {
	f.Add(options + "region: SGN\nregion_no: 7\ntime_zone: UTC\nstates: {X: failed}")
	f.Add(options + "path: /api/v2/")
	f.Add(inline)
	f.Fuzz(func(t *testing.T, options string) {
		s, err := ses.OpenAt(target(t, options), clock)
		if err != nil {
			return
		}
		_, err = s.Progress(t.Context(), collectortest.Answering(200, `{"code":0}`))
		if err != nil && progress.AsError(err).Reason != progress.Internal {
			t.Fatal(err)
		}
	})
}
