// Command dist makes what a release consists of: for each platform an archive of the
// four programs, their manual pages and completions, the examples, the rules and the
// dashboards; the licences of everything that is linked in; for each module a list of what
// that is (SBOM); and the checksums. The same commit makes the same bytes, wherever and
// whenever it runs.
//
// It is to be run in the root of the repository, with git and the network at hand.
package main

import (
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// module is a Go module of the repository, with its programs that are shipped.
type module struct {
	dir      string // below the root
	name     string // of its SBOM
	below    string // the folder of the programs' packages in it
	programs []string
	runs     bool // people run the programs by their names
}

// packages returns those of the programs.
func (m *module) packages() []string {
	var list []string
	for _, program := range m.programs {
		list = append(list, m.below+program)
	}
	return list
}

// modules returns what is shipped. progress_replay has Prometheus inside, and is run by
// progressctl replay.
func modules() []module {
	return []module{
		{".", "progress_exporter", "./cmd/", []string{"progress_exporter", "progressctl", "progress_sim"}, true},
		{"replay", "progress_replay", "./", []string{"progress_replay"}, false},
	}
}

func main() {
	out := flag.String("out", "build/dist", "The folder to write to. What is in it is removed.")
	platforms := flag.String("platforms", "linux/amd64,linux/arm64,darwin/arm64,windows/amd64", "For what to build.")
	version := flag.Bool("version", false, "Print the version that would be built, and exit.")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *out, strings.Split(*platforms, ","), *version); err != nil {
		fmt.Fprintln(os.Stderr, "dist:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out string, platforms []string, onlyVersion bool) error {
	r, err := current(ctx)
	if err != nil || onlyVersion {
		fmt.Println(r.version)
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	common := filepath.Join(out, "common")
	if err := stage(ctx, r, common, platforms); err != nil {
		return err
	}
	archives := []string{}
	for _, p := range platforms {
		name, err := pack(ctx, r, out, common, p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		archives = append(archives, name)
		fmt.Println(filepath.Join(out, name))
	}
	for _, m := range modules() {
		sbom := fmt.Sprintf("%s-%s.cdx.json", m.name, r.version)
		if err := bill(ctx, r, &m, out, filepath.Join(out, sbom)); err != nil {
			return err
		}
		archives = append(archives, sbom)
	}
	return checksums(out, archives)
}

// pack builds the programs for one platform and makes the archive of it. It returns
// the archive's name.
func pack(ctx context.Context, r release, out, common, platform string) (string, error) {
	system, arch, found := strings.Cut(platform, "/")
	if !found {
		return "", fmt.Errorf("is not SYSTEM/ARCHITECTURE, such as linux/amd64")
	}
	name := fmt.Sprintf("progress_exporter-%s.%s-%s", r.version, system, arch)
	dir := filepath.Join(out, name)
	if err := build(ctx, r, dir, system, arch); err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(common)); err != nil {
		return "", err
	}
	archive := name + ".tar.gz"
	write := writeTar
	if system == "windows" {
		archive, write = name+".zip", writeZip
	}
	f, err := os.Create(filepath.Join(out, archive))
	if err != nil {
		return "", err
	}
	defer f.Close()
	if err := write(f, dir, r.date); err != nil {
		return "", err
	}
	return archive, f.Close()
}

// checksums writes SHA256SUMS, as `sha256sum --check` reads it.
func checksums(out string, names []string) error {
	var sums strings.Builder
	for _, name := range slices.Sorted(slices.Values(names)) {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
