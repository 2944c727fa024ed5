package faults

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"progress_exporter/collector/progress"
)

// many is how many nodes there are where there are too many.
const many = 100_000

// valueFaults are good answers with something wrong in their JSON.
func valueFaults() []fault {
	const (
		leftOut = "what cannot be is left out and counted, the rest is read"
		odd     = "the fields are left out, counted, and named in the log and the debug view once; the rest is read"
		unknown = "a word for the state that is not known; the log says it, cut and escaped"
	)
	// Of an install, the total and three nodes; of a command, the total. The others
	// have no number that is bounded by more than 0.
	outOfRange := map[string]cell{"logpresso": up + ", 4 × out_of_range", "mrs": up + ", 1 × out_of_range", "mrs, manager behind a login": up + ", 1 × out_of_range"}
	below, over := maps.Clone(outOfRange), maps.Clone(outOfRange)
	below["mongosync"] = up + ", 2 × out_of_range" // the copied bytes, and their share
	below["mrs"] = up + ", 3 × out_of_range"       // as they stand, too
	below["mrs, manager behind a login"] = below["mrs"]
	over["mongosync"] = up + ", 1 × out_of_range"
	// Of a node of ses, a word that is not known is a step of the upgrade.
	stranger := up + ", unknown"
	// What was a date or a time to go is none any more.
	anyStep := map[string]cell{"ses": up + ", 2 × unreadable", "mongosync": stranger + ", 1 × unreadable"}
	return []fault{
		changed("cut off", reason(progress.Decode), "", func(_ product, good []byte) []byte { return good[:len(good)/2] }),
		changed("a byte order mark before the JSON", up, "read as usual", func(_ product, good []byte) []byte { return append([]byte("\ufeff"), good...) }),
		changed("UTF-16", reason(progress.Decode), "", func(_ product, good []byte) []byte {
			wide := []byte("\xff\xfe")
			for _, b := range good {
				wide = append(wide, b, 0)
			}
			return wide
		}),
		sending("JSON that is called text/html", up, "a body is what it looks like", func() sender { return mislabelled }),
		changed("trailing data", reason(progress.Decode), "", func(_ product, good []byte) []byte { return append(good, `{"detail":"`+marker+`"}`...) }),
		sending("more bytes than Content-Length", up, "read as usual, over a new connection each time", func() sender { return overlong }),
		changed("deep nesting", reason(progress.Decode), "", func(_ product, good []byte) []byte {
			return bytes.Replace(good, []byte("{"), []byte(`{"deep":`+strings.Repeat("[", 10_000)+strings.Repeat("]", 10_000)+","), 1)
		}),
		changed("wrong types: numbers as text", reason(progress.Contract), "", leaves(asText)).except(map[string]cell{"ses": up}),
		changed("wrong types: text as numbers", reason(progress.Contract), "", leaves(asNumber)),
		changed("wrong types: objects in the place of all", reason(progress.Contract), "", leaves(asObject)),
		changed("wrong types where no state and no ratio needs it: numbers as text", up, "a number in a text is a number", secondary(asText)),
		changed("wrong types where no state and no ratio needs it: text as numbers", up, "a number is a text where one belongs", secondary(asNumber)).except(map[string]cell{
			"logpresso": up + ", 2 × duplicate", "mongosync": up + ", 1 × unreadable", "ses": up + ", 3 × duplicate, 2 × unreadable"}),
		changed("wrong types where no state and no ratio needs it: objects in the place of all", up, odd, secondary(asObject)).except(map[string]cell{
			"logpresso": up + ", 2 × duplicate, 6 × unreadable", "mongosync": up + ", 24 × unreadable", "mrs": up + ", 4 × unreadable",
			"mrs, manager behind a login": up + ", 4 × unreadable", "ses": up + ", 3 × duplicate, 8 × unreadable"}),
		changed("null in the place of all", up+", unknown", "what is null is absent, not 0", leaves(func(any) any { return nil })).speechless().except(map[string]cell{
			"logpresso": up + ", unknown, 2 × duplicate", "mongosync": reason(progress.Contract), "ses": up + ", none, 3 × duplicate",
		}),
		changed("numbers beyond int64: 9223372036854775808", up, leftOut, numbers("9223372036854775808")).except(outOfRange),
		changed("numbers beyond int64: 1e30", up, leftOut, numbers("1e30")).except(outOfRange),
		changed("numbers beyond float64: 1e999", reason(progress.Contract), "", numbers("1e999")),
		changed("progress below 0", up, leftOut, percent("-1")).except(below),
		changed("progress over 100", up, leftOut, percent("101")).except(over),
		changed("duplicate keys", up, "the last one counts", duplicateKeys),
		changed("invalid UTF-8 in every text", stranger, unknown, func(p product, good []byte) []byte {
			return bytes.ReplaceAll(texts("�")(p, good), []byte("�"), []byte("\xff\xc0\xaf"))
		}).except(anyStep),
		changed("control characters in every text", stranger, unknown, texts("\x00\x1b[31m\n\r\u0085\u202e\x7f")).except(anyStep),
		changed("control characters, not escaped", reason(progress.Decode), "", func(p product, good []byte) []byte {
			return bytes.ReplaceAll(texts("\n")(p, good), []byte(`\n`), []byte("\n"))
		}),
		changed("texts of 10 000 bytes", stranger, unknown, texts(strings.Repeat("長", 10_000/3))).except(anyStep),
		changed("100 000 nodes in full", reason(progress.TooLarge), "", func(p product, good []byte) []byte { return listed(p, good, many, p.entry) }).large(),
		changed("100 000 nodes with a name alone", reason(progress.TooLarge), "", func(p product, good []byte) []byte { return listed(p, good, many, p.short) }).large(),
		changed("10 000 nodes with a name alone", up+", 9500 × limit", leftOut, func(p product, good []byte) []byte { return listed(p, good, many/10, p.short) }).large().
			except(map[string]cell{"mongosync": up, "ses": up + ", pending, 9500 × limit"}), // warnings are only counted
		// The date of a node of ses is a series of its own.
		changed("duplicate node ids", up+", 2 × duplicate", leftOut, func(p product, good []byte) []byte {
			return listed(p, good, 4, func(i int) string { return p.entry(i % 2) })
		}).except(map[string]cell{"mongosync": up, "ses": up + ", pending, 4 × duplicate"}),
	}
}

// turn makes something else of a good answer.
type turn func(p product, good []byte) []byte

// leaves replaces every value that is neither an object nor a list.
func leaves(f func(any) any) turn {
	return func(p product, good []byte) []byte { return encode(eachLeaf(decode(good), []string{p.keep}, f)) }
}

// secondary is leaves for the fields that neither the state nor the ratio needs.
func secondary(f func(any) any) turn {
	return func(p product, good []byte) []byte { return encode(eachLeaf(decode(good), p.essential, f)) }
}

func eachLeaf(v any, keep []string, f func(any) any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if !slices.Contains(keep, key) {
				v[key] = eachLeaf(inner, keep, f)
			}
		}
		return v
	case []any:
		for i, inner := range v {
			v[i] = eachLeaf(inner, keep, f)
		}
		return v
	case nil:
		return nil
	}
	return f(v)
}

func asText(v any) any {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return v
}

func asNumber(v any) any {
	if _, ok := v.(string); ok {
		return 7
	}
	return v
}

func asObject(any) any { return map[string]any{} }

// numbers makes every number another one.
func numbers(n json.Number) turn {
	return leaves(func(v any) any {
		if _, ok := v.(json.Number); ok {
			return n
		}
		return v
	})
}

// texts puts something at the end of every text.
func texts(end string) turn {
	return leaves(func(v any) any {
		if s, ok := v.(string); ok {
			return s + end
		}
		return v
	})
}

// percent sets the fields of a product that hold progress.
func percent(n json.Number) turn {
	return func(p product, good []byte) []byte {
		v := decode(good)
		for _, name := range p.percent {
			set(v, name, n)
		}
		set(v, p.whole, 100)
		return encode(v)
	}
}

// set gives every field of that name a value.
func set(v any, name string, value any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if key == name {
				v[key] = value
			}
			set(inner, name, value)
		}
	case []any:
		for _, inner := range v {
			set(inner, name, value)
		}
	}
}

// listed replaces the list of nodes by n entries.
func listed(p product, good []byte, n int, entry func(i int) string) []byte {
	const here = "the list stands here"
	v := decode(good)
	in := v.(map[string]any)
	last := len(p.list) - 1
	for _, key := range p.list[:last] {
		in = in[key].(map[string]any)
	}
	in[p.list[last]] = here
	var list bytes.Buffer
	for i := range n {
		list.WriteByte(',')
		list.WriteString(entry(i))
	}
	list.Bytes()[0] = '['
	list.WriteByte(']')
	return bytes.Replace(encode(v), encode(here), list.Bytes(), 1)
}

// duplicateKeys says every key of every object twice, with null before its value.
func duplicateKeys(_ product, good []byte) []byte { return twice(decode(good)) }

func twice(v any) []byte {
	var out bytes.Buffer
	switch v := v.(type) {
	case map[string]any:
		out.WriteByte('{')
		for key, inner := range v {
			if out.Len() > 1 {
				out.WriteByte(',')
			}
			out.Write(encode(key))
			out.WriteString(":null,")
			out.Write(encode(key))
			out.WriteByte(':')
			out.Write(twice(inner))
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, inner := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			out.Write(twice(inner))
		}
		out.WriteByte(']')
	default:
		out.Write(encode(v))
	}
	return out.Bytes()
}
