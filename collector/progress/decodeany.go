package progress

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// DecodeAny decodes the body of an answer whose shape is not known to this program: into
// map[string]any, []any, string, bool, nil, and json.Number, which keeps all digits of an
// identifier. The errors are those of Decoder.Decode, but that any JSON will do.
//
// All texts share the memory of one, which is as long as the body: whoever keeps a text
// of an answer has to clone it.
func DecodeAny(resp Response) (any, error) {
	v, err := decodeAny(resp)
	if err != nil {
		return nil, err.About(resp.Request)
	}
	return v, nil
}

func decodeAny(resp Response) (any, *Error) {
	body, has, wrong := admit(resp, nil, "JSON")
	if wrong != nil {
		return nil, wrong
	}
	if !json.Valid(body) {
		var into any
		return nil, undecodable(json.Unmarshal(body, &into), body)
	}
	p := parser{text: string(body), open: make([]any, 0, has.values)}
	return p.value(), nil
}

// parser turns a text that is valid JSON into values. A json.Decoder would do, but it
// copies the body twice and has no other way to keep numbers.
type parser struct {
	text string
	at   int
	open []any // elements of lists that have not ended
}

// next skips blanks, commas and colons, and returns what follows.
func (p *parser) next() byte {
	for {
		switch c := p.text[p.at]; c {
		case ' ', '\t', '\r', '\n', ',', ':':
			p.at++
		default:
			return c
		}
	}
}

func (p *parser) value() any {
	switch p.next() {
	case '{':
		p.at++
		object := map[string]any{}
		for p.next() != '}' {
			key := p.quoted()
			object[key] = p.value()
		}
		p.at++
		return object
	case '[':
		p.at++
		first := len(p.open)
		for p.next() != ']' {
			v := p.value()
			p.open = append(p.open, v)
		}
		p.at++
		list := append(make([]any, 0, len(p.open)-first), p.open[first:]...)
		p.open = p.open[:first]
		return list
	case '"':
		return p.quoted()
	case 't':
		p.at += len("true")
		return true
	case 'f':
		p.at += len("false")
		return false
	case 'n':
		p.at += len("null")
		return nil
	}
	from := p.at
	for p.at < len(p.text) && strings.IndexByte("+-.0123456789eE", p.text[p.at]) >= 0 {
		p.at++
	}
	return json.Number(p.text[from:p.at])
}

// quoted returns a text, and goes behind it.
func (p *parser) quoted() string {
	from := p.at + 1
	for p.at = from; p.text[p.at] != '"'; p.at++ {
		if p.text[p.at] == '\\' {
			p.at++
		}
	}
	p.at++
	raw := p.text[from : p.at-1]
	if strings.IndexByte(raw, '\\') < 0 && utf8.ValidString(raw) {
		return raw
	}
	var s string
	_ = json.Unmarshal([]byte(p.text[from-1:p.at]), &s) // of valid JSON
	return s
}
