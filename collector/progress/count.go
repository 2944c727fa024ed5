package progress

// maxValues bounds the objects, lists and entries of an answer: decoded, each may take
// a hundred times its bytes. An answer about 500 nodes has some thousand, whatever is
// said of each.
const maxValues = 100_000

// maxContainers bounds the objects and lists among them, which take the most.
const maxContainers = 20_000

// census is what an answer holds, counted before anything of it is kept.
type census struct {
	containers int // objects and lists
	values     int // them, and whatever is separated by a comma
	depth      int // of the deepest
}

// count reads an answer once, without decoding it. What is no JSON gets some count.
func count(body []byte) census {
	var c census
	level, inString := 0, false
	for i := 0; i < len(body); i++ {
		switch b := body[i]; {
		case inString && b == '\\':
			i++
		case b == '"':
			inString = !inString
		case inString:
		case b == '{' || b == '[':
			c.containers++
			c.values++
			level++
			c.depth = max(c.depth, level)
		case b == '}' || b == ']':
			level--
		case b == ',':
			c.values++
		}
	}
	return c
}
