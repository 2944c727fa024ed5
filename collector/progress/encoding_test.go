package progress

import (
	"errors"
	"testing"
)

func TestFileText(t *testing.T) {
	for in, want := range map[string]string{
		"":                            "",
		"secret":                      "secret",
		" secret\r\n":                 "secret",
		"\ufeffsecret\n":              "secret",
		"\n\ufeff secret":             "secret",
		"\ufeff":                      "",
		"se\ufeffcret":                "se\ufeffcret", // not at the beginning: not a mark
		"\xff\xfes\x00e\x00c\x00":     "UTF-16",
		"\xfe\xff\x00s\x00e\x00c":     "UTF-16",
		"s\x00e\x00c\x00":             "UTF-16", // without a mark
		"\x00s\x00e\x00c":             "UTF-16",
		"\x00\x00":                    "\x00\x00",
		"\xff\xfeis not UTF-8 either": "UTF-16",
	} {
		got, err := FileText([]byte(in))
		if errors.Is(err, ErrUTF16) {
			got = "UTF-16"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
