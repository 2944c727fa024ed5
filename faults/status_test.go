package faults

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"testing"

	"progress_exporter/collector/progress"
)

const (
	html = "<!DOCTYPE html>\n<html><body><h1>" + marker + "</h1></body></html>\n"
	// It has the shape of no product's error.
	errorJSON = `{"detail":"` + marker + `"}`
)

// statusFaults are answers whose HTTP status says that something is wrong.
func statusFaults() []fault {
	rows := []fault{
		{name: "redirect to another host", want: reason(progress.Redirect), asks: 3, start: func(t *testing.T, _ product, _ http.Handler) site {
			elsewhere := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				t.Errorf("%s %s: a redirect was followed", r.Method, r.URL.Path)
			}))
			return serve(t, send(http.StatusFound, html, "Location", elsewhere.url+"/elsewhere"))
		}},
		{name: "redirect loop", want: reason(progress.Redirect), asks: 3, start: answering(func(w http.ResponseWriter, r *http.Request) {
			send(http.StatusTemporaryRedirect, html, "Location", "/loop")(w, r)
		})},
		// The manager does so where a session is missing.
		{name: "redirect to a login page", want: reason(progress.Redirect),
			but:   map[string]cell{"mrs": reason(progress.Auth), "mrs, manager behind a login": reason(progress.Auth)},
			start: answering(send(http.StatusFound, html, "Location", "/cas/login?service=x"))},
		// One request and no more, for the answer says when to come again.
		{name: "HTTP 429 with Retry-After", want: reason(progress.RateLimited), asks: 1, start: answering(send(http.StatusTooManyRequests, errorJSON, "Retry-After", "600"))},
		{name: "HTTP 500 with the product's own error", about: values, want: reason(progress.APIError),
			// The manager's page has no error model that could tell its 500 from a proxy's.
			but: map[string]cell{"mrs": reason(progress.HTTP5xx), "mrs, manager behind a login": reason(progress.HTTP5xx)},
			start: func(t *testing.T, p product, good http.Handler) site {
				return serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if !asksForProgress(r) {
						good.ServeHTTP(w, r)
						return
					}
					send(http.StatusInternalServerError, string(mark([]byte(p.refusal))), "Content-Type", "application/json")(w, r)
				}))
			}},
	}
	for status, want := range map[int]progress.Reason{
		401: progress.Auth, 403: progress.Auth, 404: progress.HTTP4xx,
		500: progress.HTTP5xx, 502: progress.HTTP5xx, 503: progress.HTTP5xx,
	} {
		rows = append(rows,
			fault{name: fmt.Sprintf("HTTP %d as JSON", status), want: reason(want), start: answering(send(status, errorJSON, "Content-Type", "application/json"))},
			fault{name: fmt.Sprintf("HTTP %d as HTML", status), want: reason(want), start: answering(send(status, html, "Content-Type", "text/html"))})
	}
	slices.SortStableFunc(rows[5:], func(a, b fault) int { return slices.Compare([]byte(a.name), []byte(b.name)) })
	return rows
}

// pageFaults are good answers by their status, with a body that no product has.
func pageFaults() []fault {
	// A page without the form of a login is no login page, whatever it is.
	cas := func() map[string]cell { return map[string]cell{"mrs, login page (CAS)": reason(progress.Contract)} }
	return []fault{
		{name: "empty", want: reason(progress.Decode), but: cas(), start: answering(send(http.StatusOK, ""))},
		{name: "null", want: reason(progress.Contract), but: cas(), start: answering(send(http.StatusOK, "null"))},
		{name: "array", want: reason(progress.Contract), but: cas(), start: answering(send(http.StatusOK, `["`+marker+`"]`))},
		{name: "plain text", want: reason(progress.Decode), but: cas(), start: answering(send(http.StatusOK, marker))},
		{name: "HTML page", want: reason(progress.Decode), start: answering(send(http.StatusOK, html, "Content-Type", "text/html")),
			// The manager shows one where a session is missing.
			but: map[string]cell{"mrs": reason(progress.Auth), "mrs, manager behind a login": reason(progress.Auth), "mrs, login page (CAS)": reason(progress.Contract)}},
	}
}

// send answers with a status, a body and headers.
func send(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		for pair := range slices.Chunk(header, 2) {
			w.Header().Set(pair[0], pair[1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
