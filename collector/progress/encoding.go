package progress

import (
	"bytes"
	"errors"
	"strings"
)

// bom is the byte order mark of UTF-8, which some editors and servers put before a
// text. It says nothing.
const bom = "\uFEFF"

// content returns a body without what says nothing around it.
func content(body []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte(bom)))
}

// IsUTF16 reports whether a text is in UTF-16, as some editors and shells write it: it
// begins with that encoding's byte order mark, or with a character of ASCII in it.
func IsUTF16(text []byte) bool {
	return bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) ||
		len(text) > 1 && (text[0] == 0) != (text[1] == 0)
}

// ErrUTF16 says that a text has an encoding that is not read.
var ErrUTF16 = errors.New("is in UTF-16; save it as UTF-8")

// FileText returns what a text file holds: without a byte order mark and without white
// space around it. Its error is ErrUTF16.
func FileText(file []byte) (string, error) {
	if IsUTF16(file) {
		return "", ErrUTF16
	}
	return strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(string(file)), bom)), nil
}
