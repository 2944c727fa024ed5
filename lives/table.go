package lives

import "slices"

// All returns every life.
func All() []Life {
	var all []Life
	for _, p := range []*Product{Logpresso(), Mongosync(), MRS(), SES()} {
		all = append(all, common(p)...)
	}
	return slices.Concat(all, ofLogpresso(), ofMongosync(), sharded(), ofMRS(), ofSES(), faults(), ofLists())
}
