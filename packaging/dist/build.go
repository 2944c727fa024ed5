package main

import (
	"context"
	"fmt"
	"path/filepath"
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
	to, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for _, m := range modules() {
		args := append([]string{"build", "-C", m.dir, "-trimpath", "-buildvcs=false", "-ldflags", ldflags, "-o", to + "/"}, m.packages()...)
		if _, err := command(ctx, append(plain, "GOOS="+system, "GOARCH="+arch), "go", args...); err != nil {
			return err
		}
	}
	return nil
}

// bill writes which modules the programs of a module are made of, with their licences, as
// CycloneDX. The tool knows the version from git alone, and takes the time of the
// run unless it is told to leave it out. Of a module that replaces another by a folder it
// can tell from a program alone, which is looked for among the archives' folders: that of
// a platform whose program has the modules of all others.
func bill(ctx context.Context, r release, m *module, out, file string) error {
	to, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	args := []string{"run", "-C", m.dir, cyclonedx, "mod", "-json", "-licenses", "-noserial", "-type", "application", "-output", to}
	if m.dir != "." {
		built, err := filepath.Glob(filepath.Join(out, "*", m.programs[0]+"*"))
		if err != nil {
			return err
		}
		of, err := modulesOf(built)
		if err != nil {
			return err
		}
		program, err := fullest(of)
		if err != nil {
			return fmt.Errorf("%s below %s: %w", m.programs[0], out, err)
		}
		if program, err = filepath.Abs(program); err != nil {
			return err
		}
		args = []string{"run", "-C", m.dir, cyclonedx, "bin", "-json", "-licenses", "-noserial", "-version", "v" + r.version, "-output", to, program}
	}
	if _, err := command(ctx, plain, "go", args...); err != nil {
		return err
	}
	return normalise(file, r)
}
