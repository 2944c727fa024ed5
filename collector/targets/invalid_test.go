package targets

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	wantDuration = "is not a duration; want a number with a unit, such as 10s, 5m, 1h30m or 1d"
	wantURL      = "is not an absolute URL; want http://host[:port][/path] or https://…"
	wantRedirect = "true is refused, because a redirect would hand signature headers and credentials to another host; put the final address into url"
	wantDate     = "is not a date with time and zone; want RFC 3339, such as 2026-12-01T06:00:00+09:00"
	wantStar     = "has **, which does not search directories below; want one * for each directory, such as jobs.d/*/*.yml"
	wantOneLine  = "holds a line break or another control character; is it written with | or > ?"
	wantProxy    = "has a scheme that is not possible here; want http://, https://, socks5://, socks5h://"
	wantProxyURL = "is not an absolute URL; want one that begins with http://, https://, socks5://, socks5h:// and has a host"
	wantScheme   = "has a scheme that is not known; want http:// or https://"
	wantHeader   = "has a name that HTTP does not allow for a header; want letters, digits and dashes"
	noTargets    = "write `targets: []` if there is nothing to read yet"
)

// invalid maps testdata/invalid-<key>.yml to its whole error, line by line, after
// the name of the file.
func invalid() map[string][]string {
	return map[string][]string{
		"empty":              {": the file is empty; " + noTargets},
		"only-comments":      {": the file is empty; " + noTargets},
		"no-targets":         {":1: neither targets nor target_files is given; " + noTargets},
		"root-list":          {":1: want a mapping (key: value), found a list"},
		"second-document":    {":2: a second document begins here; keep one and remove the line ---"},
		"syntax":             {":1: is not valid YAML, here or below: did not find expected ',' or '}'"},
		"syntax-second":      {":3: is not valid YAML, here or below: did not find expected node content"},
		"syntax-tab":         {":2: is not valid YAML, here or below: found character that cannot start any token"},
		"not-utf8":           {":2: is not valid UTF-8; save the file as UTF-8"},
		"unknown-anchor":     {": is not valid YAML: an alias (*name) has no anchor (&name) before it; put a value that begins with * into quotes"},
		"alias-in-itself":    {":1: defaults: an alias (*name) stands inside of its own anchor (&name)"},
		"merge-of-text":      {":2: defaults: a merge key (<<) needs a mapping or a list of mappings"},
		"unknown-key":        {`:1: unknown key "target"`},
		"unknown-target-key": {`:5: targets[0]: unknown key "http_client_confg"`},
		"unknown-default":    {`:2: defaults: unknown key "name"`},
		"key-without-space":  {`:1: defaults: unknown key (not shown, it does not look like one; is the space after a colon missing?)`},
		"keys": {
			":3: a key is a list; want text",
			":4: a key is nothing; want text",
			":5: a key is a mapping; want text",
			":6: a key is a list; want text",
		},
		"repeated-key": {`:2: the key "targets" is already given at line 1`},
		"repeated-target-key": {
			`:5: targets[0]: the key "api" is already given at line 3`,
		},
		"targets-not-a-list": {":1: targets: want a list, found a mapping"},
		"target-not-a-mapping": {
			":2: targets[0]: want a mapping (key: value), found text",
			":3: targets[1]: want a mapping (key: value), found nothing",
		},
		"missing": {
			":2: targets[0]: name is missing",
			":2: targets[0]: api is missing",
			":2: targets[0]: url is missing",
			":3: targets[1]: api is missing",
			":3: targets[1]: url is missing",
		},
		"name": {
			":2: targets[0].name: is empty",
			":5: targets[1].name: contains a control character",
			":8: targets[2].name: has 129 bytes, at most 128 are allowed",
			":11: targets[3].name: want a single value, found a list",
			":14: targets[4].name: consists of blanks",
			":17: targets[5].name: consists of blanks",
			":20: targets[6].name: begins or ends with a blank, which nobody would see",
		},
		"name-taken": {`:4: targets[2]: the name "a" is already taken at testdata/invalid-name-taken.yml:2: targets[0]`},
		"api":        {":3: targets[0].api: is empty"},
		"url": {
			":3: targets[0].url: " + wantURL,
			":4: targets[1].url: " + wantURL,
			":5: targets[2].url: " + wantScheme,
			":6: targets[3].url: " + wantURL,
			":7: targets[4].url: contains a user name or password; use http_client_config.basic_auth",
			":8: targets[5].url: contains a query (?…); the product's own parameters belong into options",
			":9: targets[6].url: contains a query (?…); the product's own parameters belong into options",
			":10: targets[7].url: contains a fragment (#…), which is never sent; remove it",
			":11: targets[8].url: is not a valid URL",
			":12: targets[9].url: has a port outside 1–65535",
			":13: targets[10].url: " + wantURL,
		},
		"timeout": {
			":5: targets[0].timeout: " + wantDuration,
			":6: targets[1].timeout: is 0, so that no read could succeed; want a positive duration such as 10s",
			":7: targets[2].timeout: is negative",
			":8: targets[3].timeout: want a single value, found a list",
		},
		"durations": {
			":5: targets[0].stall_after: is negative",
			":6: targets[0].min_interval: " + wantDuration,
		},
		"deadline": {
			":5: targets[0].deadline: " + wantDate,
			":9: targets[1].deadline: is not between the years 1970 and 9999 in UTC",
			":13: targets[2].deadline: is not between the years 1970 and 9999 in UTC",
		},
		"label-names": {
			`:6: targets[0].labels: "a-b" is not a label name; want letters, digits and underscores, not beginning with a digit`,
			`:7: targets[0].labels: "__meta" begins with __, which Prometheus keeps for itself; choose another name`,
			`:8: targets[0].labels: "job" is set by the exporter or by Prometheus; choose another name`,
			`:9: targets[0].labels: "node_guid" is set by the exporter or by Prometheus; choose another name`,
			`:10: targets[0].labels: "1" is not a label name; want letters, digits and underscores, not beginning with a digit`,
			`:11: targets[0].labels: "le" is set by the exporter or by Prometheus; choose another name`,
		},
		"label-values": {
			":6: targets[0].labels.long: has 129 bytes, at most 128 are allowed",
			":7: targets[0].labels.list: want a single value, found a list",
		},
		"labels-not-a-mapping":  {":5: targets[0].labels: want a mapping (key: value), found text"},
		"labels-repeated":       {`:7: targets[0].labels: the key "team" is already given at line 6`},
		"options-not-a-mapping": {":5: targets[0].options: want a mapping (key: value), found text"},
		"http-unknown-key": {
			`:7: targets[0].http_client_config: unknown key "insecure"`,
			`:9: targets[0].http_client_config: unknown key "user"`,
		},
		"http-wrong-type": {
			":6: targets[0].http_client_config: a list does not fit here",
			":7: targets[0].http_client_config: want true or false, found text",
		},
		"http-validation": {":6: targets[0].http_client_config: at most one of basic_auth, oauth2 & authorization must be configured"},
		"http-tls":        {":6: targets[0].http_client_config: exactly one of key or key_file must be configured when a client certificate is configured"},
		"http-proxy-url":  {":6: targets[0].http_client_config: contains a URL that is not valid"},
		"http-values": {
			":5: targets[0].http_client_config: proxy_url " + wantProxy,
			":5: targets[0].http_client_config: proxy_connect_header " + wantHeader,
			":5: targets[0].http_client_config: a value in proxy_connect_header " + wantOneLine,
			":5: targets[0].http_client_config: authorization.type is not one word, such as Bearer",
			":5: targets[0].http_client_config: authorization.credentials " + wantOneLine,
			":10: targets[1].http_client_config: proxy_url " + wantProxyURL,
			":10: targets[1].http_client_config: basic_auth.username " + wantOneLine,
			":10: targets[1].http_client_config: basic_auth.password " + wantOneLine,
			":10: targets[1].http_client_config: http_headers " + wantHeader,
			":10: targets[1].http_client_config: http_headers " + wantHeader,
			":10: targets[1].http_client_config: a value in http_headers " + wantOneLine,
			":10: targets[1].http_client_config: a secret in http_headers " + wantOneLine,
			":17: targets[2].http_client_config: oauth2.proxy_url " + wantProxyURL,
			":17: targets[2].http_client_config: oauth2.token_url is not a valid URL",
			":17: targets[2].http_client_config: oauth2.client_id " + wantOneLine,
			":17: targets[2].http_client_config: oauth2.client_secret " + wantOneLine,
			":20: targets[3].http_client_config: oauth2.proxy_url has a port outside 1–65535",
			":20: targets[3].http_client_config: oauth2.token_url is not an absolute URL; want one that begins with http://, https:// and has a host",
			":22: targets[4].http_client_config: authorization.credentials " + wantOneLine,
		},
		"follow-redirects": {":6: targets[0].http_client_config.follow_redirects: " + wantRedirect},
		"follow-redirects-merged": {
			":6: targets[0].http_client_config.follow_redirects: " + wantRedirect,
			`:7: targets[0].http_client_config: unknown key "insecure"`,
		},
		"defaults": { // and not that the target lacks api and url
			":2: defaults.timeout: " + wantDuration,
			":3: defaults.api: is empty",
			`:4: defaults.labels: "job" is set by the exporter or by Prometheus; choose another name`,
			":5: defaults.http_client_config.follow_redirects: " + wantRedirect,
		},
		"defaults-not-a-mapping": {":1: defaults: want a mapping (key: value), found a list"},
		"target-files": {
			`:1: target_files[0]: "jobs.d/[a" is not a valid pattern; is there a [ without its ]?`,
			":1: target_files[1]: is empty; want a file name or a pattern such as jobs.d/*.yml",
			":1: target_files[2]: is empty; want a file name or a pattern such as jobs.d/*.yml",
			":1: target_files[3]: want a single value, found a mapping",
			`:1: target_files[4]: "**/*.yml" ` + wantStar,
			`:1: target_files[5]: "jobs.d/**.yml" ` + wantStar,
		},
		"target-files-not-a-list": {":1: target_files: want a list, found text"},
		"everything": {
			":1: defaults.timeout: is 0, so that no read could succeed; want a positive duration such as 10s",
			":5: targets[0].url: " + wantURL,
			":6: targets[0].stall_after: " + wantDuration,
			`:7: targets[0]: unknown key "stal_after"`,
			`:9: targets[1].labels: "job" is set by the exporter or by Prometheus; choose another name`,
			":10: targets[1].deadline: " + wantDate,
		},
	}
}

func TestLoadInvalid(t *testing.T) {
	for name, want := range invalid() {
		t.Run(name, func(t *testing.T) {
			path := "testdata/invalid-" + name + ".yml"
			c, err := Load(path)
			if err == nil {
				t.Fatalf("Load accepts it: %+v", c)
			}
			got := strings.Split(err.Error(), "\n")
			for i := range got {
				got[i] = strings.TrimPrefix(got[i], path)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("messages (-want +got):\n%s", diff)
			}
			if strings.Contains(err.Error(), "hunt") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
}

func TestEveryInvalidFileIsTested(t *testing.T) {
	paths, err := filepath.Glob("testdata/invalid-*.yml")
	if err != nil {
		t.Fatal(err)
	}
	cases := invalid()
	for _, path := range paths {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "invalid-"), ".yml")
		if _, ok := cases[name]; !ok {
			t.Errorf("%s stands in no test", path)
		}
	}
}
