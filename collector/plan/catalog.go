package plan

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"progress_exporter/collector/described"
	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
	"progress_exporter/collector/targets"
)

// catalog is the products that the targets of a plan can name: those of the program, and
// those that its configuration describes.
type catalog struct {
	apis      []*progress.API
	described []describedAPI
}

// describedAPI is a product and the description that it was made of.
type describedAPI struct {
	text   targets.Description
	origin string
	api    *progress.API
}

// newCatalog makes a catalog. Descriptions that are in the old one as they are now stay
// what they were made of, so that their targets need not be opened anew. Its error says
// everything that is wrong with the others.
func newCatalog(own []progress.API, texts []targets.Description, old *catalog, accounts *session.Accounts) (*catalog, error) {
	c := &catalog{}
	for i := range own {
		c.apis = append(c.apis, &own[i])
	}
	var errs []error
	for _, text := range texts {
		d, err := old.describe(text, accounts)
		if err == nil {
			err = c.taken(d)
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		c.described = append(c.described, d)
		c.apis = append(c.apis, d.api)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if old != nil && slices.Equal(old.apis, c.apis) {
		c.apis = old.apis
	}
	return c, nil
}

// describe returns the product of a description, the old one if there is one.
func (c *catalog) describe(text targets.Description, accounts *session.Accounts) (describedAPI, error) {
	if c != nil {
		if at := slices.IndexFunc(c.described, func(d describedAPI) bool { return d.text.Same(text) }); at >= 0 {
			return c.described[at], nil
		}
	}
	d, err := described.ParseNode(text.File, text.Path, text.Node, accounts)
	return describedAPI{text, d.Origin, &d.API}, err
}

// taken returns an error if a name of a described product belongs to somebody else: its
// own, or that of one of its metrics.
func (c *catalog) taken(d describedAPI) error {
	if c.find(d.api.Name) != nil {
		owner := "a product of the exporter"
		if at := slices.IndexFunc(c.described, func(o describedAPI) bool { return o.api.Name == d.api.Name }); at >= 0 {
			owner = "the one at " + c.described[at].origin
		}
		return fmt.Errorf("%s: the name %s is already taken by %s; choose another", d.origin, d.api.Name, owner)
	}
	names := map[string]bool{}
	for _, f := range families.Common() {
		names[f.Name] = true
	}
	for _, api := range c.apis {
		for _, f := range families.Own(api) {
			names[f.Name] = true
		}
	}
	var errs []error
	for _, f := range families.Own(d.api) {
		if names[f.Name] || strings.HasPrefix(f.Name, "progress_exporter_") {
			errs = append(errs, fmt.Errorf("%s: the metric %s is already there; choose another name for it, or for the api", d.origin, f.Name))
		}
	}
	return errors.Join(errs...)
}

// find returns the product of that name, nil if there is none.
func (c *catalog) find(name string) *progress.API {
	for _, api := range c.apis {
		if api.Name == name {
			return api
		}
	}
	return nil
}

// names lists the products, for whoever misspelt one.
func (c *catalog) names() string {
	names := make([]string, len(c.apis))
	for i, api := range c.apis {
		names[i] = api.Name
	}
	return strings.Join(names, ", ")
}
