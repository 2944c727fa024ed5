package described

import (
	"encoding/json"
	"maps"
	"math"
	"strconv"

	"github.com/itchyny/gojq"
)

// kind names the type of a value as jq does.
func kind(v any) string { return gojq.TypeOf(v) }

// arithmetic returns a function of two numbers. A value that is absent stays absent:
// null with anything is null, and so is a calculation without a result, such as 0 / 0.
func arithmetic(verb string, whole func(a, b int) (int, bool), broken func(a, b float64) float64) func(any, []any) any {
	return func(_ any, args []any) any {
		l, r := args[0], args[1]
		if l == nil || r == nil {
			return nil
		}
		if a, ok := integer(l); ok {
			if b, ok := integer(r); ok {
				if n, exact := whole(a, b); exact {
					return n
				}
			}
		}
		a, aok := gojq.ToFloat64(l)
		b, bok := gojq.ToFloat64(r)
		if !aok || !bok {
			return mistakef("cannot %s %s and %s", verb, kind(l), kind(r))
		}
		if f := broken(a, b); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return f
		}
		return nil
	}
}

// quotient returns the function that divides.
func quotient() func(any, []any) any {
	return arithmetic("divide", divide, func(a, b float64) float64 { return a / b })
}

// integer returns a number that fits an int exactly.
func integer(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case json.Number:
		n, err := strconv.Atoi(v.String())
		return n, err == nil
	}
	return 0, false
}

func multiply(a, b int) (int, bool) {
	p := a * b
	return p, a == 0 || p/a == b && !(a == -1 && b == math.MinInt)
}

func divide(a, b int) (int, bool) {
	if b == 0 || b == -1 || a%b != 0 {
		return 0, false
	}
	return a / b, true
}

func modulo(a, b int) (int, bool) {
	if b == 0 {
		return 0, false
	}
	return a % b, true
}

// remainder is that of numbers which are no integers, or not small. Of one that is so large
// that its last digits are not known there is none, and looking for it takes long.
func remainder(a, b float64) float64 {
	if math.Abs(a) > 1<<53 {
		return math.NaN()
	}
	return math.Mod(a, b)
}

// plus adds as jq does: numbers, texts, lists and objects, and null is nothing.
func plus(m *meter, l, r any) any {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	}
	switch l := l.(type) {
	case string:
		if r, ok := r.(string); ok {
			if err := m.pay(width(l) + width(r)); err != nil {
				return err
			}
			return short(l + r)
		}
	case []any:
		if r, ok := r.([]any); ok {
			if err := m.pay(width(l) + width(r)); err != nil {
				return err
			}
			return append(l[:len(l):len(l)], r...)
		}
	case map[string]any:
		if r, ok := r.(map[string]any); ok {
			if err := m.pay(width(l) + width(r)); err != nil {
				return err
			}
			sum := make(map[string]any, len(l)+len(r))
			maps.Copy(sum, l)
			maps.Copy(sum, r)
			return sum
		}
	default:
		return arithmetic("add", func(a, b int) (int, bool) { s := a + b; return s, (s > a) == (b > 0) }, func(a, b float64) float64 { return a + b })(nil, []any{l, r})
	}
	return mistakef("cannot add %s and %s", kind(l), kind(r))
}
