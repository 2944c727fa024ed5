package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
)

// serveLoopback says its address on the first line of standard output and serves
// until standard input is closed.
func serveLoopback(h http.Handler) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(l.Addr())
	go func() { _ = http.Serve(l, h) }()
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// product is a program that answers every request with the bytes of a file.
func product() {
	answer, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	serveLoopback(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
}

// relay is a program that does the least that any exporter of mongosync has to do:
// one GET over a kept connection for each request, the answer decoded, and the same
// text written by hand into a kept buffer. It takes the address of the product and a
// file with an answer of the exporter, whose numbers it puts in anew.
func relay() {
	text, err := os.ReadFile(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r := &relayer{address: "http://" + os.Args[1] + "/api/v1/progress", lines: cut(string(text))}
	serveLoopback(r)
}

// piece is a part of the text: what stands before the target's name and after it, and
// the number at its end, if it has one.
type piece struct {
	before, after string
	named, number bool
	value         float64
	of            func(*relayed) float64 // nil: value
}

// cut takes an answer for the target "target-0000" apart.
func cut(text string) []piece {
	of := map[string]func(*relayed) float64{
		"progress_estimated_copied_bytes":              func(a *relayed) float64 { return a.Progress.CollectionCopy.EstimatedCopiedBytes },
		"progress_estimated_total_bytes":               func(a *relayed) float64 { return a.Progress.CollectionCopy.EstimatedTotalBytes },
		"progress_lag_time_seconds":                    func(a *relayed) float64 { return a.Progress.LagTimeSeconds },
		"progress_mongosync_events_applied":            func(a *relayed) float64 { return a.Progress.TotalEventsApplied },
		"progress_mongosync_indexes_built":             func(a *relayed) float64 { return a.Progress.IndexBuilding.IndexesBuilt },
		"progress_mongosync_indexes_to_build":          func(a *relayed) float64 { return a.Progress.IndexBuilding.TotalIndexesToBuild },
		"progress_mongosync_index_collections":         func(a *relayed) float64 { return a.Progress.IndexBuilding.CollectionsTotal },
		"progress_mongosync_estimated_catchup_seconds": func(a *relayed) float64 { return a.Progress.EstimatedSecondsToCEACatchup },
	}
	var lines []piece
	for s := range strings.Lines(text) {
		if strings.HasPrefix(s, "#") {
			lines = append(lines, piece{before: s})
			continue
		}
		at := strings.LastIndexByte(s, ' ')
		value, err := strconv.ParseFloat(strings.TrimSpace(s[at:]), 64)
		if err != nil {
			panic(err)
		}
		before, after, named := strings.Cut(s[:at+1], "target-0000")
		name, _, _ := strings.Cut(s, "{")
		lines = append(lines, piece{before: before, after: after, named: named, number: true, value: value, of: of[name]})
	}
	return lines
}

type relayer struct {
	address string
	lines   []piece
	clients sync.Map // by target, because each target keeps its connection
	kept    sync.Pool
}

// scratch is what a relay keeps between two answers.
type scratch struct {
	body, packed bytes.Buffer
	text         []byte
	gzip         *gzip.Writer
}

func (rl *relayer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, ok := rl.kept.Get().(*scratch)
	if !ok {
		s = &scratch{gzip: gzip.NewWriter(nil)}
	}
	defer rl.kept.Put(s)
	name := r.FormValue("target")
	client, ok := rl.clients.Load(name)
	if !ok {
		client, _ = rl.clients.LoadOrStore(name, &http.Client{Transport: &http.Transport{}})
	}
	resp, err := client.(*http.Client).Get(rl.address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	s.body.Reset()
	_, err = s.body.ReadFrom(resp.Body)
	_ = resp.Body.Close()
	var a relayed
	if err == nil {
		err = json.Unmarshal(s.body.Bytes(), &a)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	s.write(w, r, rl.render(s, name, &a))
}

func (rl *relayer) render(s *scratch, name string, a *relayed) []byte {
	text := s.text[:0]
	for i := range rl.lines {
		l := &rl.lines[i]
		text = append(text, l.before...)
		if l.named {
			text = append(text, name...)
			text = append(text, l.after...)
		}
		if l.number {
			value := l.value
			if l.of != nil {
				value = l.of(a)
			}
			text = strconv.AppendFloat(text, value, 'g', -1, 64)
			text = append(text, '\n')
		}
	}
	s.text = text
	return text
}

func (s *scratch) write(w http.ResponseWriter, r *http.Request, text []byte) {
	w.Header().Set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
	if r.Header.Get("Accept-Encoding") == "gzip" {
		s.packed.Reset()
		s.gzip.Reset(&s.packed)
		_, _ = s.gzip.Write(text)
		_ = s.gzip.Close()
		text = s.packed.Bytes()
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text)
}

// reads is a program that does the least that any exporter of a thousand mongosyncs has to
// do before it writes a line: for each request it GETs all their answers over kept
// connections, a few at a time, and decodes them. It takes the address of the product and
// the number of targets.
func reads() {
	targets, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	clients := make([]http.Client, targets) // each target keeps its connection
	for i := range clients {
		clients[i].Transport = &http.Transport{}
	}
	serveLoopback(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var readers sync.WaitGroup
		next := make(chan *http.Client)
		for range 64 {
			readers.Go(func() {
				var body bytes.Buffer
				for c := range next {
					if err := readOne(c, "http://"+os.Args[1]+"/api/v1/progress", &body); err != nil {
						fmt.Fprintln(os.Stderr, err)
					}
				}
			})
		}
		for i := range clients {
			next <- &clients[i]
		}
		close(next)
		readers.Wait()
		_, _ = io.WriteString(w, "progress_up{} 1\n")
	}))
}

func readOne(c *http.Client, address string, body *bytes.Buffer) error {
	resp, err := c.Get(address)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body.Reset()
	if _, err := body.ReadFrom(resp.Body); err != nil {
		return err
	}
	var a relayed
	return json.Unmarshal(body.Bytes(), &a)
}
