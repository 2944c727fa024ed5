package targets

import (
	"reflect"
	"slices"

	"gopkg.in/yaml.v3"
)

// Same reports whether two targets say the same, wherever they stand: what was
// opened for one serves the other.
func (t *Target) Same(u *Target) bool {
	if t == u {
		return true
	}
	if !sameNode(t.options.node, u.options.node) || t.options.dir != u.options.dir {
		return false
	}
	mine := *t
	mine.Origin, mine.options, mine.entry = u.Origin, u.options, u.entry
	return reflect.DeepEqual(&mine, u)
}

func sameNode(a, b *yaml.Node) bool {
	if a == nil || b == nil {
		return a == b
	}
	a, b = setting{node: a}.resolved(), setting{node: b}.resolved()
	return a.Kind == b.Kind && a.ShortTag() == b.ShortTag() && a.Value == b.Value &&
		slices.EqualFunc(a.Content, b.Content, sameNode)
}
