package main

import (
	"context"
	"fmt"
)

// cyclonedx writes the SBOM.
const cyclonedx = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"

// plain is the environment that decides nothing about what is built: whatever is set
// outside, the same commit makes the same programs.
var plain = []string{"CGO_ENABLED=0", "GOFLAGS=", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT="}

// build compiles the programs, static and without paths of the machine, into a folder.
func build(ctx context.Context, r release, dir, system, arch string) error {
	const v = "github.com/prometheus/common/version."
	ldflags := fmt.Sprintf("-s -w -X %sVersion=%s -X %sRevision=%s -X %sBranch=v%s -X %sBuildDate=%s",
		v, r.version, v, r.revision, v, r.version, v, r.date.Format("20060102-15:04:05"))
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", dir + "/"}
	for _, program := range programs {
		args = append(args, "./cmd/"+program)
	}
	_, err := command(ctx, append(plain, "GOOS="+system, "GOARCH="+arch), "go", args...)
	return err
}

// bill writes which modules the exporter is made of, with their licences, as
// CycloneDX. The tool knows the version from git alone, and takes the time of the
// run unless it is told to leave it out.
func bill(ctx context.Context, r release, file string) error {
	_, err := command(ctx, plain, "go", "run", cyclonedx, "mod", "-json", "-licenses", "-noserial", "-type", "application", "-output", file)
	if err != nil {
		return err
	}
	return normalise(file, r)
}
