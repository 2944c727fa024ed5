// Package docs_test gives a shell every command of README and docs, as it stands there.
package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest/race"
)

// way is how a command is tried that does not simply end with the output that the page
// shows.
type way int

const (
	_        way = iota
	varies       // times and numbers differ from what the page shows
	moment       // it shows a moment of a job: given again until it shows that of the page
	stays        // it goes on: until its output is what the page shows, then beside the others
	runsLong     // make: only that the target exists
	slow         // only with COMMANDS=all in the environment
	notHere      // it cannot be tried
)

// exception is a command that is tried in another way, and why.
type exception struct {
	page, command string // how the command begins
	way           way
	why           string
	until         string // stays: what it writes when it can be used, if the page shows nothing
}

// Every command that is not here ends with success, or with the output that its page
// shows, letter by letter.
var exceptions = []exception{
	{"README.md", "wget -qO- https://go.dev", notHere, "downloads Go, and installs it as root", ""},
	{"README.md", "make demo SCENARIO=fail SPEED=4 STACK=1", notHere, "Prometheus may have to be fetched; TestDrill has the same files, rules and alerts", ""},
	{"README.md", "make demo", stays, "it ends with Ctrl-C", ""},
	{"README.md", "bin/progress_exporter --config.file=targets.example.yml --memory.file", stays, "it is a server", "Listening on"},
	{"README.md", "prometheus ", notHere, "Prometheus may not be here; TestDrill starts it with the same file", ""},
	{"README.md", "alertmanager ", notHere, "Alertmanager may not be here; TestDrill starts it with the same file", ""},
	{"README.md", "bin/progressctl --config.file=targets.example.yml watch", stays, "it draws bars on a terminal only, which TestWatchInATerminal compares", "siem-parser-pack running"},
	{"README.md", "bin/progressctl --config.file=targets.example.yml wait", varies, "the job moves on", ""},
	{"README.md", "make test", runsLong, "it runs this test", ""},
	{"charts/progress-exporter/README.md", "kubectl ", notHere, "there is no cluster here", ""},
	{"charts/progress-exporter/README.md", "helm ", notHere, "there is no cluster here; make chart renders the chart", ""},
	{"docs/benchmarks.md", "make memory", runsLong, "it measures the machine, for half a minute", ""},
	{"docs/dashboards.md", "sudo install", notHere, "it installs files for Grafana, as root; TestProvisioned does the same", ""},
	{"docs/describe.md", "cat >job.sh", stays, "the job goes on for ten minutes", "Serving HTTP on"},
	{"docs/describe.md", "curl -s http://127.0.0.1:18777", moment, "the job may not have begun", ""},
	{"docs/describe.md", "progressctl try", varies, "the job moves on", ""},
	{"docs/describe.md", "progressctl get", varies, "the job moves on", ""},
	{"docs/describe.md", "progress_exporter", stays, "it is a server", "Listening on"},
	{"docs/describe.md", "curl -s localhost:10091", varies, "the job moves on", ""},
	{"docs/describe.md", "prometheus ", notHere, "Prometheus may not be here; TestDrill starts it with the same rules", ""},
	{"docs/memory.md", "progress_exporter", stays, "it is a server", "Listening on"},
	{"docs/progressctl.md", "progress_sim", stays, "it ends with Ctrl-C", "playing"},
	{"docs/progressctl.md", "progressctl check", moment, "jobs begin after nine seconds", ""},
	{"docs/progressctl.md", "progressctl get", moment, "jobs begin after nine seconds", ""},
	{"docs/progressctl.md", "progressctl watch", stays, "it draws bars on a terminal only, which TestWatchInATerminal compares", "siem-parser-pack running"},
	{"docs/progressctl.md", "progressctl wait", varies, "the job moves on", ""},
	{"docs/progressctl.md", "progressctl --config.file=uploaded.yml start-install --target siem-parser-pack --token-file install.token --overwrite", stays, "the job file stays for ten minutes", ""},
	{"docs/replay.md", "progress_sim", stays, "it ends with Ctrl-C", "playing"},
	{"docs/replay.md", "progressctl record", varies, "the job moves on", ""},
	{"docs/replay.md", "make -C ../.. replay", slow, "it compiles Prometheus, for minutes on a new machine", ""},
	{"docs/replay.md", "progressctl replay", slow, "it needs make replay", ""},
	{"docs/replay.md", "progress_exporter", stays, "it is a server", "Listening on"},
	{"docs/robustness.md", "make soak", runsLong, "it takes minutes", ""},
}

// TestCommands goes through each page as its reader would, in a clean checkout with the
// programs built.
func TestCommands(t *testing.T) {
	if race.Enabled {
		t.Skip("shells are no business of the race detector; make unit runs them without it")
	}
	files := tracked(t)
	clean := checkout(t, files)
	if out, err := command(clean, "make", "build").CombinedOutput(); err != nil {
		t.Fatalf("make build: %v\n%s", err, out)
	}
	used := make([]bool, len(exceptions))
	for _, file := range files {
		if filepath.Ext(file) != ".md" || strings.HasPrefix(file, ".") || strings.Contains(file, "testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		p := read(file, string(text))
		ways := p.exceptions(used)
		if !p.hasCommands() {
			continue
		}
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			if out, err := exec.Command("cp", "-a", clean+"/.", folder).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			p.try(t, folder, ways)
		})
	}
	for i, e := range exceptions {
		if !used[i] {
			t.Errorf("%s has no command any more that begins with %q", e.page, e.command)
		}
	}
}

// exceptions returns that of each step, and notes which are used.
func (p page) exceptions(used []bool) []exception {
	ways := make([]exception, len(p.steps))
	for i, s := range p.steps {
		for j, e := range exceptions {
			if e.page == p.name && s.file == "" && ways[i].way == 0 && strings.HasPrefix(s.command, e.command) {
				ways[i], used[j] = e, true // the first that fits
			}
		}
	}
	return ways
}

// hasCommands returns whether the page has more than files to save.
func (p page) hasCommands() bool {
	for _, s := range p.steps {
		if s.file == "" {
			return true
		}
	}
	return false
}

// try goes through the page in a folder.
func (p page) try(t *testing.T, folder string, ways []exception) {
	staying := 0
	for _, e := range ways {
		if e.way == stays {
			staying++
		}
	}
	shell := open(t, folder, staying)
	for i, s := range p.steps {
		judgedNext := i+1 < len(p.steps) && p.steps[i+1].command == "echo $?"
		if !p.step(t, shell, s, ways[i], judgedNext) {
			return
		}
	}
}

// step tries a command. It returns false if the page cannot go on.
func (p page) step(t *testing.T, shell *session, s step, e exception, judgedNext bool) bool {
	var output string
	var status int
	ok := false
	way := e.way
	switch {
	case way == slow && os.Getenv("COMMANDS") == "all":
		way = 0
	case way == slow, way == notHere:
		return true
	}
	switch way {
	case runsLong:
		output, status = shell.do("make -n " + strings.TrimPrefix(s.command, "make "))
		ok = status == 0
	case stays:
		enough := func(text string) bool { return matches(s.shown, text, true, true) }
		if e.until != "" {
			enough = regexp.MustCompile(e.until).MatchString
		}
		output, ok = shell.stay(s.command, enough)
	case moment:
		output, status, ok = shell.again(s.command, func(text string) bool { return matches(s.shown, text, true, false) })
	default:
		output, status = shell.do(s.command)
		ok = status == 0 || len(s.shown) > 0 || judgedNext
		if len(s.shown) > 0 || s.command == "echo $?" {
			ok = matches(s.shown, output, way == varies, false)
		}
	}
	if !ok {
		t.Errorf("%s:%d: $ %s\nexit status %d, wrote\n%s\nand the page shows\n%s", p.name, s.line, s.command, status, output, strings.Join(s.shown, "\n"))
	}
	return ok
}

// checkout copies the files of the repository, into one without commits, and nothing that
// was built.
func checkout(t *testing.T, files []string) string {
	t.Helper()
	folder := t.TempDir()
	list := strings.Join(files, "\n")
	cmd := exec.Command("bash", "-c", `set -o pipefail; tar -c -T - | tar -x -C "$0" && cd "$0" && git init -q && git add .`, folder)
	cmd.Dir, cmd.Stdin = "..", strings.NewReader(list)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return folder
}

// tracked returns the files of the repository.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := command("..", "git", "ls-files").Output()
	if err != nil {
		t.Skip("not a checkout of git:", err)
	}
	return strings.Fields(string(out))
}

func command(folder string, argv ...string) *exec.Cmd {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = folder, environment()
	return cmd
}
