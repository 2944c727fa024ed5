package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"time"
)

var (
	// self is how an SBOM refers to the modules of this repository. What version it has
	// depends on whether the tool understands the checkout; it understands no work tree of git.
	self = regexp.MustCompile(`pkg:golang/(progress_exporter(?:/replay)?)(?:@[^?"]*)?\?`)
	// machine is what the SBOM says of where it was made.
	machine = regexp.MustCompile(`goarch=[a-z0-9]+\\u0026goos=[a-z0-9]+\\u0026`)
)

// modulesOf returns the modules that programs are made of, by program.
func modulesOf(programs []string) (map[string][]string, error) {
	of := map[string][]string{}
	for _, p := range programs {
		info, err := buildinfo.ReadFile(p)
		if err != nil {
			return nil, err
		}
		of[p] = []string{}
		for _, m := range info.Deps {
			of[p] = append(of[p], m.Path)
		}
	}
	return of, nil
}

// fullest returns the first program that has all modules that any has: which ones a program
// is made of differs from platform to platform. There has to be one.
func fullest(of map[string][]string) (string, error) {
	names := slices.Sorted(maps.Keys(of))
	missing := "there is none"
	for _, full := range names {
		lacks := ""
		for _, other := range names {
			for _, m := range of[other] {
				if !slices.Contains(of[full], m) {
					lacks = fmt.Sprintf("%s lacks %s, which %s has", full, m, other)
				}
			}
		}
		if lacks == "" {
			return full, nil
		}
		missing = "none is made of all modules: " + lacks
	}
	return "", errors.New(missing)
}

// normalise gives an SBOM the version and the time of the release: the tool that
// wrote it takes a version of its own making, and the time and the machine of the run.
func normalise(file string, r release) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	data = self.ReplaceAll(data, []byte("pkg:golang/$1@"+r.version+"?"))
	data = machine.ReplaceAll(data, nil)
	var sbom map[string]any
	if err := json.Unmarshal(data, &sbom); err != nil {
		return err
	}
	metadata, _ := sbom["metadata"].(map[string]any)
	component, _ := metadata["component"].(map[string]any)
	if component == nil {
		return errors.New("the SBOM has no metadata.component")
	}
	metadata["timestamp"] = r.date.Format(time.RFC3339)
	component["version"] = r.version
	data, err = json.MarshalIndent(sbom, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}
