package faults

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// large is the size of a body that nobody asked for, in bytes.
const large = 100 << 20

// transferFaults are answers that do not end, or have no measure.
func transferFaults() []fault {
	return []fault{
		{name: "hangs before the header", want: reason(progress.Timeout), hangs: true, start: answering(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		})},
		{name: "hangs in the body", want: reason(progress.Timeout), hangs: true, start: answering(func(w http.ResponseWriter, r *http.Request) {
			send(http.StatusOK, `{"a":"`+marker)(w, r)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		})},
		{name: "one byte a second", want: reason(progress.Timeout), hangs: true, start: answering(byteASecond)},
		{name: "100 MB, announced", want: reason(progress.TooLarge), start: answering(largeBody(true))},
		{name: "100 MB in chunks", want: reason(progress.TooLarge), start: answering(largeBody(false))},
		{name: "endless chunks", want: reason(progress.TooLarge), start: answering(func(w http.ResponseWriter, r *http.Request) {
			send(http.StatusOK, `{"a":"`+marker)(w, r)
			for err := error(nil); err == nil; {
				_, err = io.WriteString(w, strings.Repeat("x", 64<<10))
			}
		})},
		{name: "gzip bomb of 100 MB", want: reason(progress.TooLarge), start: bomb},
		{name: "gzip that is none", want: reason(progress.Decode), start: answering(send(http.StatusOK, marker, "Content-Encoding", "gzip"))},
		{name: "compressed in a way not asked for", want: reason(progress.Decode), start: answering(send(http.StatusOK, marker, "Content-Encoding", "br"))},
	}
}

func byteASecond(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for _, b := range []byte(`{"a":"` + marker + `"}`) {
		_, _ = w.Write([]byte{b})
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		}
	}
}

// largeBody answers with one string of that size.
func largeBody(announced bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if announced {
			w.Header().Set("Content-Length", strconv.Itoa(large))
		}
		_, err := fmt.Fprintf(w, `{"a":"%s`, marker)
		for sent := 0; sent < large && err == nil; sent += 64 << 10 {
			_, err = io.WriteString(w, strings.Repeat("x", 64<<10))
		}
	}
}

// bomb plays a body that is small until it is decompressed: as many streams of gzip
// one after the other as it takes.
func bomb(t *testing.T, _ product, _ http.Handler) site {
	var one bytes.Buffer
	zw := gzip.NewWriter(&one)
	if _, err := zw.Write(bytes.Repeat([]byte(marker), 1<<20/len(marker))); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return serve(t, send(http.StatusOK, strings.Repeat(one.String(), 100), "Content-Encoding", "gzip"))
}
