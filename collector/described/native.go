package described

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/itchyny/gojq"
)

// native is an expression that needs no machine, because making ready for gojq takes longer
// than to do it. It is what descriptions mostly say of nodes, and says what gojq would: a
// path, a constant, a path divided by a number, the function time, paths in a text, and
// conditions whose comparisons have a constant on one side.
type native func(m *meter, in any) (any, error)

// nativeOf returns what does an expression, if it is one of them.
func nativeOf(q *gojq.Query) (native, bool) {
	if len(q.FuncDefs) > 0 || len(q.Patterns) > 0 || q.Meta != nil || len(q.Imports) > 0 {
		return nil, false
	}
	if path, ok := plainPath(q); ok {
		return func(m *meter, in any) (any, error) { return along(m, path, in) }, true
	}
	if v, ok := constant(q); ok {
		return func(m *meter, _ any) (any, error) { return v, m.pay(1) }, true
	}
	if t := q.Term; t != nil {
		switch {
		case len(t.SuffixList) > 0:
		case t.Type == gojq.TermTypeQuery:
			return nativeOf(t.Query)
		case t.Type == gojq.TermTypeString:
			return nativeText(t.Str.Queries)
		case t.Type == gojq.TermTypeIf:
			return nativeIf(t.If)
		}
		return nil, false
	}
	return nativeOperation(q)
}

// constant returns a number, a text, true, false or null as it stands.
func constant(q *gojq.Query) (any, bool) {
	if !isConstant(q) {
		return nil, false
	}
	switch q.Term.Type {
	case gojq.TermTypeNull:
		return nil, true
	case gojq.TermTypeTrue, gojq.TermTypeFalse:
		return q.Term.Type == gojq.TermTypeTrue, true
	case gojq.TermTypeString:
		return q.Term.Str.Str, true
	case gojq.TermTypeNumber:
		n, err := strconv.Atoi(q.Term.Number)
		return n, err == nil
	}
	return nil, false
}

func nativeOperation(q *gojq.Query) (native, bool) {
	if q.Left == nil || q.Right == nil {
		return nil, false
	}
	left, ok := nativeOf(q.Left)
	if !ok {
		return nil, false
	}
	if right := q.Right.Term; right != nil && len(right.SuffixList) == 0 {
		switch {
		case q.Op == gojq.OpDiv && right.Type == gojq.TermTypeNumber:
			by, quotient := json.Number(right.Number), quotient()
			return behind(left, func(v any) any { return quotient(nil, []any{v, by}) }), true
		case q.Op == gojq.OpPipe && right.Type == gojq.TermTypeFunc && right.Func.Name == hostTime && len(right.Func.Args) == 0:
			return behind(left, func(v any) any { return secondsOf(v, time.UTC) }), true
		}
	}
	right, ok := nativeOf(q.Right)
	if !ok {
		return nil, false
	}
	switch q.Op {
	case gojq.OpEq, gojq.OpNe:
		if !isConstant(q.Left) && !isConstant(q.Right) {
			return nil, false // what is compared has to be paid for
		}
		return func(m *meter, in any) (any, error) {
			a, err := left(m, in)
			if err != nil {
				return nil, err
			}
			b, err := right(m, in)
			return (gojq.Compare(a, b) == 0) == (q.Op == gojq.OpEq), err
		}, true
	case gojq.OpAnd, gojq.OpOr:
		return func(m *meter, in any) (any, error) {
			v, err := left(m, in)
			if err != nil || isTrue(v) == (q.Op == gojq.OpOr) {
				return isTrue(v), err
			}
			v, err = right(m, in)
			return isTrue(v), err
		}, true
	}
	return nil, false
}

// isTrue is what jq takes for true.
func isTrue(v any) bool { return v != nil && v != false }

// behind does something with what a native gives.
func behind(of native, then func(any) any) native {
	return func(m *meter, in any) (any, error) {
		v, err := of(m, in)
		if err != nil {
			return nil, err
		}
		return value(then(v))
	}
}

func nativeIf(q *gojq.If) (native, bool) {
	if len(q.Elif) > 0 || q.Else == nil {
		return nil, false
	}
	var parts [3]native
	for i, inner := range []*gojq.Query{q.Cond, q.Then, q.Else} {
		var ok bool
		if parts[i], ok = nativeOf(inner); !ok {
			return nil, false
		}
	}
	return func(m *meter, in any) (any, error) {
		v, err := parts[0](m, in)
		switch {
		case err != nil:
			return nil, err
		case isTrue(v):
			return parts[1](m, in)
		}
		return parts[2](m, in)
	}, true
}

// nativeText puts paths into a text.
func nativeText(queries []*gojq.Query) (native, bool) {
	if queries == nil || len(queries) > maxParts {
		return nil, false
	}
	parts := make([]native, len(queries))
	for i, q := range queries {
		var ok bool
		if parts[i], ok = nativeOf(q); !ok {
			return nil, false
		}
	}
	return func(m *meter, in any) (any, error) {
		values := make([]any, len(parts))
		for i, part := range parts {
			v, err := part(m, in)
			if err != nil {
				return nil, err
			}
			values[i] = v
		}
		return value(text(m, values))
	}, true
}

// along goes along a path.
func along(m *meter, path []string, in any) (any, error) {
	if err := m.pay(1 + len(path)); err != nil {
		return nil, err
	}
	for _, key := range path {
		switch v := in.(type) {
		case nil:
			return nil, nil
		case map[string]any:
			in = v[key]
		default:
			return nil, mistakef("expected an object but got %s", kind(in))
		}
	}
	return in, nil
}

// value tells what a function gives from why it failed.
func value(v any) (any, error) {
	if err, failed := v.(error); failed {
		return nil, err
	}
	return v, nil
}
