package apis_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest/programs"
)

const module = "progress_exporter/"

// listed is what `go list -json` says about a package.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

// packages returns the packages of the module, by path below it.
func packages(t *testing.T) map[string]listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "progress_exporter/...")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimPrefix(p.ImportPath, module)] = p
	}
}

// TestArrows keeps the packages apart: what each may import of the module, and of
// everybody else's modules. It is what makes a product a folder and a line.
func TestArrows(t *testing.T) {
	all := packages(t)
	products := []string{}
	for _, api := range apis.All(time.Now) {
		products = append(products, "collector/"+api.Name)
	}
	rules := map[string]struct {
		why     string
		module  []string // packages of ours it may import
		foreign []string // modules of others, by prefix
	}{
		"collector/progress":   {"the vocabulary needs the standard library only", nil, nil},
		"collector/apis":       {"the one list of products", append([]string{"collector/progress", "apis"}, products...), nil},
		"collector/fetch":      {"the one place that does HTTP", []string{"collector/progress", "collector/targets"}, []string{"github.com/prometheus/common", "golang.org/x", "github.com/golang-jwt/jwt"}},
		"collector/memoryfile": {"a file that knows neither Prometheus nor the engine", nil, []string{"golang.org/x/sys"}},
		"apis":                 {"the library is descriptions and nothing else", []string{"collector/progress", "collector/described", "collector/session"}, nil},
		"collector/session":    {"what logins bring knows no product", []string{"collector/progress"}, nil},
		"collector/described": {"descriptions become products, which know the vocabulary and sessions only", []string{"collector/progress", "collector/session"},
			[]string{"github.com/itchyny/gojq", "gopkg.in/yaml.v3"}},
		"collector/confidential": {"the names of credentials are known whoever asks", nil, nil},
		"collector/recording": {"a life is answers, whoever reads them", []string{"collector/confidential", "collector/progress"},
			[]string{"github.com/klauspost/compress"}},
		"collector/targets": {"the configuration knows neither products nor engine", []string{"collector/progress"},
			[]string{"github.com/prometheus/common", "gopkg.in/yaml.v3"}},
		"collector/palette":    {"words and colours, for whoever shows a job", []string{"collector/progress"}, nil},
		"collector/sanitize":   {"a report is made fit without knowing whose it is", []string{"collector/progress"}, nil},
		"collector/ledger":     {"what is remembered knows neither targets nor Prometheus", []string{"collector/memoryfile", "collector/progress", "collector/sanitize"}, []string{"github.com/go-kit/log"}},
		"collector/families":   {"a table of names", []string{"collector/progress"}, nil},
		"collector/plan":       {"what is to be read knows no Prometheus type", []string{"collector/described", "collector/families", "collector/fetch", "collector/ledger", "collector/progress", "collector/session", "collector/targets"}, []string{"github.com/prometheus/common/config"}},
		"collector/scrape":     {"what reads knows no Prometheus type", []string{"collector/fetch", "collector/ledger", "collector/plan", "collector/progress", "collector/sanitize"}, []string{"github.com/go-kit/log"}},
		"collector/series":     {"series are made of a snapshot alone", []string{"collector/families", "collector/ledger", "collector/plan", "collector/progress", "collector/scrape"}, []string{"github.com/prometheus/client_model", "google.golang.org/protobuf"}},
		"collector/exposition": {"how series are sent does not depend on how they came about", []string{"collector/families", "collector/progress", "collector/series"}, []string{"github.com/prometheus/client_model", "github.com/prometheus/common", "github.com/go-kit/log", "github.com/klauspost/compress"}},
		"collector/status": {"what a person is told is made of a snapshot alone", []string{"collector/ledger", "collector/palette", "collector/plan", "collector/progress", "collector/scrape"},
			[]string{"github.com/prometheus/common/model"}},
		"collector/web": {"what is shown knows what is read and how it is exposed, but no life cycle",
			[]string{"collector/confidential", "collector/exposition", "collector/ledger", "collector/palette", "collector/plan", "collector/progress", "collector/sanitize", "collector/scrape", "collector/series", "collector/status"},
			[]string{"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_model", "github.com/prometheus/common/expfmt", "github.com/go-kit/log"}},
		"collector": {"the engine wires its rooms, and knows no product",
			[]string{"collector/families", "collector/fetch", "collector/ledger", "collector/plan", "collector/progress", "collector/sanitize", "collector/scrape", "collector/series", "collector/status", "collector/targets", "collector/web"},
			[]string{"github.com/prometheus/", "github.com/go-kit/log", "github.com/fsnotify/fsnotify"}},
	}
	for _, p := range products {
		rules[p] = struct {
			why             string
			module, foreign []string
		}{"a product knows the vocabulary and sessions only", []string{"collector/progress", "collector/session"}, nil}
	}
	for name := range all {
		if _, ruled := rules[name]; strings.HasPrefix(name, "collector") && !strings.Contains(name, "test") && !ruled {
			t.Errorf("package %s has no rule; say what it may import", name)
		}
	}
	for name, rule := range rules {
		p, ok := all[name]
		if !ok {
			t.Errorf("package %s is gone; is the rule still needed?", name)
			continue
		}
		for _, imported := range p.Imports {
			inner, ours := strings.CutPrefix(imported, module)
			switch {
			case all[imported].Standard || imported == "C":
			case ours && slices.Contains(rule.module, inner):
			case !ours && slices.ContainsFunc(rule.foreign, func(prefix string) bool { return strings.HasPrefix(imported, prefix) }):
			default:
				t.Errorf("%s imports %s: %s", name, imported, rule.why)
			}
		}
	}
}

// TestProductsHandOverTexts keeps products from cutting or quoting what they are told:
// in what is left no search finds a secret. That is for progress.Secrets alone, when a
// read is over.
func TestProductsHandOverTexts(t *testing.T) {
	forbidden := regexp.MustCompile(`\b(progress\.(Cut|Quote|NewSecrets)|strconv\.(Append)?Quote\w*)\(`)
	for _, api := range apis.All(time.Now) {
		files, err := filepath.Glob("../" + api.Name + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatalf("no files of %s: %v", api.Name, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if found := forbidden.FindAllString(string(source), -1); len(found) > 0 {
				t.Errorf("%s has %v; hand the text over in Error.Code, Error.Said or the report", file, found)
			}
		}
	}
}

// TestFakesStayOut keeps decoder and fake from sharing a mistake, and every fake
// out of what runs in production.
func TestFakesStayOut(t *testing.T) {
	all := packages(t)
	fakes := []string{"collector/collectortest", "collector/collectortest/drill", "collector/enginetest"}
	for _, api := range apis.All(time.Now) {
		product := "collector/" + api.Name
		fake := product + "/" + api.Name + "test"
		fakes = append(fakes, fake)
		if _, ok := all[fake]; !ok {
			t.Errorf("product %s has no fake %s", api.Name, fake)
		}
		if slices.Contains(all[fake].Deps, module+product) {
			t.Errorf("%s imports the decoder that it is to test", fake)
		}
	}
	for _, program := range []string{"cmd/progress_exporter", "cmd/progressctl"} {
		p, ok := all[program]
		if !ok {
			t.Errorf("there is no program %s", program)
		}
		for _, fake := range fakes {
			if slices.Contains(p.Deps, module+fake) {
				t.Errorf("%s contains %s", program, fake)
			}
		}
	}
}

// TestDaemonStartsNothing looks into the programs as they are linked: only the
// command line knows the call that changes a product.
func TestDaemonStartsNothing(t *testing.T) {
	dir := t.TempDir()
	programs.Build(t, "", dir, module+"cmd/progress_exporter", module+"cmd/progressctl")
	for program, want := range map[string]bool{"progress_exporter": false, "progressctl": true} {
		code, err := os.ReadFile(filepath.Join(dir, program))
		if err != nil {
			t.Fatal(err)
		}
		for _, trace := range []string{"api/sonar/apps/start-install", "collector/logpresso.StartInstall"} {
			if got := bytes.Contains(code, []byte(trace)); got != want {
				t.Errorf("%s has %s: %v, want %v", program, trace, got, want)
			}
		}
	}
}
