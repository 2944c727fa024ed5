package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"progress_exporter/collector/recording"
)

// replay plays a life until ctx ends or one of its targets cannot go on. As simulate, it
// prints once all listen.
func replay(ctx context.Context, f flags, stdout io.Writer) error {
	life, err := recording.Open(f.life)
	if err != nil {
		return err
	}
	if last := int(f.basePort) + len(life.Head.Targets) - 1; last >= 1<<16 {
		return fmt.Errorf("%d targets from --base-port on would need the port %d", len(life.Head.Targets), last)
	}
	if err := playable(life.Head.Targets); err != nil {
		return err
	}
	addresses := map[string]net.Listener{}
	var listeners []net.Listener
	for i, t := range life.Head.Targets {
		var port uint16 // any
		if f.basePort > 0 {
			port = f.basePort + uint16(i)
		}
		l, err := listenOn(ctx, f.host, port, t.Name)
		if err != nil {
			return errors.Join(err, closeAll(listeners))
		}
		listeners, addresses[t.Name] = append(listeners, l), l
	}
	tempo := tempo{began: time.Now(), speed: f.speed}
	var until time.Time
	tempo.from, until = life.Span()
	if f.config != "" {
		config := life.Config(recording.Staging{
			URL:        func(t recording.Target) string { return moved(t.URL, addresses[t.Name].Addr()) },
			StallAfter: func(t recording.Target) time.Duration { return tempo.shortened(time.Duration(t.StallAfter)) },
			Deadline:   tempo.when,
		})
		if err := os.WriteFile(f.config, []byte(config), 0o600); err != nil {
			return errors.Join(err, closeAll(listeners))
		}
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range life.Head.Targets {
		serve(ctx, group, listeners[i], life.Playback(t.Name, tempo.now))
		fmt.Fprintf(stdout, "%-17s %s  %s\n", t.Name, moved(t.URL, listeners[i].Addr()), t.API)
	}
	fmt.Fprintf(stdout, "playing %s, recorded from %s to %s, in %v; a signal to stop (Ctrl-C) ends it\n",
		f.life, tempo.from.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339), tempo.shortened(until.Sub(tempo.from)).Round(time.Second))
	return group.Wait()
}

// playable returns an error for a target that is several processes of a host: their ports
// are what they are called, and so cannot be played at others.
func playable(targets []recording.Target) error {
	for _, t := range targets {
		var options struct{ Ports any }
		if json.Unmarshal(t.Options, &options) == nil && options.Ports != nil {
			return fmt.Errorf("%s is the processes at the ports of a host, which the simulator cannot play; progressctl replay can", t.Name)
		}
	}
	return nil
}

// moved returns the address of a product at another host.
func moved(address string, to net.Addr) string {
	u, err := url.Parse(address)
	if err != nil {
		u = &url.URL{}
	}
	return (&url.URL{Scheme: "http", Host: to.String(), Path: u.Path}).String()
}

// tempo is how the time of a life passes.
type tempo struct {
	began time.Time // when the play did
	from  time.Time // when the life did
	speed float64
}

// now returns the moment of the life that is played.
func (t *tempo) now() time.Time {
	return t.from.Add(time.Duration(float64(time.Since(t.began)) * t.speed))
}

// when returns when a moment of the life is played.
func (t *tempo) when(at time.Time) time.Time { return t.began.Add(t.shortened(at.Sub(t.from))) }

// shortened returns how long a stretch of the life takes.
func (t *tempo) shortened(d time.Duration) time.Duration {
	return time.Duration(float64(d) / t.speed)
}
