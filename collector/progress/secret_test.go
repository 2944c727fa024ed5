package progress

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"testing"
)

func TestSecretCannotBePrinted(t *testing.T) {
	const value = "hunter2"
	s := NewSecret(value)
	type holder struct {
		S Secret
		P *Secret
	}
	h := holder{s, &s}
	var shown bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		for _, v := range []any{s, &s, h, &h, []Secret{s}, map[string]Secret{"k": s}} {
			fmt.Fprintf(&shown, verb+"\n", v)
		}
	}
	j, err := json.Marshal(h)
	x, errX := xml.Marshal(h)
	if err := errors.Join(err, errX); err != nil {
		t.Fatal(err)
	}
	shown.Write(j)
	shown.Write(x)
	slog.New(slog.NewTextHandler(&shown, nil)).Info("text", "s", s, "h", h)
	slog.New(slog.NewJSONHandler(&shown, nil)).Info("json", "s", s, "h", h)
	y, _ := s.MarshalYAML()
	fmt.Fprint(&shown, y, s.GoString())
	if strings.Contains(shown.String(), value) || strings.Contains(shown.String(), fmt.Sprintf("%x", value)) {
		t.Errorf("the secret is shown:\n%s", &shown)
	}
	if !strings.Contains(string(j), hidden) && !strings.Contains(string(j), `\u003csecret\u003e`) {
		t.Errorf("JSON does not say that there is a secret: %s", j)
	}
	if s.Reveal() != value || NewSecret("").String() != "" {
		t.Error("Reveal or String is wrong")
	}
}

func TestCredential(t *testing.T) {
	content := map[string]string{"good": "one\n", "empty": " \n", "lines": "one\r\ntwo\n"}
	target := Target{ReadFile: func(name string) ([]byte, error) {
		c, ok := content[name]
		if !ok {
			return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
		}
		return []byte(c), nil
	}}
	for _, tc := range []struct{ name, inline, file, want, openErr, readErr string }{
		{name: "inline", inline: "x", want: "x"},
		{name: "file", file: "good", want: "one"},
		{name: "both", inline: "x", file: "good", openErr: "options.key and options.key_file are both set; keep one"},
		{name: "neither", openErr: "options.key or options.key_file is needed"},
		{name: "missing file", file: "none", readErr: "internal: options.key_file: none: file does not exist"},
		{name: "inline of two lines", inline: "x\n", openErr: "options.key holds a line break; is it written with | or > ?"},
		{name: "file of two lines", file: "lines", readErr: "internal: options.key_file: lines has more than one line; want nothing but the credential"},
		{name: "empty file", file: "empty", readErr: "internal: options.key_file: empty is empty"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := target.Credential("key", NewSecret(tc.inline), tc.file)
			if msg(err) != tc.openErr {
				t.Fatalf("open: %q, want %q", msg(err), tc.openErr)
			}
			if err != nil {
				return
			}
			got, err := c()
			if got != tc.want || msg(err) != tc.readErr {
				t.Errorf("%q, %q; want %q, %q", got, msg(err), tc.want, tc.readErr)
			}
		})
	}
	c, _ := target.Credential("key", Secret{}, "good")
	content["good"] = "two"
	if got, _ := c(); got != "two" {
		t.Errorf("after the file changed: %q, want two", got)
	}
}

func msg(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
