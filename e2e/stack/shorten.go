package stack

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

// inExpression finds the durations of an expression: ranges, the steps of
// subqueries, and offsets. A number of seconds that is compared with a metric is
// none of them: it stays.
var inExpression = regexp.MustCompile(`\[[^\]]*\]|\boffset\s+-?[0-9a-z]+`)

var duration = regexp.MustCompile(`\b([0-9]+(ms|[smhdwy]))+\b`)

// ShortenRules returns a rules file of Prometheus with time divided by a factor, so
// that a drill takes seconds instead of hours. Divided are the `interval` and
// `query_offset` of groups, `for` and `keep_firing_for` of rules, and the durations
// in `expr`; all else is as it was, the numbers in expressions included. A duration
// that would not be a whole number of milliseconds, or none at all, is an error.
func ShortenRules(rules []byte, factor int) ([]byte, error) {
	return rewrite(rules, func(key, value string) (string, error) {
		switch key {
		case "interval", "query_offset", "for", "keep_firing_for":
			return divide(value, factor)
		case "expr":
			return divideEach(value, factor)
		}
		return value, nil
	})
}

// divideEach divides every duration of an expression.
func divideEach(expr string, factor int) (string, error) {
	var failed error
	divided := inExpression.ReplaceAllStringFunc(expr, func(part string) string {
		return duration.ReplaceAllStringFunc(part, func(d string) string {
			short, err := divide(d, factor)
			failed = errors.Join(failed, err)
			return short
		})
	})
	return divided, failed
}

// divide divides a duration as Prometheus writes it.
func divide(text string, factor int) (string, error) {
	d, err := model.ParseDuration(text)
	if err != nil {
		return "", err
	}
	short := time.Duration(d) / time.Duration(factor)
	if d != 0 && (short < time.Millisecond || short%time.Millisecond != 0) {
		return "", fmt.Errorf("%s / %d is not a whole number of milliseconds", text, factor)
	}
	return model.Duration(short).String(), nil
}

// rewrite returns a YAML document with every value changed by a function of it and
// its key; the elements of a list have the key of the list.
func rewrite(document []byte, change func(key, value string) (string, error)) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(document, &root); err != nil {
		return nil, err
	}
	if err := rewriteNode(&root, "", change); err != nil {
		return nil, err
	}
	return yaml.Marshal(&root)
}

func rewriteNode(n *yaml.Node, key string, change func(key, value string) (string, error)) error {
	if n.Kind == yaml.ScalarNode {
		value, err := change(key, n.Value)
		if err != nil {
			return fmt.Errorf("line %d: %s: %w", n.Line, key, err)
		}
		n.Value = value
		return nil
	}
	var failed error
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			continue // a key
		}
		if n.Kind == yaml.MappingNode {
			key = n.Content[i-1].Value
		}
		failed = errors.Join(failed, rewriteNode(child, key, change))
	}
	return failed
}
