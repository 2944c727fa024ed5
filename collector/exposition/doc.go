// Package exposition sends metric families in the format and the compression that a
// client asks for.
package exposition
