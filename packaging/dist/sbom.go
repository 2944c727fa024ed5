package main

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"time"
)

var (
	// self is how an SBOM refers to the modules of this repository. What version it has
	// depends on whether the tool understands the checkout; it understands no work tree of git.
	self = regexp.MustCompile(`pkg:golang/(progress_exporter(?:/replay)?)(?:@[^?"]*)?\?`)
	// machine is what the SBOM says of where it was made.
	machine = regexp.MustCompile(`goarch=[a-z0-9]+\\u0026goos=[a-z0-9]+\\u0026`)
)

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
