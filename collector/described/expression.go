package described

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
)

// expression is a checked jq filter. It is safe for concurrent use.
type expression struct {
	key    string // of the description, such as nodes.ratio
	text   string
	native native // what does it; nil: code does
	code   *gojq.Code
}

// scope is what the expressions of one read know beside their input.
type scope struct {
	root    any
	status  int
	options map[string]any
	also    map[string]any // further answers, by name
	meter   *meter
}

// newExpression checks and compiles an expression, or returns what is wrong with it.
func newExpression(key, text string, rules map[string]rule) (*expression, []finding) {
	if len(text) > maxExpression {
		return nil, []finding{{"", fmt.Sprintf("has %d bytes, at most %d are allowed", len(text), maxExpression)}}
	}
	q, err := gojq.Parse(text)
	if err != nil {
		return nil, []finding{syntaxError(err)}
	}
	e := &expression{key: key, text: text}
	if n, ok := nativeOf(q); ok {
		e.native = n
		return e, nil
	}
	c := checker{rules: rules}
	c.query(q)
	if len(c.found) > 0 {
		return nil, c.found
	}
	if e.code, err = gojq.Compile(q, host()...); err != nil {
		_, name, _ := strings.Cut(err.Error(), ": ")
		return nil, []finding{{name, err.Error()}}
	}
	return e, nil
}

// syntaxError says what gojq's parser does. Where it is, is said by the token.
func syntaxError(err error) finding {
	var parse *gojq.ParseError
	if errors.As(err, &parse) {
		return finding{parse.Token, "is not jq: " + parse.Error()}
	}
	return finding{"", "is not jq: " + err.Error()}
}

// each calls found with every output for an input until it returns an error.
func (e *expression) each(s *scope, in any, found func(any) error) error {
	if e.native != nil {
		v, err := e.native(s.meter, in)
		if err != nil {
			return e.failed(err)
		}
		return found(v)
	}
	outputs := e.code.RunWithContext(s.meter, in, s.root, s.status, s.options, s.also, s.meter)
	for {
		v, more := outputs.Next()
		if !more {
			return nil
		}
		if err, ok := v.(error); ok {
			return e.failed(err)
		}
		if err := found(v); err != nil {
			return err
		}
	}
}

// one returns the output for an input: null if there is none, an error if there are more.
func (e *expression) one(s *scope, in any) (any, error) {
	if e.native != nil {
		v, err := e.native(s.meter, in)
		if err != nil {
			return nil, e.failed(err)
		}
		return v, nil
	}
	var out any
	count := 0
	err := e.each(s, in, func(v any) error {
		if count++; count > 1 {
			return e.failed(mistake("gives more than one value; put it into [ ] and choose one, such as with first, max or add"))
		}
		out = v
		return nil
	})
	return out, err
}

// failure is an expression that failed on an answer.
type failure struct {
	of  *expression
	why string
}

func (f *failure) Error() string { return fmt.Sprintf("%s (%s): %s", f.of.key, f.of.text, f.why) }

func (e *expression) failed(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &failure{e, reason(err)}
}

// reason says why an expression failed, without a value of the answer. What gojq says
// quotes them; of that is kept what stands before the first colon, which is ours or
// gojq's own, and the name of the type behind it.
func reason(err error) string {
	var own mistake
	switch {
	case errors.As(err, &own):
		return own.Error()
	case errors.Is(err, errSpent):
		return errSpent.Error()
	}
	if name, _, ok := strings.Cut(err.Error(), " cannot be applied to"); ok && !strings.ContainsAny(name, "\"'([{") {
		return name + " cannot be applied to what it is given"
	}
	what, of, _ := strings.Cut(err.Error(), ": ")
	if strings.ContainsAny(what, "\"'([{0123456789") {
		return "fails on this answer"
	}
	word, _, _ := strings.Cut(of, " ")
	switch word {
	case "null", "boolean", "number", "string", "array", "object":
		return what + " " + word
	}
	return what
}
