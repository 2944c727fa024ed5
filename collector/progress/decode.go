package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
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

// Decode decodes the body of an answer, which has to be one JSON object. Its *Error
// has the reason Decode if the body is not JSON, Contract if it is but does not have
// the documented types, and TooLarge if decoding it would take too much.
//
// Names have to be written as the vendor does: STATE is not state. Of a name that
// stands twice in an object the last one wins.
func (d Decoder[T]) Decode(resp Response, into *T) error {
	if err := decodeJSON(resp, d.keys, into); err != nil {
		return err.About(resp.Request)
	}
	return nil
}

// DecodeJSON is Decode for an answer that is seldom asked for.
func DecodeJSON[T any](resp Response, into *T) error {
	return NewDecoder[T]().Decode(resp, into)
}

func decodeJSON(resp Response, names *keys, into any) *Error {
	body, _, wrong := admit(resp, names, "a JSON object")
	if wrong != nil {
		return wrong
	}
	if err := json.Unmarshal(body, into); err != nil {
		return undecodable(err, body)
	}
	if body[0] != '{' {
		return Errorf(Contract, "the answer is JSON, but not an object")
	}
	return nil
}

// admit returns the body of an answer that is worth decoding, which has to be what is
// wanted, with the names that look like those of a wire struct but are none made unknown,
// and what is in it.
func admit(resp Response, names *keys, want string) ([]byte, census, *Error) {
	body, has := names.look(bytes.TrimSpace(resp.Body))
	switch {
	case len(body) == 0:
		return nil, has, Errorf(Decode, "HTTP %d with an empty body, want %s", resp.Status, want)
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
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return Errorf(Contract, "%s is a JSON %s, which the product does not document", fieldName(wrong), wrong.Value)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || err.Error() == "unexpected end of JSON input" {
		return Errorf(Decode, "the JSON ends too early, after %d bytes", len(body))
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return Errorf(Decode, "not JSON: %v at byte %d", syntax, syntax.Offset)
	}
	return Errorf(Decode, "not JSON: %w", err)
}

// IsHTML reports whether an answer is an HTML page: by its type, or by its look
// where the type claims something else.
func IsHTML(resp Response) bool {
	t, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if t = strings.ToLower(strings.TrimSpace(t)); t == "text/html" || t == "application/xhtml+xml" {
		return true
	}
	body := bytes.TrimSpace(resp.Body)
	return len(body) > 0 && body[0] == '<'
}

func fieldName(e *json.UnmarshalTypeError) string {
	if e.Field == "" {
		return "the answer"
	}
	return fmt.Sprintf("field %s", e.Field)
}
