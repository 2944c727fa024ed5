package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// shipped are the files of the repository that every archive has, at the same place.
var shipped = []string{
	"README.md", "CHANGELOG.md", "LICENSE", "SECURITY.md", "targets.example.yml", "mixin/mixin.libsonnet",
	"docs/*.md", "docs/*/*.md", "docs/*.png", "examples/*.yml", "examples/*/*.y*ml", "examples/*/*/*.y*ml",
	"dashboards/*.json", "dashboards/alerts/*.rules.yml", "dashboards/alerts/*.md",
	"packaging/systemd/*",
}

// stage lays out what is the same on all platforms.
func stage(ctx context.Context, r release, dir string, platforms []string) error {
	for _, pattern := range shipped {
		names, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			if err := put(filepath.Join(dir, strings.TrimPrefix(name, "packaging/")), data); err != nil {
				return err
			}
		}
	}
	text, err := notice(ctx, platforms)
	if err != nil {
		return err
	}
	if err := put(filepath.Join(dir, "NOTICE"), []byte(text)); err != nil {
		return err
	}
	host := filepath.Join(dir, "..", "host") // this machine can run these
	if err := build(ctx, r, host, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	for _, m := range modules() {
		for _, name := range m.programs {
			program := filepath.Join(host, name)
			if err := explain(ctx, r, dir, program); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if !m.runs {
				continue
			}
			if err := complete(ctx, dir, program); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return os.RemoveAll(host)
}

// explain writes a program's manual page, which it knows itself.
func explain(ctx context.Context, r release, dir, program string) error {
	name := filepath.Base(program)
	page, err := command(ctx, nil, program, "--help-man")
	if err != nil {
		return err
	}
	page, err = manual(name, page, r)
	if err != nil {
		return err
	}
	return put(filepath.Join(dir, "man", name+".1"), []byte(page))
}

// complete writes a program's completions, which it knows itself.
func complete(ctx context.Context, dir, program string) error {
	name := filepath.Base(program)
	for shell, file := range map[string]string{"bash": name, "zsh": "_" + name} {
		script, err := command(ctx, nil, program, "--completion-script-"+shell)
		if err != nil {
			return err
		}
		if err := put(filepath.Join(dir, "completion", shell, file), []byte(strings.TrimLeft(script, "\n"))); err != nil {
			return err
		}
	}
	return nil
}

// put writes a file and makes the folder for it.
func put(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o644)
}
