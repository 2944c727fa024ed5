package described

import (
	"encoding/json"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"progress_exporter/collector/progress"
)

// What an expression gives becomes what a report holds, strictly: a number that a product
// sends as a text is none until tonumber made it one. Null says that the product did not
// say.

// number returns the number that e gives for an input.
func (e *expression) number(s *scope, in any) (*float64, error) {
	if e == nil {
		return nil, nil
	}
	v, err := e.one(s, in)
	if err != nil || v == nil {
		return nil, err
	}
	if n, ok := gojq.ToFloat64(v); ok {
		return progress.Ptr(n), nil
	}
	return nil, e.wrong(v, "a number")
}

// amount is number of what may be a boolean as well: 1 is true.
func (e *expression) amount(s *scope, in any) (*float64, error) {
	v, err := e.one(s, in)
	if err != nil || v == nil {
		return nil, err
	}
	if b, ok := v.(bool); ok {
		if b {
			return progress.Ptr(1.0), nil
		}
		return progress.Ptr(0.0), nil
	}
	if n, ok := gojq.ToFloat64(v); ok {
		return progress.Ptr(n), nil
	}
	return nil, e.wrong(v, "a number or a boolean")
}

// word returns the text that e gives; a number or a boolean as it is written, and nothing
// for null.
func (e *expression) word(s *scope, in any) (string, error) {
	if e == nil {
		return "", nil
	}
	v, err := e.one(s, in)
	if err != nil {
		return "", err
	}
	text, ok := plain(v)
	if !ok {
		return "", e.wrong(v, "a text, a number or a boolean")
	}
	return strings.Clone(text), nil // it may be a part of the whole answer
}

// truth returns whether e gives anything but null and false, as jq has it.
func (e *expression) truth(s *scope, in any) (bool, error) {
	if e == nil {
		return false, nil
	}
	v, err := e.one(s, in)
	return v != nil && v != false, err
}

// date returns the date that e gives in seconds since 1970.
func (e *expression) date(s *scope, in any) (time.Time, error) {
	if e == nil {
		return time.Time{}, nil
	}
	v, err := e.one(s, in)
	if err != nil || v == nil {
		return time.Time{}, err
	}
	n, ok := gojq.ToFloat64(v)
	if !ok {
		return time.Time{}, e.wrong(v, "seconds since 1970, as the function time makes them")
	}
	if n <= 0 || n >= 253402300800 { // the year 10000
		return time.Time{}, nil
	}
	return time.UnixMicro(int64(math.Round(n * 1e6))).UTC(), nil // a float64 holds no more
}

// work adds what e gives to w.
func (e *expression) work(s *scope, in any, w *progress.Work, key string) error {
	v, err := e.one(s, in)
	if err != nil || v == nil {
		return err
	}
	if n, ok := gojq.ToFloat64(v); ok {
		w.Number(key, &n)
		return nil
	}
	text, ok := plain(v)
	if !ok {
		return e.wrong(v, "a text, a number or a boolean")
	}
	w.Text(key, text)
	return nil
}

func (e *expression) wrong(v any, want string) error {
	return e.failed(mistakef("gives %s; want %s", kind(v), want))
}

// plain returns a single value as text: a number with all of its digits, nothing for
// null. Lists and objects are none.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), true
	case json.Number:
		return v.String(), true
	case int:
		return strconv.Itoa(v), true
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), true
	case *big.Int:
		return v.String(), true
	}
	return "", false
}
