package described

import (
	"fmt"
	"slices"

	"github.com/itchyny/gojq"
)

// variable names what an expression knows beside its input. The last one is the meter,
// which is for us alone.
const meterVariable = "$__meter"

// alsoVariable is the object of the further answers.
const alsoVariable = "$also"

func variables() []string {
	return []string{"$root", "$status", "$options", alsoVariable, meterVariable}
}

// finding is something that is wrong with an expression.
type finding struct {
	token string // where it is, by what stands there; empty: somewhere
	text  string
}

// checker turns a parsed expression into one that may be compiled, and gathers what
// keeps it from being one.
type checker struct {
	rules map[string]rule
	depth int
	found []finding
}

func (c *checker) refuse(token, format string, args ...any) {
	c.found = append(c.found, finding{token, fmt.Sprintf(format, args...)})
}

// query checks and changes q in its place.
func (c *checker) query(q *gojq.Query) {
	if c.depth++; c.depth > maxNesting {
		if c.depth == maxNesting+1 {
			c.refuse("", "is nested deeper than %d levels", maxNesting)
		}
		return
	}
	defer func() { c.depth-- }()
	switch {
	case q.Meta != nil || len(q.Imports) > 0:
		c.refuse("", "module, import and include are not for descriptions")
		return
	case len(q.FuncDefs) > 0:
		c.refuse("def", "def is not for descriptions")
		return
	case q.Term != nil:
		c.term(q.Term)
		return
	case q.Left == nil || q.Right == nil:
		c.refuse("", "is empty")
		return
	}
	if len(q.Patterns) > 1 {
		c.refuse("?//", "?// is not for descriptions")
	}
	for _, p := range q.Patterns {
		c.pattern(p)
	}
	constant := isConstant(q.Left) || isConstant(q.Right)
	c.query(q.Left)
	c.query(q.Right)
	switch q.Op {
	case gojq.OpAdd:
		*q = *call(hostPlus, q.Left, q.Right, variable(meterVariable))
	case gojq.OpSub:
		*q = *call(hostMinus, q.Left, q.Right)
	case gojq.OpMul:
		*q = *call(hostTimes, q.Left, q.Right)
	case gojq.OpDiv:
		*q = *call(hostDivide, q.Left, q.Right)
	case gojq.OpMod:
		*q = *call(hostModulo, q.Left, q.Right)
	case gojq.OpEq, gojq.OpNe, gojq.OpLt, gojq.OpLe, gojq.OpGt, gojq.OpGe:
		if !constant {
			*q = gojq.Query{Left: call(hostCompare, q.Left, q.Right, variable(meterVariable)), Op: q.Op, Right: number(0)}
		}
	case gojq.OpPipe, gojq.OpComma, gojq.OpAnd, gojq.OpOr, gojq.OpAlt:
	default:
		c.refuse(q.Op.String(), "%s changes a value, which is not for descriptions; is == meant?", q.Op)
	}
}

func (c *checker) optional(queries ...*gojq.Query) {
	for _, q := range queries {
		if q != nil {
			c.query(q)
		}
	}
}

func (c *checker) term(t *gojq.Term) {
	suffixes := t.SuffixList
	t.SuffixList = nil
	switch t.Type {
	case gojq.TermTypeIdentity, gojq.TermTypeNull, gojq.TermTypeTrue, gojq.TermTypeFalse, gojq.TermTypeNumber:
	case gojq.TermTypeRecurse:
		c.refuse("..", ".. is not for descriptions; name the keys on the way")
	case gojq.TermTypeIndex:
		suffixes = slices.Insert(slices.Clone(suffixes), 0, &gojq.Suffix{Index: t.Index})
		*t = gojq.Term{Type: gojq.TermTypeIdentity}
	case gojq.TermTypeFunc:
		c.further(t, suffixes)
		c.function(t)
	case gojq.TermTypeObject:
		c.object(t.Object)
		*t = *paid(&gojq.Query{Term: &gojq.Term{Type: t.Type, Object: t.Object}}, hostPay)
	case gojq.TermTypeArray:
		c.optional(t.Array.Query)
		if t.Array.Query != nil {
			*t = *paid(&gojq.Query{Term: &gojq.Term{Type: t.Type, Array: t.Array}}, hostPay)
		}
	case gojq.TermTypeUnary:
		c.unary(t)
	case gojq.TermTypeString:
		c.text(t)
	case gojq.TermTypeIf:
		c.optional(t.If.Cond, t.If.Then, t.If.Else)
		for _, e := range t.If.Elif {
			c.optional(e.Cond, e.Then)
		}
	case gojq.TermTypeTry:
		c.optional(t.Try.Body, t.Try.Catch)
	case gojq.TermTypeQuery:
		c.query(t.Query)
	case gojq.TermTypeFormat:
		c.refuse(t.Format, "%s is not for descriptions", t.Format)
	case gojq.TermTypeReduce:
		c.refuse("reduce", "reduce is not for descriptions; is add, any, all, min or max what it is for?")
	case gojq.TermTypeForeach:
		c.refuse("foreach", "foreach is not for descriptions")
	case gojq.TermTypeLabel, gojq.TermTypeBreak:
		c.refuse("label", "label and break are not for descriptions; is first what they are for?")
	default:
		c.refuse("", "holds something that is not for descriptions")
	}
	c.suffixes(t, suffixes)
}

// suffixes puts what follows a term back behind it, with a payment to the meter before
// each step that goes through a list or cuts a part out of it.
func (c *checker) suffixes(t *gojq.Term, list []*gojq.Suffix) {
	for _, s := range list {
		if s.Index != nil {
			c.key(s.Index)
		}
		if s.Iter || s.Index != nil && s.Index.IsSlice {
			base := *t
			*t = *paid(&gojq.Query{Term: &base}, hostPay)
		}
		t.SuffixList = append(t.SuffixList, s)
	}
}

// key checks what stands behind a dot or between brackets.
func (c *checker) key(x *gojq.Index) {
	if x.Str != nil && x.Str.Queries != nil {
		c.refuse("", `a key is made of parts; write .["…" + …]`)
	}
	for _, q := range []*gojq.Query{x.Start, x.End} {
		if q == nil || isConstant(q) {
			continue
		}
		c.query(q)
		inner := *q
		*q = gojq.Query{Left: &inner, Op: gojq.OpPipe, Right: call(hostKey)}
	}
}

func (c *checker) object(o *gojq.Object) {
	for _, kv := range o.KeyVals {
		if kv.Key == meterVariable {
			c.refuse(kv.Key, "there is no variable %s", kv.Key)
		}
		if kv.KeyString != nil && kv.KeyString.Queries != nil {
			c.refuse("", `a key is made of parts; write {("…" + …): …}`)
		}
		c.optional(kv.KeyQuery, kv.Val)
	}
}

// unary turns the minus of anything but a number into 0 - …, which leaves null alone.
func (c *checker) unary(t *gojq.Term) {
	if isConstant(&gojq.Query{Term: t}) {
		return
	}
	c.term(t.Unary.Term)
	inner := &gojq.Query{Term: t.Unary.Term}
	if t.Unary.Op == gojq.OpSub {
		*t = *call(hostMinus, number(0), inner).Term
	} else {
		*t = gojq.Term{Type: gojq.TermTypeQuery, Query: inner}
	}
}

// maxParts is how many arguments gojq gives to a function, but for the meter.
const maxParts = 29

// text turns "a\(b)" into one call with the parts.
func (c *checker) text(t *gojq.Term) {
	if t.Str.Queries == nil {
		return
	}
	if len(t.Str.Queries) > maxParts {
		c.refuse("", "a text has more than %d parts", maxParts)
		return
	}
	for _, q := range t.Str.Queries {
		c.query(q)
	}
	*t = *call(hostText, append(slices.Clone(t.Str.Queries), variable(meterVariable))...).Term
}

// further refuses the name of a further answer that the description does not ask for:
// an expression with such a typing mistake would always be null.
func (c *checker) further(t *gojq.Term, suffixes []*gojq.Suffix) {
	if t.Func.Name != alsoVariable {
		return
	}
	if len(suffixes) == 0 || suffixes[0].Index == nil || !isName(suffixes[0].Index) {
		c.refuse(alsoVariable, "%s wants the name of a further answer behind it, such as %s.stats", alsoVariable, alsoVariable)
		return
	}
	name := alsoVariable + "." + nameOf(suffixes[0].Index)
	if _, known := c.rules[name]; !known {
		c.refuse(alsoVariable, "there is no %s; also names the requests beside the first one", name)
	}
}
