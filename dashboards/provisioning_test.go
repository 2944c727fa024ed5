package dashboards_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

// datasources is the file that Grafana reads from provisioning/datasources, as far as
// it may be used here:
// https://grafana.com/docs/grafana/latest/administration/provisioning/#data-sources
type datasources struct {
	APIVersion  int `yaml:"apiVersion"`
	Datasources []struct {
		Name      string `yaml:"name"`
		Type      string `yaml:"type"`
		UID       string `yaml:"uid"`
		IsDefault bool   `yaml:"isDefault"`
		Access    string `yaml:"access"`
		URL       string `yaml:"url"`
		JSONData  struct {
			HTTPMethod     string         `yaml:"httpMethod"`
			PrometheusType string         `yaml:"prometheusType"`
			TimeInterval   model.Duration `yaml:"timeInterval"`
		} `yaml:"jsonData"`
	} `yaml:"datasources"`
}

// providers is the file that Grafana reads from provisioning/dashboards:
// https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards
type providers struct {
	APIVersion int `yaml:"apiVersion"`
	Providers  []struct {
		Name                  string `yaml:"name"`
		Folder                string `yaml:"folder"`
		Type                  string `yaml:"type"`
		UpdateIntervalSeconds int    `yaml:"updateIntervalSeconds"`
		AllowUIUpdates        bool   `yaml:"allowUiUpdates"`
		DisableDeletion       bool   `yaml:"disableDeletion"`
		Options               struct {
			Path string `yaml:"path"`
		} `yaml:"options"`
	} `yaml:"providers"`
}

// strictly decodes a YAML file of which every key is known.
func strictly(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// The data source is one that the variable of each dashboard offers, and its scrape
// interval that of the Prometheus beside it.
func TestProvisionedDatasource(t *testing.T) {
	var file datasources
	strictly(t, "../examples/grafana/datasource.yml", &file)
	if file.APIVersion != 1 || len(file.Datasources) != 1 {
		t.Fatalf("version %d with %d data sources, want one", file.APIVersion, len(file.Datasources))
	}
	source := file.Datasources[0]
	if !source.IsDefault || source.Access != "proxy" || source.UID == "" || source.URL != "http://localhost:9090" {
		t.Errorf("the data source is %+v", source)
	}
	for _, d := range load(t) {
		if chosen := d.Templating.List[0]; chosen.Type != "datasource" || chosen.Query != source.Type {
			t.Errorf("%s lets data sources of type %v be chosen, and %s is a %s", d.file, chosen.Query, source.Name, source.Type)
		}
	}
	var prometheus struct {
		Global struct {
			ScrapeInterval model.Duration `yaml:"scrape_interval"`
		}
	}
	text, err := os.ReadFile("../examples/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, &prometheus); err != nil {
		t.Fatal(err)
	}
	if got, want := source.JSONData.TimeInterval, prometheus.Global.ScrapeInterval; got != want || time.Duration(got) == 0 {
		t.Errorf("the data source scrapes every %v, examples/prometheus.yml every %v", got, want)
	}
}

// commands finds the commands by which docs/dashboards.md puts the files in their
// places.
var commands = regexp.MustCompile("(?s)```sh\n(.*?)```")

// What docs/dashboards.md says to type puts the files where Grafana looks for them.
func TestProvisioned(t *testing.T) {
	text, err := os.ReadFile("../docs/dashboards.md")
	if err != nil {
		t.Fatal(err)
	}
	found := commands.FindSubmatch(text)
	if found == nil {
		t.Fatal("docs/dashboards.md has no commands")
	}
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, "etc/grafana/provisioning/dashboards"), 0o755); err != nil { // as the package of Grafana makes it
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(root, "etc/grafana/provisioning/datasources"), 0o755); err != nil {
		t.Fatal(err)
	}
	script, restart, ok := strings.Cut(string(found[1]), "sudo systemctl")
	if !ok || restart != " restart grafana-server\n" {
		t.Errorf("the commands end with %q, want a restart", restart)
	}
	script = strings.NewReplacer("sudo ", "", " /etc/", " "+root+"/etc/", " /var/", " "+root+"/var/").Replace(script)
	command := exec.Command("bash", "-euc", script)
	command.Dir = ".."
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, script)
	}

	var sources datasources
	strictly(t, filepath.Join(root, "etc/grafana/provisioning/datasources/progress.yml"), &sources)
	var file providers
	strictly(t, filepath.Join(root, "etc/grafana/provisioning/dashboards/progress.yml"), &file)
	if file.APIVersion != 1 || len(file.Providers) != 1 {
		t.Fatalf("version %d with %d providers, want one", file.APIVersion, len(file.Providers))
	}
	provider := file.Providers[0]
	if provider.Type != "file" || provider.AllowUIUpdates || provider.UpdateIntervalSeconds < 10 {
		t.Errorf("the provider is %+v", provider)
	}
	var want, got []string
	uids := map[string]string{}
	for _, d := range load(t) {
		want = append(want, d.file)
	}
	files, err := filepath.Glob(filepath.Join(root, provider.Options.Path, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		name := filepath.Base(f)
		got = append(got, name)
		var d struct{ UID string }
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if other, taken := uids[d.UID]; taken || d.UID == "" {
			t.Errorf("%s has the uid %q, as has %q: Grafana provisions neither", name, d.UID, other)
		}
		uids[d.UID] = name
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("dashboards where Grafana looks for them (-want +got):\n%s", diff)
	}
}
