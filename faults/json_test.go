package faults

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// changed plays a product at work whose answer is something else in the end, made
// once of the first one.
func changed(name string, want cell, note string, t turn) fault {
	return sending(name, want, note, func() sender {
		var once sync.Once
		var body []byte
		return func(w http.ResponseWriter, p product, good *httptest.ResponseRecorder) {
			once.Do(func() { body = mark(t(p, good.Body.Bytes())) })
			for key, values := range good.Header() {
				w.Header()[key] = values
			}
			w.WriteHeader(good.Code)
			_, _ = w.Write(body)
		}
	})
}

// sender sends what it makes of a good answer.
type sender func(w http.ResponseWriter, p product, good *httptest.ResponseRecorder)

// overlong plays a product at work whose answer goes on behind its end.
func overlong(w http.ResponseWriter, _ product, good *httptest.ResponseRecorder) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	body := mark(good.Body.Bytes())
	fmt.Fprintf(conn, "HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s%s", good.Code, len(body), body, marker)
}

// mislabelled plays a product at work, or what stands before it, that calls JSON a page.
func mislabelled(w http.ResponseWriter, _ product, good *httptest.ResponseRecorder) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(mark(good.Body.Bytes()))
}

// sending plays a product at work; the answer that all others lead to is sent by
// a sender, of which each play has its own.
func sending(name string, want cell, note string, newSender func() sender) fault {
	start := func(t *testing.T, p product, good http.Handler) site {
		send := newSender()
		return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !asksForProgress(r) {
				good.ServeHTTP(w, r)
				return
			}
			answer := httptest.NewRecorder()
			good.ServeHTTP(answer, r)
			if body := answer.Body.String(); answer.Code != http.StatusOK || !strings.HasPrefix(body, "{") {
				t.Errorf("the product at work answers HTTP %d: %s", answer.Code, body)
			}
			send(w, p, answer)
		}))
	}
	return fault{name: name, want: want, note: note, about: values, start: start}
}

// mark puts the marker into a field that no product has, if the body is an object.
func mark(body []byte) []byte {
	if !bytes.HasPrefix(body, []byte("{")) {
		return body
	}
	return append([]byte(`{"detail":"`+marker+`",`), body[1:]...)
}

// decode returns a document with its numbers as they are written.
func decode(body []byte) any {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		panic(err) // a fake's answer is JSON
	}
	return v
}

// encode writes a document, without escaping more than JSON wants.
func encode(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // it consists of what a decoder made
	}
	return bytes.TrimSpace(out.Bytes())
}
