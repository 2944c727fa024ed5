package described

import (
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
)

// The functions that stand in compiled expressions in the place of jq's own where those
// are not bounded, or would make an error of a missing value. No description can name
// them: they begin with a blank, which is no part of a name in jq.
const (
	hostPay       = " pay"        // the input, once it is paid for
	hostPayAll    = " pay_all"    // the same, with all that is inside of it
	hostPaySort   = " pay_sort"   // the same as pay_all, for what is compared with others to be sorted
	hostPayAdd    = " pay_add"    // the same as pay_all, unless the sum is a text that is too long
	hostPayNumber = " pay_number" // the same as pay, unless it is a text too long to be a number
	hostText      = " text"       // texts, numbers and booleans as one text
	hostPlus      = " plus"       // +
	hostMinus     = " minus"      // - of numbers
	hostTimes     = " times"      // * of numbers
	hostDivide    = " divide"     // / of numbers
	hostModulo    = " modulo"     // % of numbers
	hostCompare   = " compare"    // -1, 0 or 1
	hostShort     = " short"      // the input, unless it is a text that became too long
	hostContains  = " contains"   // whether a text is part of a text
	hostIndex     = " index"      // where a text or an element is first
	hostPayTimes  = " pay_times"  // the same as pay, for what costs so many times as much
	hostKey       = " key"        // the input, unless it is no key of a list or object
	hostJoin      = " join"       // the elements of a list as one text
	hostTime      = "time"        // the one that descriptions may name
)

// host returns the options that compile an expression with the host's functions.
func host() []gojq.CompilerOption {
	return []gojq.CompilerOption{
		gojq.WithVariables(variables()),
		gojq.WithFunction(hostPay, 1, 1, func(in any, args []any) any { return orError(in, args[0].(*meter).pay(width(in))) }),
		gojq.WithFunction(hostPayAll, 1, 1, func(in any, args []any) any { return orError(in, args[0].(*meter).payAll(in)) }),
		gojq.WithFunction(hostPaySort, 1, 1, func(in any, args []any) any { return orError(in, args[0].(*meter).paySort(in)) }),
		gojq.WithFunction(hostPayNumber, 1, 1, func(in any, args []any) any { return payNumber(args[0].(*meter), in) }),
		gojq.WithFunction(hostPayAdd, 1, 1, func(in any, args []any) any { return payAdd(args[0].(*meter), in) }),
		gojq.WithFunction(hostPayTimes, 2, 2, func(in any, args []any) any {
			times, _ := gojq.ToInt(args[1])
			return orError(in, args[0].(*meter).pay(width(in)*times))
		}),
		gojq.WithFunction(hostText, 2, maxParts+1, func(_ any, args []any) any { return text(args[len(args)-1].(*meter), args[:len(args)-1]) }),
		gojq.WithFunction(hostPlus, 3, 3, func(_ any, args []any) any { return plus(args[2].(*meter), args[0], args[1]) }),
		gojq.WithFunction(hostMinus, 2, 2, arithmetic("subtract", func(a, b int) (int, bool) { d := a - b; return d, (d < a) == (b > 0) }, func(a, b float64) float64 { return a - b })),
		gojq.WithFunction(hostTimes, 2, 2, arithmetic("multiply", multiply, func(a, b float64) float64 { return a * b })),
		gojq.WithFunction(hostDivide, 2, 2, quotient()),
		gojq.WithFunction(hostModulo, 2, 2, arithmetic("take the remainder of", modulo, remainder)),
		gojq.WithFunction(hostCompare, 3, 3, func(_ any, args []any) any {
			m := args[2].(*meter)
			if err := m.payAll(args[0]); err != nil {
				return err
			}
			return gojq.Compare(args[0], args[1])
		}),
		gojq.WithFunction(hostKey, 0, 0, func(in any, _ []any) any { return key(in) }),
		gojq.WithFunction(hostJoin, 2, 2, func(in any, args []any) any { return join(args[1].(*meter), in, args[0]) }),
		gojq.WithFunction(hostShort, 0, 0, func(in any, _ []any) any { return short(in) }),
		gojq.WithFunction(hostContains, 1, 1, func(in any, args []any) any { return contains(in, args[0]) }),
		gojq.WithFunction(hostIndex, 1, 1, func(in any, args []any) any { return index(in, args[0]) }),
		gojq.WithFunction(hostTime, 0, 2, new(zones).time),
	}
}

func orError(v any, err error) any {
	if err != nil {
		return err
	}
	return v
}

// mistake is what an expression did wrong with an answer. It never quotes a value.
type mistake string

func (m mistake) Error() string { return string(m) }

func mistakef(format string, args ...any) mistake { return mistake(fmt.Sprintf(format, args...)) }

// key refuses what jq would take for something to look for in a list.
func key(v any) any {
	switch v.(type) {
	case []any, map[string]any:
		return mistakef("%s is no key; want a number or a text between [ and ]", kind(v))
	}
	return v
}

// join does what jq does, of texts, numbers, booleans and nulls.
func join(m *meter, in, separator any) any {
	list, ok := in.([]any)
	between, also := separator.(string)
	if !ok || !also {
		return mistakef("join cannot put %s between the elements of %s", kind(separator), kind(in))
	}
	var text strings.Builder
	for i, v := range list {
		if i > 0 {
			text.WriteString(between)
		}
		s, ok := plain(v)
		if !ok {
			return mistakef("join cannot make a text of %s", kind(v))
		}
		text.WriteString(s)
		if err := m.pay(1 + (len(s)+len(between))/unit); err != nil {
			return err
		}
		if text.Len() > maxText {
			break
		}
	}
	return short(text.String())
}

// text puts parts together as they are written; what is not there is null, as in jq.
func text(m *meter, parts []any) any {
	var b strings.Builder
	for _, part := range parts {
		s, ok := plain(part)
		if !ok {
			return mistakef("cannot put %s into a text", kind(part))
		}
		if part == nil {
			s = "null"
		}
		b.WriteString(s)
		if b.Len() > maxText {
			break
		}
	}
	if err := m.pay(1 + b.Len()/unit); err != nil {
		return err
	}
	return short(b.String())
}

// short refuses a text that is too long to go on with.
func short(v any) any {
	if s, ok := v.(string); ok && len(s) > maxText {
		return mistakef("makes a text of more than %d bytes", maxText)
	}
	return v
}

func contains(in, part any) any {
	s, ok := in.(string)
	p, also := part.(string)
	if !ok || !also {
		return mistakef("contains looks for a text in a text, found %s in %s; for a list use any(. == …)", kind(part), kind(in))
	}
	return strings.Contains(s, p)
}

// index returns where a text is in a text, counted in characters, or an element in a
// list; null if it is not.
func index(in, wanted any) any {
	switch in := in.(type) {
	case nil:
		return nil
	case string:
		if p, ok := wanted.(string); ok {
			if at := strings.Index(in, p); at >= 0 {
				return len([]rune(in[:at]))
			}
			return nil
		}
	case []any:
		switch wanted.(type) {
		case []any, map[string]any:
		default:
			for i, v := range in {
				if gojq.Compare(v, wanted) == 0 {
					return i
				}
			}
			return nil
		}
	}
	return mistakef("index cannot look for %s in %s", kind(wanted), kind(in))
}
