// Package sanitize makes a report fit to be shown and kept, whatever a product sent:
// values in range, texts without secrets, short and valid UTF-8, no series twice, and
// every list bounded.
package sanitize
