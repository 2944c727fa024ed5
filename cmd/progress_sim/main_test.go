package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest/drill"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWrongCommandLines(t *testing.T) {
	const loopback = `, want a loopback address such as 127.0.0.1 or ::1: the simulator is not made to be reached from elsewhere`
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--scenario=sad"}, `--scenario: unknown scenario "sad", want one of happy, stall, fail, cancel, flap, vanish`},
		{[]string{"--scenario="}, `--scenario: unknown scenario "", want one of happy, stall, fail, cancel, flap, vanish`},
		{[]string{"--listen.host=0.0.0.0"}, `--listen.host is "0.0.0.0"` + loopback},
		{[]string{"--listen.host=::"}, `--listen.host is "::"` + loopback},
		{[]string{"--listen.host=192.0.2.1"}, `--listen.host is "192.0.2.1"` + loopback},
		{[]string{"--listen.host="}, `--listen.host is ""` + loopback},
		{[]string{"--listen.host=localhost"}, `--listen.host is "localhost"` + loopback},
		{[]string{"--length=0s"}, `--length must be from 1s to 720h`},
		{[]string{"--length=-3m"}, `--length must be from 1s to 720h`},
		{[]string{"--length=721h"}, `--length must be from 1s to 720h`},
		{[]string{"--length=3"}, `time: missing unit in duration "3"`},
		{[]string{"--speed=0"}, `--speed must be from 0.01 to 1000`},
		{[]string{"--speed=-1"}, `--speed must be from 0.01 to 1000`},
		{[]string{"--speed=NaN"}, `--speed must be from 0.01 to 1000`},
		{[]string{"--speed=+Inf"}, `--speed must be from 0.01 to 1000`},
		{[]string{"--speed=fast"}, `strconv.ParseFloat: parsing "fast": invalid syntax`},
		{[]string{"--base-port=65535"}, fmt.Sprintf("--base-port must be at most %d", 1<<16-len(fakes()))},
		{[]string{"--base-port=65536"}, `strconv.ParseUint: parsing "65536": value out of range`},
		{[]string{"--uploaded", "--replay=life.jsonl"}, `--uploaded is for a story, and --replay plays none`},
		{[]string{"--alerts.port=9095", "--replay=life.jsonl"}, `--alerts.port is for a story, and --replay plays none`},
		{[]string{"--port=1"}, `unknown long flag '--port'`},
		{[]string{"happy"}, `unexpected happy`},
	} {
		t.Run(tc.args[0], func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			if code := run(context.Background(), tc.args, &stdout, &stderr); code != 2 {
				t.Errorf("exit code %d, want 2", code)
			}
			if diff := cmp.Diff("progress_sim: "+tc.want+"; try --help\n", stderr.String()); diff != "" {
				t.Errorf("stderr (-want +got):\n%s", diff)
			}
			if stdout.Len() > 0 {
				t.Errorf("stdout: %s", &stdout)
			}
		})
	}
}

func TestGoodCommandLines(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	ports := func(f flags) (ports []uint16) {
		for i, fake := range fakes()[:2] {
			ports = append(ports, f.port(i, fake))
		}
		return ports
	}
	for _, tc := range []struct {
		name  string
		args  []string
		want  drill.Drill
		ports []uint16
	}{
		{"defaults", nil, drill.Drill{Scenario: drill.Happy, Length: 3 * time.Minute}, []uint16{fakes()[0].port, fakes()[1].port}},
		{"faster", []string{"--speed=2", "--scenario=stall"}, drill.Drill{Scenario: drill.Stall, Length: 90 * time.Second}, []uint16{fakes()[0].port, fakes()[1].port}},
		{"longest", []string{"--length=720h", "--speed=0.01"}, drill.Drill{Scenario: drill.Happy, Length: 72000 * time.Hour}, []uint16{fakes()[0].port, fakes()[1].port}},
		{"shortest", []string{"--length=1s", "--speed=1000"}, drill.Drill{Scenario: drill.Happy, Length: time.Millisecond}, []uint16{fakes()[0].port, fakes()[1].port}},
		{"other ports", []string{"--base-port=20000", "--listen.host=::1"}, drill.Drill{Scenario: drill.Happy, Length: 3 * time.Minute}, []uint16{20000, 20001}},
		{"free ports", []string{"--base-port=0"}, drill.Drill{Scenario: drill.Happy, Length: 3 * time.Minute}, []uint16{0, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, err := parse(tc.args, t.Output())
			if err != nil {
				t.Fatal(err)
			}
			tc.want.Start = start
			if diff := cmp.Diff(tc.want, f.drill(start), cmp.FilterPath(isNow, cmp.Ignore())); diff != "" {
				t.Errorf("drill (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.ports, ports(f)); diff != "" {
				t.Errorf("ports (-want +got):\n%s", diff)
			}
		})
	}
}

func isNow(p cmp.Path) bool { return p.Last().String() == ".Now" }

func TestHighestBasePort(t *testing.T) {
	highest := uint16(1<<16 - len(fakes()))
	f := flags{scenario: "happy", host: "::1", length: time.Second, speed: 1, basePort: highest, rebased: true}
	if err := f.check(); err != nil {
		t.Error(err)
	}
	last := len(fakes()) - 1
	if got := f.port(last, fakes()[last]); got != math.MaxUint16 {
		t.Errorf("the last fake listens on %d, want %d", got, math.MaxUint16)
	}
}
