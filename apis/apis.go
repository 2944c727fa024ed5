// Package library is the products that the exporter reads without a program of their own:
// one description for each, which anybody may copy and change. What a key means is said
// in docs/describe.md.
package library

import (
	"embed"
	"fmt"
	"time"

	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

//go:embed *.yml
var files embed.FS

// Descriptions returns what is in the library, sorted by name, with the clock for the
// pauses between logins. It fails if a description is wrong, which the tests of this
// package rule out.
func Descriptions(now func() time.Time) ([]described.Description, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	accounts := session.New(now)
	list := make([]described.Description, 0, len(entries))
	for _, entry := range entries {
		content, err := files.ReadFile(entry.Name())
		if err != nil {
			return nil, err
		}
		d, err := described.Parse("apis/"+entry.Name(), content, accounts)
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}

// APIs returns the products of the library, to stand behind those of the program.
func APIs(now func() time.Time) []progress.API {
	list, err := Descriptions(now)
	if err != nil {
		panic(fmt.Sprintf("the library of this program is broken: %v", err))
	}
	products := make([]progress.API, len(list))
	for i, d := range list {
		products[i] = d.API
	}
	return products
}
