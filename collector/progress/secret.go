package progress

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Secret is a credential that cannot be printed: every verb of fmt and every
// encoder shows <secret>. It decodes from YAML and JSON text.
type Secret struct{ value string }

const hidden = "<secret>"

// NewSecret returns a Secret that holds value.
func NewSecret(value string) Secret { return Secret{value} }

// UnmarshalText takes the text as the secret.
func (s *Secret) UnmarshalText(text []byte) error { s.value = string(text); return nil }

// Reveal returns the secret itself, for the one place that sends it.
func (s Secret) Reveal() string { return s.value }

// IsZero reports whether no secret was given.
func (s Secret) IsZero() bool { return s.value == "" }

// Format prints <secret> whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns <secret>, or nothing for no secret.
func (s Secret) String() string {
	if s.IsZero() {
		return ""
	}
	return hidden
}

// GoString is String.
func (s Secret) GoString() string { return s.String() }

// MarshalText is String; it serves JSON, XML and log/slog as well.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MarshalYAML is String.
func (s Secret) MarshalYAML() (any, error) { return s.String(), nil }

// Credential returns a secret as it is at this moment: a file is read again at
// every call, so that it can be rotated. What it returns is known to the target's
// Secrets from then on. Its error has the reason Internal: the product was not asked, and
// refuses nothing.
type Credential func() (string, error)

// Credential makes the credential that an option and its _file twin name. Exactly
// one of the two has to be given.
func (t Target) Credential(option string, inline Secret, file string) (Credential, error) {
	switch {
	case !inline.IsZero() && file != "":
		return nil, fmt.Errorf("options.%s and options.%s_file are both set; keep one", option, option)
	case !inline.IsZero() && strings.ContainsAny(inline.Reveal(), "\r\n"):
		return nil, fmt.Errorf("options.%s holds a line break; is it written with | or > ?", option)
	case !inline.IsZero():
		t.Secrets.reveal(option, inline.Reveal())
		return func() (string, error) { return inline.Reveal(), nil }, nil
	case file != "":
		return t.FileCredential(option+"_file", file), nil
	}
	return nil, fmt.Errorf("options.%s or options.%s_file is needed", option, option)
}

// FileCredential makes the credential in a file that option names.
func (t Target) FileCredential(option, file string) Credential {
	return func() (string, error) {
		content, err := t.ReadFile(file)
		if err != nil {
			return "", Errorf(Internal, "options.%s: %w", option, err)
		}
		value, err := FileText(content)
		if err != nil {
			return "", Errorf(Internal, "options.%s: %s %w", option, file, err)
		}
		if value == "" {
			return "", &Error{Reason: Internal, Message: fmt.Sprintf("options.%s: %s is empty", option, file), Err: errEmpty}
		}
		if strings.ContainsAny(value, "\r\n") {
			return "", Errorf(Internal, "options.%s: %s has more than one line; want nothing but the credential", option, file)
		}
		t.Secrets.reveal(option, value)
		return value, nil
	}
}

var errEmpty = errors.New("empty secret file")
