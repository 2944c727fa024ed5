package described

import (
	"strconv"

	"github.com/itchyny/gojq"
)

// What is put into a parsed expression.

func call(name string, args ...*gojq.Query) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: name, Args: args}}}
}

func variable(name string) *gojq.Query { return call(name) }

func number(n int) *gojq.Query {
	return &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeNumber, Number: strconv.Itoa(n)}}
}

// payment is what an input goes through to be paid for.
func payment(how string, times int) *gojq.Query {
	if how == hostPayTimes {
		return call(how, variable(meterVariable), number(times))
	}
	return call(how, variable(meterVariable))
}

// paid is a query whose outputs are paid for, as a term.
func paid(q *gojq.Query, how string) *gojq.Term {
	return &gojq.Term{Type: gojq.TermTypeQuery, Query: &gojq.Query{Left: q, Op: gojq.OpPipe, Right: payment(how, 0)}}
}

// isConstant reports whether q is a number, a text, true, false or null as it stands.
func isConstant(q *gojq.Query) bool {
	if q.Term == nil || len(q.Term.SuffixList) > 0 {
		return false
	}
	switch t := q.Term; t.Type {
	case gojq.TermTypeNull, gojq.TermTypeTrue, gojq.TermTypeFalse, gojq.TermTypeNumber:
		return true
	case gojq.TermTypeString:
		return t.Str.Queries == nil
	case gojq.TermTypeUnary:
		return t.Unary.Term.Type == gojq.TermTypeNumber && len(t.Unary.Term.SuffixList) == 0
	}
	return false
}

func isText(q *gojq.Query) bool {
	return isConstant(q) && q.Term.Type == gojq.TermTypeString
}

// plainPath returns the keys of an expression such as .a.b, and whether it is one.
func plainPath(q *gojq.Query) ([]string, bool) {
	t := q.Term
	if t == nil || len(q.FuncDefs) > 0 || q.Meta != nil || len(q.Imports) > 0 {
		return nil, false
	}
	var path []string
	switch {
	case t.Type == gojq.TermTypeIdentity:
	case t.Type == gojq.TermTypeIndex && isName(t.Index):
		path = append(path, nameOf(t.Index))
	default:
		return nil, false
	}
	for _, s := range t.SuffixList {
		if s.Index == nil || !isName(s.Index) {
			return nil, false
		}
		path = append(path, nameOf(s.Index))
	}
	return path, true
}

func isName(x *gojq.Index) bool {
	return x.Name != "" || x.Str != nil && x.Str.Queries == nil
}

func nameOf(x *gojq.Index) string {
	if x.Name != "" {
		return x.Name
	}
	return x.Str.Str
}
