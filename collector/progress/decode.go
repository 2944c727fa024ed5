package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strings"
)

// maxDepth bounds the nesting of an answer. The deepest documented one has five
// levels (mongosync verification).
const maxDepth = 64

// maxValues bounds the objects, lists and entries of an answer: decoded, each may take
// a hundred times its bytes. An answer about 500 nodes has some thousand, whatever is
// said of each.
const maxValues = 100_000

// maxContainers bounds the objects and lists among them, which take the most.
const maxContainers = 20_000

// Decoder decodes the answers of one kind, each into a T. It is safe for concurrent
// use.
type Decoder[T any] struct{ keys *keys }

// NewDecoder returns the Decoder of a wire struct. It is made once, because looking at
// the struct takes longer than decoding a short answer.
func NewDecoder[T any]() Decoder[T] {
	return Decoder[T]{keysOf(reflect.TypeFor[T](), map[reflect.Type]*keys{})}
}

// Decode decodes the body of an answer, which has to be one JSON object. Fields that
// are not of the documented type and not essential are left out and returned; see
// tolerant. Its *Error has the reason Decode if the body is not JSON, Contract if it is
// but an essential field does not have the documented type, and TooLarge if decoding it
// would take too much.
//
// Names have to be written as the vendor does: STATE is not state. Of a name that
// stands twice in an object the last one wins.
func (d Decoder[T]) Decode(resp Response, into *T) ([]Unread, error) {
	unread, err := decodeJSON(resp, d.keys, reflect.ValueOf(into))
	if err != nil {
		return nil, err.About(resp.Request)
	}
	return unread, nil
}

// DecodeJSON is Decode for an answer that is seldom asked for, and of which nobody wants
// to know what could not be read.
func DecodeJSON[T any](resp Response, into *T) error {
	_, err := NewDecoder[T]().Decode(resp, into)
	return err
}

func decodeJSON(resp Response, names *keys, into reflect.Value) ([]Unread, *Error) {
	body, _, wrong := admit(resp, names, "a JSON object")
	if wrong != nil {
		return nil, wrong
	}
	if err := json.Unmarshal(body, into.Interface()); err != nil {
		return decodeOdd(err, body, into)
	}
	if body[0] != '{' {
		return nil, Errorf(Contract, "the answer is JSON, but not an object")
	}
	return nil, nil
}

// decodeOdd decodes what encoding/json did not, as far as it is JSON.
func decodeOdd(err error, body []byte, into reflect.Value) ([]Unread, *Error) {
	var odd *json.UnmarshalTypeError
	if !errors.As(err, &odd) {
		return nil, undecodable(err, body)
	}
	var t tolerant
	into.Elem().SetZero() // what was decoded until then
	if _, err := t.read(body, into.Elem(), "", true); err != nil {
		return nil, AsError(err)
	}
	return t.unread, nil
}

// admit returns the body of an answer that is worth decoding, which has to be what is
// wanted, with the names that look like those of a wire struct but are none made unknown,
// and what is in it.
func admit(resp Response, names *keys, want string) ([]byte, census, *Error) {
	body, has := names.look(content(resp.Body))
	switch {
	case len(body) == 0:
		return nil, has, Errorf(Decode, "HTTP %d with an empty body, want %s", resp.Status, want)
	case IsUTF16(resp.Body):
		return nil, has, Errorf(Decode, "HTTP %d with a body in UTF-16, want %s in UTF-8; is there a proxy that changes it?", resp.Status, want)
	case IsHTML(resp):
		return nil, has, Errorf(Decode, "HTTP %d with an HTML page, want %s; is there a proxy or a login page before the product?", resp.Status, want)
	case has.containers > maxContainers:
		return nil, has, Errorf(TooLarge, "more than %d objects and lists in the JSON, which is the limit; is this the right url?", maxContainers)
	case has.values > maxValues:
		return nil, has, Errorf(TooLarge, "more than %d values in the JSON, which is the limit; is this the right url?", maxValues)
	case has.depth > maxDepth:
		return nil, has, Errorf(Decode, "JSON nested deeper than %d levels", maxDepth)
	}
	return body, has, nil
}

// undecodable says why a body could not be decoded.
func undecodable(err error, body []byte) *Error {
	if errors.Is(err, io.ErrUnexpectedEOF) || err.Error() == "unexpected end of JSON input" {
		return Errorf(Decode, "the JSON ends too early, after %d bytes", len(body))
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return Errorf(Decode, "not JSON: %v at byte %d", syntax, syntax.Offset)
	}
	return Errorf(Decode, "not JSON: %w", err)
}

// form is in a page that may hold credentials, whatever stands before it.
var form = regexp.MustCompile(`(?i)<(form|input)\b`)

// HasForm reports whether a body holds a form, as a login page does, whose fields may be
// credentials that nobody knows by name. It must not be shown or kept.
func HasForm(body []byte) bool { return form.Match(body) }

// IsHTML reports whether an answer is an HTML page. A body is what it looks like,
// whatever its type claims: some proxies call JSON a page. The type decides only about
// text with tags in it, such as a warning before a page.
func IsHTML(resp Response) bool {
	body := content(resp.Body)
	if len(body) == 0 {
		return false
	}
	switch body[0] {
	case '<':
		return true
	case '{', '[':
		return false
	}
	t, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	t = strings.ToLower(strings.TrimSpace(t))
	return (t == "text/html" || t == "application/xhtml+xml") && bytes.IndexByte(body, '<') >= 0 && !json.Valid(body)
}
