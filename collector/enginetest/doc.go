// Package enginetest has targets, products and plans for the tests of the engine's
// packages. No program contains it.
package enginetest
