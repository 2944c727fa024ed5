package palette

import (
	"fmt"
	"strings"
)

// Style returns the colours as CSS: what has the attribute data-kind, and what is in
// it, gets the variable --tint, as the reader's browser prefers light or dark.
func Style() string {
	var light, dark strings.Builder
	for _, k := range Kinds() {
		fmt.Fprintf(&light, "[data-kind=%q] { --tint: %s; }\n", k.Word, k.Light)
		fmt.Fprintf(&dark, "  [data-kind=%q] { --tint: %s; }\n", k.Word, k.Dark)
	}
	return light.String() + "@media (prefers-color-scheme: dark) {\n" + dark.String() + "}\n"
}
