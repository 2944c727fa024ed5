package web

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestPaceOfAClient(t *testing.T) {
	start := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	clock := start
	var deadlines []time.Duration // after each other, since the start
	w := httptest.NewRecorder()
	p := &paced{ResponseWriter: w, now: func() time.Time { return clock }, began: start, guest: &guest{}, deadline: func(at time.Time) error {
		deadlines = append(deadlines, at.Sub(start))
		return nil
	}}
	text := bytes.Repeat([]byte("x"), 2*writePart+1)
	if n, err := p.Write(text); n != len(text) || err != nil || w.Body.Len() != len(text) {
		t.Errorf("%d of %d bytes, %v", n, len(text), err)
	}
	clock = clock.Add(9 * time.Second)
	_, _ = p.Write(text[:writePart])
	clock = clock.Add(20 * time.Second)
	_, _ = p.Write(text[:writePart])
	want := []time.Duration{
		writePatience, writePatience, writePatience, // a part each
		13*time.Second + 15*time.Microsecond, // by the average: 10 s, and a second for each part
		14*time.Second + 15*time.Microsecond, // which is over: it has taken too little for too long
	}
	if len(deadlines) != len(want) {
		t.Fatalf("deadlines %v, want %v", deadlines, want)
	}
	for i := range want {
		if (deadlines[i] - want[i]).Abs() > time.Millisecond {
			t.Errorf("deadline %d is %v, want %v", i, deadlines[i], want[i])
		}
	}
}

// A client that does not read is cut off while one that reads slowly gets everything.
func TestClientsThatDoNotRead(t *testing.T) {
	text := bytes.Repeat([]byte("x"), 64<<20) // more than sockets hold
	cut := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := newPaced(w, r)
		if r.URL.Path == "/idle" {
			p.deadline = func(time.Time) error { // at once
				return http.NewResponseController(w).SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
			}
		}
		_, err := p.Write(text)
		cut <- err
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /idle HTTP/1.1\r\nHost: x\r\n\r\n")
	var timeout net.Error
	if err := <-cut; !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("a client that does not read: %v, want a timeout", err)
	}
	resp, err := http.Get(server.URL + "/reads")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	defer http.DefaultClient.CloseIdleConnections()
	if n, err := io.Copy(io.Discard, resp.Body); n != int64(len(text)) || err != nil {
		t.Errorf("a client that reads: %d bytes, %v", n, err)
	}
	if err := <-cut; err != nil {
		t.Error(err)
	}
}

// A debug view has two places. Whoever loses the first is not answered in the second.
func TestWhoLosesAnEarlierPlaceIsNotAnswered(t *testing.T) {
	first, second := newGate(1, "%d"), newGate(1, "%d")
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
	r, earlier, err := first.enter(w, r, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if r, _, err = second.enter(w, r, time.Minute); err != nil {
		t.Fatal(err)
	}
	answer := newPaced(w, r)
	if _, err := answer.Write([]byte("a")); err != nil {
		t.Errorf("with both places: %v", err)
	}
	first.oust(earlier)
	if _, err := answer.Write([]byte("b")); !errors.Is(err, errOusted) || w.Body.String() != "a" {
		t.Errorf("without the first place: %v, and %q was sent", err, w.Body)
	}
}
