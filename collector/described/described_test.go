package described_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/described"
)

// Everything that is wrong with a description is said at once, with line, column and key.
func TestProblems(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":        {"", "a.yml: is empty"},
		"a list":         {"- name: a", "a.yml:1:1: want a mapping, found a list"},
		"two documents":  {"name: a\n---\nname: b", "a.yml: holds more than one document; keep one description for each file"},
		"no YAML":        {"name: {", "a.yml: is not valid YAML: yaml: line 1: did not find expected node content; an expression that begins with a quote or stands between { and } may have to be put into quotes"},
		"too large":      {"# " + strings.Repeat("x", 64<<10), "a.yml: has 65538 bytes, at most 65536 are allowed"},
		"what is needed": {"help: x", "a.yml:1:1: name is missing\na.yml:1:1: request is missing\na.yml:1:1: state is missing"},
		"unknown keys": {"name: a\nrequest: {path: /, verb: GET}\nstate: .s\nratios: .r\n\"token:hunter2 x\": 1\nnodes: {each: '.n[]', id: .i, ratios: .r}",
			"a.yml:2:20: request: unknown key verb\na.yml:4:1: unknown key ratios\na.yml:5:1: unknown key (not shown, it does not look like one; is the space after a colon missing?)\na.yml:6:31: nodes: unknown key ratios"},
		"given twice": {"name: a\nname: b\nrequest: {path: /}\nstate: .s", "a.yml:2:1: the key name is given twice"},
		"expressions": {"name: a\nrequest: {path: /}\nstate: '[.[] | now] |'\nratio: .a | now + ..\nquiet: \"range(9)\"\nlag: |\n  .a\n  | env\nwork: [.a, .b = 1, {}]\ninfo: {v: '$nothing'}",
			"a.yml:3:8: state: is not jq: unexpected EOF\na.yml:4:13: ratio: the function now with 0 arguments is not for descriptions\na.yml:4:19: ratio: .. is not for descriptions; name the keys on the way\n" +
				"a.yml:5:9: quiet: the function range with 1 arguments is not for descriptions\na.yml:8:6: lag: the function env with 0 arguments is not for descriptions\n" +
				"a.yml:9:15: work[1]: = changes a value, which is not for descriptions; is == meant?\na.yml:9:20: work[2]: want a single value, found a mapping\na.yml:10:12: info.v: variable not defined: $nothing"},
		"names": {"name: Redfish_Task\nrequest: {path: /}\nstate: .s\ninfo: {target: .a, 1x: .b}\nmetrics:\n- {name: Bad, help: h, value: .v}\n- {name: a_total, help: h, value: .v}\n- {name: b, help: h, value: .v, labels: {job_id: .j}}\n- {name: b, value: .v}\n- {name: c, help: h, value: .v, one_of: {x: [a, other, a]}}\n- {name: d, help: h, value: .v, labels: {l: .l}, one_of: {x: [a]}}",
			"a.yml:1:7: name: want lower case letters and digits, with single dashes between them, 40 at most\n" +
				"a.yml:4:7: info: \"target\" is set by the exporter or by Prometheus; choose another name\na.yml:4:7: info: \"1x\" is not a label name; want letters, digits and underscores, not beginning with a digit or __\n" +
				"a.yml:6:10: metrics[0].name: want lower case letters and digits, with single underscores between them; the exporter puts progress_ and the api's name before it\n" +
				"a.yml:7:10: metrics[1].name: must not end in _total, _count, _sum, _bucket or _info: it is a gauge\n" +
				"a.yml:8:41: metrics[2].labels: \"job_id\" is set by the exporter or by Prometheus; choose another name\n" +
				"a.yml:9:3: metrics[3]: help is missing\na.yml:9:10: metrics[3].name: the metric b is there already\n" +
				"a.yml:10:49: metrics[4].one_of.x[1]: want a value that does not stand there yet; other is added by itself\na.yml:10:56: metrics[4].one_of.x[2]: want a value that does not stand there yet; other is added by itself\n" +
				"a.yml:11:58: metrics[5].one_of: want one label with the list of its values, and no labels beside it"},
		"states": {"name: a\nrequest: {path: /}\nstate: .s\nstates: {A: running, B: done, C: }\nerror_codes: [x, x]",
			"a.yml:4:9: states.C: want one of none, pending, running, ready, paused, succeeded, failed, cancelled, unknown\na.yml:4:25: states.B: want one of none, pending, running, ready, paused, succeeded, failed, cancelled, unknown\na.yml:5:18: error_codes[1]: want an error code that does not stand there yet"},
		"options": {"name: a\nrequest: {path: /}\nstate: .s\noptions:\n  A: {}\n  a_file: {}\n  b: {secret: true, default: x}\n  c: {required: yes, default: 1}\n  d: {job: true}\n  e: {job: true}\n  f: {type: date}\n  g: {type: number, default: x}\n  h: {required: perhaps}",
			"a.yml:5:6: options.A: an option's name has lower case letters, digits and underscores, 40 at most, and begins with a letter\n" +
				"a.yml:6:11: options.a_file: an option's name must not end in _file or _dir; secret: true brings the _file twin\n" +
				"a.yml:7:6: options.b: a secret option can neither be the job nor have a default\n" +
				"a.yml:8:6: options.c: an option that is required needs no default\n" +
				"a.yml:10:6: options.e: d is the job already; a target has one\n" +
				"a.yml:11:13: options.f.type: want text, number or path\na.yml:12:30: options.g.default: has to be a number\na.yml:13:17: options.h.required: want true or false, found text"},
		"placeholders": {"name: a\nstate: .s\noptions: {t: {secret: true}, o: {}}\nrequest:\n  path: /a/{{t}}/{{o}}/{{x}}\n  method: PUT\n  query: {a: '{{ }}', b: [1]}\n  headers: {Host: h, 'a b': c}\n  accept: [200, 404]\n",
			"a.yml:5:9: request.path: the secret option t must not be in the path, which errors show; use headers, query or body\n" +
				"a.yml:5:9: request.path: the option o has to be required or to have a default, as the path is nothing without it\n" +
				"a.yml:5:24: request.path: there is no option x\na.yml:6:11: request.method: want GET or POST\n" +
				"a.yml:7:14: request.query.a: a placeholder is {{ and the name of an option and }}\na.yml:7:26: request.query.b: want a single value, found a list\n" +
				"a.yml:8:12: request.headers.Host: is a header that the exporter sets\na.yml:8:12: request.headers.a b: is not the name of a header\n" +
				"a.yml:9:12: request.accept[0]: want an HTTP status from 400 to 599 whose body is an answer as well"},
		"paths":  {"name: a\nstate: .s\nrequest: {path: 'a/../b?c'}", "a.yml:3:17: request.path: has to begin with /"},
		"a body": {"name: a\nstate: .s\nrequest: {path: '/a b', method: GET, body: {a: .nan}}", "a.yml:3:17: request.path: has characters that a path cannot carry; write them as %20\na.yml:3:33: request.method: GET has no body\na.yml:3:48: request.body.a: is nothing that JSON has"},
		"a form": {"name: a\nstate: .s\nrequest: {path: /, form: {a: b}, body: {c: d}, basic_auth: {username: u}}", "a.yml:3:26: request.form: want a form or a body, not both\na.yml:3:60: request.basic_auth: password is missing"},
		"also":   {"name: a\nstate: .s\nrequest: {path: /}\nalso: {b: {when: now}, c: 1}", "a.yml:4:11: also.b: request is missing\na.yml:4:18: also.b.when: the function now with 0 arguments is not for descriptions\na.yml:4:27: also.c: want a mapping, found a number"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := described.Parse("a.yml", []byte(tc.text), nil)
			if err == nil {
				t.Fatalf("no error, but %+v", d)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A metric of a description has no values below 0 unless it says so, as those of Go have.
func TestSignedMetrics(t *testing.T) {
	families := parse(t, "name: a\nstate: .s\nrequest: {path: /}\nmetrics:\n- {name: b, help: h, value: .b}\n- {name: c, help: h, value: .c, signed: true}\n- {name: d, help: h, value: .d, signed: false}").Families
	for i, want := range []bool{false, true, false} {
		if families[i].Signed != want {
			t.Errorf("%s: signed is %v", families[i].Name, families[i].Signed)
		}
	}
}
