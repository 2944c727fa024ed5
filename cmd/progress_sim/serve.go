package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
)

// patience is how long an answer that is under way may take after the stop.
const patience = 5 * time.Second

// simulate plays every fake until ctx ends or one of them cannot go on. It prints
// a line for each once all of them listen, so that what it prints is true.
func simulate(ctx context.Context, f flags, stdout io.Writer) error {
	listeners, err := listen(ctx, f)
	if err != nil {
		return err
	}
	alerts, err := listenForAlerts(ctx, f)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	story := story{f.drill(time.Now()), f.uploaded}
	group, ctx := errgroup.WithContext(ctx)
	for i, fake := range fakes() {
		serve(ctx, group, listeners[i], fake.play(story))
		fmt.Fprintln(stdout, describe(fake, listeners[i].Addr()))
	}
	if alerts != nil {
		fmt.Fprintf(stdout, "alerts that Alertmanager sends to http://%s/RECEIVER, as with examples/alertmanager.yml, are printed here\n", alerts.Addr())
	}
	fmt.Fprintf(stdout, "playing %q, the happy story lasts %v; a signal to stop (Ctrl-C) ends it\n", f.scenario, story.Length)
	if alerts != nil { // from now on nobody else prints
		serve(ctx, group, alerts, &notifications{now: time.Now, stdout: stdout})
	}
	return group.Wait()
}

// listen opens the ports of all fakes or none.
func listen(ctx context.Context, f flags) ([]net.Listener, error) {
	var listeners []net.Listener
	for i, fake := range fakes() {
		l, err := listenOn(ctx, f.host, f.port(i, fake), fake.name)
		if err != nil {
			return nil, errors.Join(err, closeAll(listeners))
		}
		listeners = append(listeners, l)
	}
	return listeners, nil
}

// listenForAlerts opens the port for alerts; nil if there is none.
func listenForAlerts(ctx context.Context, f flags) (net.Listener, error) {
	if f.alerts == 0 {
		return nil, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(f.host, strconv.Itoa(int(f.alerts))))
	if err != nil {
		return nil, fmt.Errorf("cannot listen for alerts: %w; if the port is taken, choose another with --alerts.port, and put it into Alertmanager's receivers", err)
	}
	return l, nil
}

// listenOn opens a port for what is played under a name.
func listenOn(ctx context.Context, host string, port uint16, name string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(int(port))))
	if err != nil {
		return nil, fmt.Errorf("cannot listen for %s: %w; if the port is taken, stop what has it or choose others with --base-port", name, err)
	}
	return l, nil
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

// describe returns the line that says where a fake is, and what to change in
// targets.example.yml if it is not where that says.
func describe(f fake, at net.Addr) string {
	line := fmt.Sprintf("%-17s http://%s  %s", f.name, at, f.what)
	if _, port, _ := net.SplitHostPort(at.String()); port != strconv.Itoa(int(f.port)) {
		line += fmt.Sprintf(" (targets.example.yml: port %d)", f.port)
	}
	return line
}

// serve answers on l until ctx ends, as part of the group.
func serve(ctx context.Context, group *errgroup.Group, l net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       time.Minute,
	}
	group.Go(func() error {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("cannot serve on %s: %w", l.Addr(), err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		waiting, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		if err := server.Shutdown(waiting); err != nil {
			return fmt.Errorf("an answer on %s did not end within %v: %w", l.Addr(), patience, err)
		}
		return nil
	})
}
