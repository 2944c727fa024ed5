// Package plan turns a configuration into targets that are ready to be read: options
// checked, clients built, labels sorted, files within their bound. Nothing in it asks a
// product.
package plan
