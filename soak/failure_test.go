package soak

import (
	"io"
	"net/http"
	"strings"
)

// failure is one way in which a read fails.
type failure struct {
	answer http.HandlerFunc
	silent bool // closes the connection without an answer
}

const (
	page    = "<!DOCTYPE html>\n<html><body><h1>Service Unavailable</h1></body></html>\n"
	isJSON  = "application/json"
	isHTML  = "text/html; charset=utf-8"
	garbage = "\x1f\x8b\x08\x00not really \xff\xfe"
)

// failures returns the ways in which a job fails that is in a hurry.
func failures() []failure {
	return []failure{
		{answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, silent: true},
		{answer: send(http.StatusInternalServerError, isHTML, page)},
		{answer: send(http.StatusTooManyRequests, isJSON, `{"message":"slow down"}`)},
		{answer: send(http.StatusOK, isHTML, page)},
		{answer: send(http.StatusOK, isJSON, garbage)},
		{answer: send(http.StatusOK, isJSON, "")},
		{answer: func(w http.ResponseWriter, _ *http.Request) { // ends in the middle of the body
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"progress":{`)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{answer: send(http.StatusServiceUnavailable, isJSON, `{"message":"later"}`)},
		{answer: send(http.StatusOK, isJSON, `[`+strings.Repeat("[", 5000))},
		{answer: send(http.StatusFound, isHTML, page)},
	}
}

// hanging returns the one way in which a slow job fails.
func hanging() []failure {
	return []failure{{answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }}}
}

// send returns what answers with a status and a body.
func send(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
