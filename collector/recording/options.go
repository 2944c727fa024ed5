package recording

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"progress_exporter/collector/confidential"
	"progress_exporter/collector/progress"
)

// Options returns the options of a target as they are recorded: enough to read its
// answers again, and without credentials, names of files, and the login, which is not
// made again. In the place of a credential stands a fixed word, because a product
// refuses options without it.
func Options(options map[string]any, secrets *progress.Secrets) (json.RawMessage, error) {
	if len(options) == 0 {
		return nil, nil
	}
	kept := map[string]any{}
	for name, value := range options {
		switch twin, isFile := strings.CutSuffix(name, "_file"); {
		case isFile:
			kept[twin] = confidential.Hidden
		case isLogin(name, value):
			kept[name] = map[string]any{"type": "none"}
		case confidential.Name(name):
			kept[name] = confidential.Hidden
		default:
			kept[name] = option(value, secrets)
		}
	}
	line, err := lineOf(kept)
	if err != nil {
		return nil, fmt.Errorf("the options cannot be written as JSON: %w", err)
	}
	return bytes.TrimSuffix(line, []byte("\n")), nil
}

// isLogin reports whether an option says how a session is opened.
func isLogin(name string, value any) bool {
	_, has := value.(map[string]any)
	return name == "login" && has
}

// option returns a value within the options as it may be kept.
func option(v any, secrets *progress.Secrets) any {
	switch v := v.(type) {
	case string:
		return secrets.Whole(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = option(v[i], secrets)
		}
		return list
	case map[string]any:
		m := map[string]any{}
		for name, inner := range v {
			if m[name] = option(inner, secrets); confidential.Name(name) {
				m[name] = confidential.Hidden
			}
		}
		return m
	}
	return v
}
