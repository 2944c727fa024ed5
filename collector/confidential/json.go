package confidential

import (
	"bytes"
	"encoding/json"
)

// JSON returns JSON with what is confidential taken out and everything else as it
// was, to the order of fields and the digits of numbers: whoever decodes it later has to
// see what was there. Known is applied to each name and text; to values alone what
// mayBe knows.
func JSON(body []byte, known, mayBe func(string) string) []byte {
	var out bytes.Buffer
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	open := []container{{}}
	copied := int64(0)
	replace := func(from, to int64, with string) {
		out.Write(body[copied:from])
		out.WriteString(with)
		copied = to
	}
	for {
		before := dec.InputOffset()
		token, err := dec.Token()
		if err != nil { // the end, as the JSON is valid
			out.Write(body[copied:])
			return out.Bytes()
		}
		from, to := before+int64(separators(body[before:])), dec.InputOffset()
		in := &open[len(open)-1]
		if d, ok := token.(json.Delim); ok {
			switch d {
			case '{', '[':
				open = append(open, container{object: d == '{', wantsName: d == '{', hidden: in.hides()})
			default:
				open = open[:len(open)-1]
				open[len(open)-1].next()
			}
			continue
		}
		text, isText := token.(string)
		if in.wantsName {
			if shown := known(text); shown != text {
				replace(from, to, quote(shown))
			}
			in.wantsName, in.secretName = false, Name(text)
			continue
		}
		number, isNumber := token.(json.Number)
		switch {
		case isText && in.hides():
			replace(from, to, quote(Hidden))
		case isText:
			if shown := Text(mayBe(known(text))); shown != text {
				replace(from, to, quote(shown))
			}
		case isNumber && (in.hides() || mayBe(known(number.String())) != number.String()):
			replace(from, to, "0")
		}
		in.next()
	}
}

// container is an object or a list that is not at its end.
type container struct {
	object     bool
	wantsName  bool // the next text is a name
	secretName bool // the last name says that its value is secret
	hidden     bool // everything in it is
}

func (c *container) hides() bool { return c.hidden || c.secretName }

// next is called behind a value.
func (c *container) next() { c.wantsName, c.secretName = c.object, false }

// separators returns how many bytes there are before the next token.
func separators(b []byte) int {
	return len(b) - len(bytes.TrimLeft(b, " \t\r\n,:"))
}

func quote(s string) string {
	var line bytes.Buffer
	enc := json.NewEncoder(&line)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a text is always JSON
	return string(bytes.TrimSuffix(line.Bytes(), []byte("\n")))
}
