// Package series turns a snapshot into metric families. It asks nothing and remembers
// nothing: the same snapshot makes the same series.
package series
