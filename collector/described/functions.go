package described

import (
	"regexp/syntax"
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
