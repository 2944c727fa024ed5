package progress

import (
	"bytes"
	"encoding/json"
)

// DecodeAny decodes the body of an answer whose shape is not known to this program: into
// map[string]any, []any, string, bool, nil, and json.Number, which keeps all digits of an
// identifier. The errors are those of Decoder.Decode, but that any JSON will do.
func DecodeAny(resp Response) (any, error) {
	v, err := decodeAny(resp)
	if err != nil {
		return nil, err.About(resp.Request)
	}
	return v, nil
}

func decodeAny(resp Response) (any, *Error) {
	body, wrong := admit(resp, nil, "JSON")
	if wrong != nil {
		return nil, wrong
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, undecodable(err, body)
	}
	if at := dec.InputOffset(); at < int64(len(body)) {
		return nil, Errorf(Decode, "not JSON: more text after it at byte %d", at+1)
	}
	return v, nil
}
