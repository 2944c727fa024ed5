package logpresso

import (
	"errors"
	"strings"

	"progress_exporter/collector/progress"
)

// errNotToken never quotes: what was given in place of a token may be a secret too.
var errNotToken = errors.New("does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave")

// ParseToken makes text, with or without white space around it, into an install
// token. The error continues a sentence about where the text is from.
func ParseToken(text string) (progress.Secret, error) {
	if text = strings.TrimSpace(text); !guidForm.MatchString(text) {
		return progress.Secret{}, errNotToken
	}
	return progress.NewSecret(text), nil
}

// Token returns the install token that the options of a target name: token or
// token_file, which is read now.
func Token(t progress.Target) (progress.Secret, error) {
	var o options
	if err := t.Options(&o); err != nil {
		return progress.Secret{}, err
	}
	read, err := o.credential(t)
	if err != nil {
		return progress.Secret{}, err
	}
	text, err := read()
	if err != nil {
		return progress.Secret{}, err
	}
	if err := checkStored(text); err != nil {
		return progress.Secret{}, err
	}
	return progress.NewSecret(text), nil
}

// checkStored is nil for a token in the right form. The options' own token was
// checked when they were read, so another form came from a file.
func checkStored(token string) error {
	if !guidForm.MatchString(token) {
		return progress.Errorf(progress.Internal, "the file of the install token %w", errNotToken)
	}
	return nil
}
