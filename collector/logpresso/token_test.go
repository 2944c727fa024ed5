package logpresso_test

import (
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/logpresso"
)

func TestParseToken(t *testing.T) {
	const wrong = "does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"
	for _, tc := range []struct{ name, text, want, err string }{
		{"plain", token, token, ""},
		{"line", " " + token + "\r\n", token, ""},
		{"upper case", strings.ToUpper(token), strings.ToUpper(token), ""},
		{"empty", "\n", "", wrong},
		{"two", token + "\n" + other, "", wrong},
		{"no guid", "hunter2", "", wrong},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := logpresso.ParseToken(tc.text)
			if got.Reveal() != tc.want || message(err) != tc.err {
				t.Errorf("%q and %q, want %q and %q", got.Reveal(), message(err), tc.want, tc.err)
			}
		})
	}
}

func TestToken(t *testing.T) {
	for _, tc := range []struct{ name, options, want, err string }{
		{"inline", "token: " + other, other, ""},
		{"file", "token_file: install.token", token, ""},
		{"unknown option", "tokn: x", "", "yaml: unmarshal errors:\n  line 1: field tokn not found in type logpresso.options"},
		{"none", "token_dir: tokens", "", "options.token or options.token_file is needed"},
		{"not a guid", "token: hunter2", "", "options.token is not a GUID of 36 characters"},
		{"no file", "token_file: gone.token", "", "internal: options.token_file: open " + filepath.FromSlash("gone.token") + ": file does not exist"},
		{"bad file", "token_file: not-a-guid.token", "", "internal: the file of the install token does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := logpresso.Token(target(t, tc.options))
			if got.Reveal() != tc.want || message(err) != tc.err {
				t.Errorf("%q and %q, want %q and %q", got.Reveal(), message(err), tc.want, tc.err)
			}
		})
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
