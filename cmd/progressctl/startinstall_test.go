package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"progress_exporter/cmd/internal/scripttest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/collectortest/programs"
	"progress_exporter/collector/logpresso/logpressotest"
)

// TestStartInstallScripts runs the program beside a real exporter, which listens
// at $ADDRESS once a script has started it.
func TestStartInstallScripts(t *testing.T) {
	bin := t.TempDir()
	programs.Build(t, "", bin, "progress_exporter/cmd/progress_exporter")
	testscript.Run(t, testscript.Params{
		Dir: "testdata/start-install",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", bin+string(os.PathListSeparator)+env.Getenv("PATH"))
			env.Setenv("TOKEN", token)
			env.Setenv("KEY", key)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			env.Setenv("ADDRESS", l.Addr().String())
			return l.Close()
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"uploaded": uploaded, "rights": rights, "logged": logged, "exits": exits, "plays": plays, "answers": answers, "plain": plain,
			"expand": scripttest.Expand, "until": scripttest.Until,
		},
	})
}

// uploaded NAME [SCENARIO LENGTH [OBSTACLE]]: a product at $NAME that has a package
// for $TOKEN. Its story, of that length, begins with the install.
func uploaded(ts *testscript.TestScript, _ bool, args []string) {
	s := &logpressotest.Server{Token: token, Key: key, Uploaded: true}
	if len(args) > 2 {
		length, err := time.ParseDuration(args[2])
		ts.Check(err)
		s.Drill = drill.Drill{Scenario: drill.Scenario(args[1]), Length: length}
	}
	if len(args) > 3 {
		s.Obstacle = args[3]
	}
	serve(ts, args[0], s)
}

// rights MODE FILE: the file has these rights.
func rights(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has the rights %s, want %s", args[1], got, args[0])
	}
}

// logged REGEXP FILE: waits until a line of the file matches.
func logged(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[0])
	for deadline := time.Now().Add(20 * time.Second); !pattern.MatchString(ts.ReadFile(args[1])); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			ts.Fatalf("waited in vain for %s in\n%s", args[0], ts.ReadFile(args[1]))
		}
	}
}

// beside writes a configuration with the target sonar at an address, and returns
// what runs start-install on it with more arguments.
func beside(t *testing.T, address string) (dir string, run func(ctx context.Context, stdin string, args ...string) (code int, stdout, stderr string)) {
	t.Helper()
	dir = t.TempDir()
	config := fmt.Sprintf(`
target_files: [jobs/*.yml]
targets:
- {name: sonar, api: logpresso, url: %q, http_client_config: {authorization: {credentials: %q}}, options: {token: %q}}
- {name: shard0, api: mongosync, url: 'http://127.0.0.1:1'}
`, address, key, token)
	if err := os.WriteFile(filepath.Join(dir, "targets.yml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "jobs"), 0o755); err != nil {
		t.Fatal(err)
	}
	return dir, func(ctx context.Context, stdin string, args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		p := &program{stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr}
		args = append([]string{"--config.file=" + filepath.Join(dir, "targets.yml"), "start-install"}, args...)
		code := p.main(ctx, args)
		return code, stdout.String(), stderr.String()
	}
}

// What is wrong with the command line is found before anybody is asked, and no
// token is repeated.
func TestStartInstallUsage(t *testing.T) {
	product := &logpressotest.Server{Uploaded: true}
	dir, run := beside(t, begun(t, product))
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	twice, other, there := write("two.token", token+"\n"+token), write("install.token", token+"\n"), write("jobs/there.yml", "targets: []")
	const commandLine = "a token does not belong on the command line, which everybody on this machine can read, and which the shell may keep; put it into a file for --token-file, or give it on standard input with -"
	const notToken = " does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"
	for _, tc := range []struct {
		name string
		args []string
		want string
	}{
		{"no target", nil, "required flag(s) '--target' not provided"},
		{"unknown target", []string{"--target=nobody"}, `no target is called "nobody"`},
		{"another product", []string{"--target=shard0"}, `the target "shard0" has the api mongosync; only logpresso can start an install`},
		{"token as an argument", []string{"--target=sonar", token}, "the only argument is -, for standard input; " + commandLine},
		{"token twice as an argument", []string{"--target=sonar", "-", token}, "the only argument is -, for standard input; " + commandLine},
		{"token as a file", []string{"--target=sonar", "--token-file", token}, commandLine},
		{"two places", []string{"--target=sonar", "--token-file=" + other, "-"}, "the token is to come from two places; keep one of --token-file and -"},
		{"standard input twice", []string{"--target=sonar", "-", "-"}, "the token is to come from two places; keep one of --token-file and -"},
		{"nothing on standard input", []string{"--target=sonar", "-"}, "standard input" + notToken},
		{"nothing on standard input, as a file", []string{"--target=sonar", "--token-file", "-"}, "standard input" + notToken},
		{"no file", []string{"--target=sonar", "--token-file=" + dir + "/none"}, "the install token cannot be read: open " + dir + "/none: no such file or directory"},
		{"a directory", []string{"--target=sonar", "--token-file=" + dir}, "the install token cannot be read: read " + dir + ": is a directory"},
		{"no token in the file", []string{"--target=sonar", "--token-file=" + twice}, "the file of --token-file" + notToken},
		{"flags without effect", []string{"--target=sonar", "--timeout=1h", "--interval=1s", "--mode=0640", "--group=0", "--linger=1m"},
			"--timeout needs --wait\n--interval needs --wait\n--mode needs --job-file\n--group needs --job-file\n--linger needs --wait and --job-file"},
		{"nothing to linger for", []string{"--target=sonar", "--job-file=" + dir + "/jobs/a.yml", "--linger=1m"}, "--linger needs --wait and --job-file"},
		{"negative linger", []string{"--target=sonar", "--wait", "--job-file=" + dir + "/jobs/a.yml", "--linger=-1m"}, "--linger must not be negative"},
		{"odd mode", []string{"--target=sonar", "--job-file=" + dir + "/jobs/a.yml", "--mode=u+r"}, `--mode is "u+r", want an octal number such as 0640`},
		{"large mode", []string{"--target=sonar", "--job-file=" + dir + "/jobs/a.yml", "--mode=4640"}, `--mode is "4640", want an octal number such as 0640`},
		{"unknown group", []string{"--target=sonar", "--job-file=" + dir + "/jobs/a.yml", "--group=no-such-group"}, "--job-file: --group: group: unknown group no-such-group"},
		{"job file is there", []string{"--target=sonar", "--job-file=" + there}, "--job-file: " + there + " is there already; is an install of that name under way? Remove the file, or choose another name"},
		{"hidden job file", []string{"--target=sonar", "--job-file=" + dir + "/jobs/.a.yml"}, "--job-file " + dir + "/jobs/.a.yml: exporters pass over files whose names begin with a dot"},
		{"name is taken", []string{"--target=sonar", "--job-file=" + dir + "/jobs/shard0.yml"},
			"--job-file: " + dir + `/jobs/shard0.yml:2: targets[0]: the name "shard0" is already taken at ` + dir + "/targets.yml:5: targets[1]"},
		{"no directory", []string{"--target=sonar", "--job-file=" + dir + "/none/a.yml"}, "--job-file: open " + dir + "/none/.a.yml.N: no such file or directory"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			code, stdout, stderr := run(t.Context(), "", tc.args...)
			stderr = regexp.MustCompile(`\.yml\.\d+`).ReplaceAllString(stderr, ".yml.N")
			if tc.name == "no directory" {
				_, stderr, _ = strings.Cut(stderr, "does not read it\n")
			}
			if want := "progressctl: " + tc.want + "; try --help\n"; code != exitUsage || stdout != "" || stderr != want {
				t.Errorf("exit code %d, stdout %q, stderr\n%swant 2, nothing, and\n%s", code, stdout, stderr, want)
			}
		})
	}
	if n := product.Requests(); n != 0 {
		t.Errorf("the product was asked %d times, want never", n)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "jobs", ".*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// What a refused file declares is not what is watched, and nobody is asked for it.
func TestStartInstallOfARefusedFile(t *testing.T) {
	dir, run := beside(t, begun(t, &logpressotest.Server{Uploaded: true}))
	refused := filepath.Join(dir, "jobs", "refused.yml")
	text := "targets:\n- {name: mine, api: logpresso, url: 'http://127.0.0.1:1', options: {token_dir: .}}\n- {name: sonar, api: logpresso, url: 'http://127.0.0.1:1', options: {token_dir: .}}\n"
	if err := os.WriteFile(refused, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := run(t.Context(), "", "--target=mine")
	want := `progressctl: the target "mine" stands in a target file that is refused: ` + refused + `:3: targets[1]: the name "sonar" is already taken at ` + dir + "/targets.yml:4: targets[0]; try --help\n"
	if code != exitUsage || stdout != "" || stderr != want {
		t.Errorf("exit code %d, stdout %q, stderr\n%swant 2, nothing, and\n%s", code, stdout, stderr, want)
	}
}
