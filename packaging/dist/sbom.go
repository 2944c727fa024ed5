package main

import (
	"encoding/json"
	"errors"
	"os"
	"time"
)

// normalise gives an SBOM the version and the time of the release: the tool that
// wrote it takes a version of its own making, and the time at which it ran.
func normalise(file string, r release) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
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
