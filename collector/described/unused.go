package described

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// maxTries bounds how many values of the answers are tried for being used.
const maxTries = 1000

// findUnused changes one value of the answers after the other and looks whether anything
// else comes of them.
func (s *source) findUnused(ctx context.Context, in *scope, x *Explanation) {
	before := s.outcome(ctx, in)
	used := map[string]bool{}
	var order []string
	tries := 0
	visit := func(path string, value any, set func(any)) {
		if _, known := used[path]; !known {
			used[path] = false
			order = append(order, path)
		}
		if used[path] {
			return
		}
		if tries++; tries > maxTries || ctx.Err() != nil {
			x.Untried++
			used[path] = true // nobody knows; it is not called unused
			return
		}
		for _, other := range others(value) {
			set(other)
			if s.outcome(ctx, in) != before {
				used[path] = true
				break
			}
		}
		set(value)
	}
	walk("", in.root, func(v any) { in.root = v }, visit)
	for _, f := range s.also {
		walk(alsoVariable+"."+f.name, in.also[f.name], func(v any) { in.also[f.name] = v }, visit)
	}
	for _, path := range order {
		if !used[path] {
			x.Unused = append(x.Unused, s.secrets.Text(path, maxShown))
		}
	}
}

// others returns values that stand for a change of v.
func others(v any) []any {
	list := []any{nil, "?", json.Number("0.5"), json.Number("7000000000"), true}
	if text, ok := v.(string); ok {
		list = append(list, text+"?")
	}
	return list
}

// walk visits every single value below v; elements of a list share a path.
func walk(path string, v any, set func(any), visit func(path string, v any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			step := "." + key
			if !labelName.MatchString(key) {
				step = fmt.Sprintf("[%q]", key)
				if path == "" {
					step = "." + step
				}
			}
			walk(path+step, v[key], func(to any) { v[key] = to }, visit)
		}
	case []any:
		if path == "" {
			path = "."
		}
		for i := range v {
			walk(path+"[]", v[i], func(to any) { v[i] = to }, visit)
		}
	default:
		if path == "" {
			path = "."
		}
		visit(path, v, set)
	}
}

// outcome returns all that the description makes of the answers, as one text that tells
// whether it is the same.
func (s *source) outcome(ctx context.Context, in *scope) string {
	var b strings.Builder
	for _, p := range s.posed(ctx, in) {
		fresh := s.anew(ctx, in)
		feeds := p.key == "jobs" || strings.HasSuffix(p.key, ".each")
		for _, input := range p.inputs {
			err := p.each(fresh, input, func(v any) error {
				if feeds {
					v = nil // what becomes of it is said by the keys that it feeds
				}
				_, _ = fmt.Fprintf(&b, "%#v,", v)
				return nil
			})
			if err != nil {
				b.WriteString(err.Error())
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
