package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// release is what the version of the programs is made from.
type release struct {
	version  string    // 0.1.0, or 0.1.0-dev.COMMIT before the tag, with .dirty if files are not committed
	revision string    // the full commit
	date     time.Time // of the commit: the time of everything in the archives
}

// current reads VERSION, the changelog and git, which have to agree.
func current(ctx context.Context) (release, error) {
	version, err := os.ReadFile("VERSION")
	if err != nil {
		return release{}, err
	}
	changelog, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return release{}, err
	}
	var failed error
	git := func(args ...string) string {
		said, err := command(ctx, nil, "git", args...)
		failed = errors.Join(failed, err)
		return strings.TrimSpace(said)
	}
	r := release{version: strings.TrimSpace(string(version)), revision: git("rev-parse", "HEAD")}
	r.date, err = time.Parse(time.RFC3339, git("log", "-1", "--format=%cI"))
	tags := strings.Fields(git("tag", "--points-at", "HEAD"))
	dirty := git("status", "--porcelain") != ""
	if err = errors.Join(failed, err); err != nil {
		return release{}, err
	}
	r.date = r.date.UTC()
	tagged, err := agree(r.version, string(changelog), tags)
	if err != nil {
		return release{}, err
	}
	if !tagged || dirty {
		r.version += "-dev." + r.revision[:12]
	}
	if dirty {
		r.version += ".dirty"
	}
	return r, nil
}

var (
	number  = regexp.MustCompile(`^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$`)
	heading = regexp.MustCompile(`(?m)^## (.*)$`)
	dated   = regexp.MustCompile(`^(\S+) / (\d{4}-\d{2}-\d{2}|unreleased)$`)
)

// agree holds VERSION, the newest section of the changelog ("## 0.1.0 / 2026-12-01",
// or "/ unreleased") and the tags of the commit against each other, and says whether
// the commit is tagged as the release of that version.
func agree(version, changelog string, tags []string) (bool, error) {
	if !number.MatchString(version) {
		return false, fmt.Errorf("VERSION: %q is not MAJOR.MINOR.PATCH", version)
	}
	newest := heading.FindStringSubmatch(changelog)
	if newest == nil {
		return false, errors.New("CHANGELOG.md: has no section, which begins with ##")
	}
	section := dated.FindStringSubmatch(newest[1])
	if section == nil {
		return false, fmt.Errorf("CHANGELOG.md: the newest section is %q; want %q or %q", newest[1], version+" / YYYY-MM-DD", version+" / unreleased")
	}
	if section[1] != version {
		return false, fmt.Errorf("CHANGELOG.md: the newest section is of %s, but VERSION is %s", section[1], version)
	}
	tagged := false
	for _, tag := range tags {
		switch {
		case !strings.HasPrefix(tag, "v"):
		case tag != "v"+version:
			return false, fmt.Errorf("the commit is tagged %s, but VERSION is %s", tag, version)
		case section[2] == "unreleased":
			return false, fmt.Errorf("the commit is tagged %s, but CHANGELOG.md calls %s unreleased", tag, version)
		default:
			tagged = true
		}
	}
	return tagged, nil
}

// command runs a program with these variables beside the environment's and returns
// what it prints. An error has what it said.
func command(ctx context.Context, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(os.Environ(), env...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, said.String())
	}
	return string(out), nil
}
