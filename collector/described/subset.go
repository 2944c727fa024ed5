package described

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"

	"github.com/itchyny/gojq"
)

const (
	// maxExpression bounds an expression, in bytes.
	maxExpression = 4 << 10
	// maxNesting bounds how deep an expression is nested, and so how many lists it can
	// be about to go through at a time.
	maxNesting = 64
	// maxPattern and maxProgram bound a regular expression, in bytes and in instructions:
	// in the worst case each of them looks at every character.
	maxPattern, maxProgram = 256, 500
)

// rule says what a function of jq becomes.
type rule struct {
	pay   string // what the input has to be given to before: hostPay, hostPayAll, hostPaySort; empty: it is looked at in no time
	keys  string // the same of what the argument gives, which the elements are compared by; empty: they are not
	times int    // with hostPayTimes
	to    string // what does it in its place; empty: gojq's own
	short bool   // it makes a text
	meter bool   // what does it pays itself
}

// functions are the functions that a description may use, with the number of their
// arguments. Left out is whatever may not end or may make much of little (def, reduce,
// foreach, range, until, repeat, recurse, limit, combinations, …), changes a value (paths,
// del, …), or knows more than the answer (env, input, now, …).
func functions() map[string]rule {
	rules := map[string]rule{
		"time/0": {}, "time/1": {meter: true},
		"tonumber/0": {pay: hostPayNumber}, "tostring/0": {pay: hostPayAll, short: true},
		"length/0": {pay: hostPay}, "keys/0": {pay: hostPay}, "reverse/0": {pay: hostPay}, "to_entries/0": {pay: hostPayTimes, times: 3},
		"with_entries/1": {pay: hostPayTimes, times: 6}, "from_entries/0": {pay: hostPay},
		"map/1": {pay: hostPay}, "any/0": {pay: hostPay}, "any/1": {pay: hostPay}, "all/0": {pay: hostPay}, "all/1": {pay: hostPay},
		"sort/0": {pay: hostPaySort}, "unique/0": {pay: hostPaySort}, "min/0": {pay: hostPayAll}, "max/0": {pay: hostPayAll},
		"flatten/0": {pay: hostPayAll}, "add/0": {pay: hostPayAdd},
		"sort_by/1": {pay: hostPay, keys: hostPaySort}, "unique_by/1": {pay: hostPay, keys: hostPaySort}, "group_by/1": {pay: hostPay, keys: hostPaySort},
		"min_by/1": {pay: hostPay, keys: hostPayAll}, "max_by/1": {pay: hostPay, keys: hostPayAll},
		"split/1": {pay: hostPayTimes, times: 2 * unit}, "join/1": {to: hostJoin, meter: true},
		"ascii_downcase/0": {pay: hostPay}, "ascii_upcase/0": {pay: hostPay},
		"contains/1": {pay: hostPay, to: hostContains}, "index/1": {pay: hostPayAll, to: hostIndex},
	}
	for _, name := range []string{
		"not/0", "empty/0", "type/0", "select/1", "isempty/1", "has/1", "first/0", "first/1", "last/0", "any/2", "all/2",
		"values/0", "nulls/0", "strings/0", "numbers/0", "booleans/0", "arrays/0", "objects/0", "scalars/0",
		"floor/0", "ceil/0", "round/0", "fabs/0", "abs/0", "isnan/0",
		"startswith/1", "endswith/1", "ltrimstr/1", "rtrimstr/1",
	} {
		rules[name] = rule{}
	}
	for _, name := range []string{"trim/0", "ltrim/0", "rtrim/0"} {
		rules[name] = rule{pay: hostPay}
	}
	return rules
}

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

// suffixes puts what follows a term back behind it, so that whoever goes through a list,
// or cuts a part of it out, has paid before.
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

func (c *checker) pattern(p *gojq.Pattern) {
	if p.Name == meterVariable {
		c.refuse(p.Name, "%s is not a name for a variable", p.Name)
	}
	for _, inner := range p.Array {
		c.pattern(inner)
	}
	for _, o := range p.Object {
		if o.Key == meterVariable {
			c.refuse(o.Key, "%s is not a name for a variable", o.Key)
		}
		if o.KeyString != nil && o.KeyString.Queries != nil {
			c.refuse("", "a key is made of parts, which is not for descriptions")
		}
		c.optional(o.KeyQuery)
		if o.Val != nil {
			c.pattern(o.Val)
		}
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

// further makes sure that a further answer is one that is asked for: a name that is
// mistyped would be null for ever.
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

func (c *checker) function(t *gojq.Term) {
	f := t.Func
	name := f.Name
	if name[0] == '$' {
		if name == meterVariable || name == "$ENV" || name == "$__loc__" {
			c.refuse(name, "there is no variable %s", name)
		}
		return
	}
	if name == "test" || name == "capture" {
		c.match(t)
		return
	}
	r, known := c.rules[name+"/"+strconv.Itoa(len(f.Args))]
	if !known {
		c.refuse(name, "the function %s with %d arguments is not for descriptions", name, len(f.Args))
		return
	}
	c.optional(f.Args...)
	if r.keys != "" {
		f.Args[0] = &gojq.Query{Left: f.Args[0], Op: gojq.OpPipe, Right: payment(r.keys, 0)}
	}
	if r.to != "" {
		f.Name = r.to
	}
	if r.meter {
		f.Args = append(f.Args, variable(meterVariable))
	}
	q := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: f}}
	if r.short {
		q = &gojq.Query{Left: q, Op: gojq.OpPipe, Right: call(hostShort)}
	}
	if r.pay != "" {
		q = &gojq.Query{Left: payment(r.pay, r.times), Op: gojq.OpPipe, Right: q}
	}
	if q.Term == nil {
		*t = gojq.Term{Type: gojq.TermTypeQuery, Query: q}
	}
}

// match checks a search, whose regular expression has to stand there in full.
func (c *checker) match(t *gojq.Term) {
	f := t.Func
	flags := ""
	switch {
	case len(f.Args) == 0 || len(f.Args) > 2:
		c.refuse(f.Name, "the function %s with %d arguments is not for descriptions", f.Name, len(f.Args))
		return
	case !isText(f.Args[0]) || len(f.Args) == 2 && !isText(f.Args[1]):
		c.refuse(f.Name, "%s wants a regular expression between quotes, not one that is made while it runs", f.Name)
		return
	case len(f.Args) == 2:
		flags = f.Args[1].Term.Str.Str
	}
	pattern := f.Args[0].Term.Str.Str
	if flags != "" && flags != "i" {
		c.refuse(f.Name, "%s knows the flag i only", f.Name)
		return
	}
	size, err := programSize(pattern)
	switch {
	case err != nil:
		c.refuse(f.Name, "the regular expression of %s: %v", f.Name, err)
		return
	case len(pattern) > maxPattern || size > maxProgram:
		c.refuse(f.Name, "the regular expression of %s is too large: at most %d bytes and %d steps; is there a repetition such as {1000}?", f.Name, maxPattern, maxProgram)
		return
	}
	q := &gojq.Query{Left: payment(hostPayTimes, 2*size), Op: gojq.OpPipe, Right: &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: f}}}
	*t = gojq.Term{Type: gojq.TermTypeQuery, Query: q}
}

// programSize returns how many instructions a regular expression compiles to.
func programSize(pattern string) (int, error) {
	if len(pattern) > maxPattern {
		return maxProgram + 1, nil
	}
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0, err
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return 0, err
	}
	return len(prog.Inst), nil
}
