package stack

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Daemons are real products with an API that says how far a job is.
type Daemons struct{ Rclone, Aria2, Syncthing string }

// FindDaemons returns the programs that scripts/daemons finds or installs. The test is
// skipped if they cannot be had: they are not needed to build or run the exporter.
func FindDaemons(t testing.TB) Daemons {
	t.Helper()
	out, err := output(Root(t), "scripts/daemons")
	if err != nil {
		t.Skipf("*** SKIPPED: no end-to-end tests with real products: %v", err)
	}
	names := strings.Fields(out)
	return Daemons{names[0], names[1], names[2]}
}

var serving = regexp.MustCompile(`Serving remote control on (http://\S+)/`)

// StartRclone starts rclone as a daemon and returns its URL. Its transfers fail at the
// first error instead of being tried again.
func (d Daemons) StartRclone(t testing.TB) string {
	t.Helper()
	config := WriteFile(t, "rclone.conf", "")
	p := Start(t, d.Rclone, "rcd", "--rc-addr=127.0.0.1:0", "--rc-no-auth", "--config="+config,
		"--cache-dir="+t.TempDir(), "--retries=1", "--low-level-retries=1")
	url := p.Await(t, serving)[0][1]
	t.Cleanup(func() { // a signal is no clean end for it
		Call(t, url+"/core/quit", nil, nil)
		p.AwaitExit(t)
	})
	return url
}

// Aria2Secret is what calls of the daemon of StartAria2 have to bring along.
const Aria2Secret = "secret-of-aria2"

// StartAria2 starts aria2 as a daemon that downloads into a folder of the test, and
// returns its URL. Its downloads fail at the first error.
func (d Daemons) StartAria2(t testing.TB) string {
	t.Helper()
	port := freePort(t)
	url := "http://127.0.0.1:" + port
	Start(t, d.Aria2, "--no-conf", "--enable-rpc", "--rpc-listen-port="+port, "--rpc-secret="+Aria2Secret,
		"--dir="+t.TempDir(), "--disable-ipv6", "--max-tries=1", "--file-allocation=none", "--auto-save-interval=0")
	awaitAnswer(t, url)
	return url
}

// Syncthing is one device of Syncthing.
type Syncthing struct {
	URL, Key string // of its API
	ID       string // of the device
	Address  string // where it listens for other devices
	Home     string // the folder with its configuration
}

var (
	ofAPI    = regexp.MustCompile(`GUI and API listening on (\S+)`)
	ofDevice = regexp.MustCompile(`<device id="([^"]+)"`)
	ofKey    = regexp.MustCompile(`<apikey>([^<]+)</apikey>`)
	talks    = regexp.MustCompile(`<(globalAnnounceEnabled|localAnnounceEnabled|relaysEnabled|natEnabled|crashReportingEnabled)>true<`)
	listens  = regexp.MustCompile(`<listenAddress>[^<]*<`)
)

// StartSyncthing starts a device that knows no other, talks to nobody but those that it is
// told, and limits its bandwidth on loopback as well if it is told to.
func (d Daemons) StartSyncthing(t testing.TB) Syncthing {
	t.Helper()
	home := t.TempDir()
	Check(t, d.Syncthing, "generate", "--home="+home, "--no-default-folder", "--skip-port-probing")
	s := Syncthing{Home: home, Address: "tcp://127.0.0.1:" + freePort(t)}
	rewriteFile(t, filepath.Join(home, "config.xml"), func(config string) string {
		s.ID, s.Key = ofDevice.FindStringSubmatch(config)[1], ofKey.FindStringSubmatch(config)[1]
		config = talks.ReplaceAllString(config, "<$1>false<")
		config = listens.ReplaceAllString(config, "<listenAddress>"+s.Address+"<")
		return strings.NewReplacer(
			"<urAccepted>0<", "<urAccepted>-1<",
			"<limitBandwidthInLan>false<", "<limitBandwidthInLan>true<",
			"<progressUpdateIntervalS>5<", "<progressUpdateIntervalS>1<",
			"<reconnectionIntervalS>60<", "<reconnectionIntervalS>1<",
		).Replace(config)
	})
	p := Start(t, d.Syncthing, "serve", "--home="+home, "--gui-address=127.0.0.1:0", "--no-browser", "--no-restart", "--no-upgrade")
	s.URL = "http://" + p.Await(t, ofAPI)[0][1]
	return s
}

// freePort returns a port of loopback that nobody has at this moment, for programs that
// cannot choose one themselves.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return fmt.Sprint(l.Addr().(*net.TCPAddr).Port)
}
