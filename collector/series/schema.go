package series

import (
	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
)

// schema is every family, and where each product's own begin.
type schema struct {
	Families []families.Family
	own      map[string]ownFamilies // by API name
}

// ownFamilies says where a product's own families begin, and which ones they are.
type ownFamilies struct {
	first families.ID
	of    []progress.Family
}

// are reports whether these are the families of api. They are not for a moment, when the
// description of a product was changed and a read of before is still to be exposed.
func (o ownFamilies) are(api *progress.API) bool {
	return len(o.of) == len(api.Families) && (len(o.of) == 0 || &o.of[0] == &api.Families[0])
}

func newSchema(apis []progress.API) schema {
	s := schema{Families: families.Common(), own: map[string]ownFamilies{}}
	for i := range apis {
		api := &apis[i]
		s.own[api.Name] = ownFamilies{families.ID(len(s.Families)), api.Families}
		s.Families = append(s.Families, families.Own(api)...)
	}
	return s
}
