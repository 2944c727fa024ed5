package stack

import (
	"path/filepath"
	"regexp"
	"testing"
)

// StartExporter starts progress_exporter from the folder of Build with a targets
// file and further flags, waits until it is ready, and returns its address as
// host:port.
func StartExporter(t testing.TB, bin, targets string, flags ...string) string {
	t.Helper()
	args := append([]string{"--config.file=" + targets, "--web.listen-address=127.0.0.1:0"}, flags...)
	address := Start(t, filepath.Join(bin, "progress_exporter"), args...).address(t)
	awaitReady(t, "http://"+address)
	return address
}

var (
	playing = regexp.MustCompile(`(?m)^playing `)
	plays   = regexp.MustCompile(`(?m)^(\S+) +(http://\S+) `)
)

// StartSimulator starts progress_sim from the folder of Build on free ports, with
// further flags such as --scenario=fail, and returns the URL of every fake by the
// name of its target in targets.example.yml.
func StartSimulator(t testing.TB, bin string, flags ...string) map[string]string {
	t.Helper()
	p := Start(t, filepath.Join(bin, "progress_sim"), append([]string{"--base-port=0"}, flags...)...)
	p.Await(t, playing)
	urls := map[string]string{}
	for _, m := range p.Await(t, plays) {
		urls[m[1]] = m[2]
	}
	return urls
}
