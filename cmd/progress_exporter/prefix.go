package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// addresses returns where the exporter is reached from outside, and the prefix of its own
// paths, by the flags --web.external-url and --web.route-prefix. As in Prometheus the path
// of the one is the default of the other. Without the URL, outside is like inside.
func addresses(externalURL, routePrefix string) (external url.URL, prefix string, err error) {
	u, err := url.Parse(externalURL)
	switch {
	case err != nil: // without the URL itself: it may have a password in it
		err = errors.New("is not a URL")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		err = errors.New("must have no user, no query and no fragment")
	case u.Hostname() != "" && (u.Scheme == "http" || u.Scheme == "https"):
	case u.Host != "", u.Scheme != "", u.Path != "" && u.Path[0] != '/':
		err = errors.New("must begin with http:// or https:// and have a host, or be a path that begins with /")
	}
	if err != nil {
		return url.URL{}, "", fmt.Errorf("--web.external-url %w; want for example https://proxy.example.com/progress", err)
	}
	external = url.URL{Scheme: u.Scheme, Host: u.Host, Path: cleanPrefix(u.Path)}
	if routePrefix == "" {
		return external, external.Path, nil
	}
	prefix = cleanPrefix(routePrefix)
	if externalURL == "" {
		external.Path = prefix
	}
	return external, prefix, nil
}

// cleanPrefix returns a path with a slash at its beginning and none at its end; the root is
// empty.
func cleanPrefix(p string) string { return strings.TrimSuffix(path.Clean("/"+p), "/") }

// below serves all paths under a prefix. Who asks for the root, or for the prefix without
// its last slash, is sent to the landing page; outside is the prefix as browsers see it.
func below(prefix, outside string, next http.Handler) http.Handler {
	if prefix == "" {
		return next
	}
	stripped := http.StripPrefix(prefix, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, prefix+"/"):
			stripped.ServeHTTP(w, r)
		case r.URL.Path == "/":
			redirect(w, prefix+"/")
		case r.URL.Path == prefix:
			redirect(w, outside+"/")
		default:
			http.NotFound(w, r)
		}
	})
}

// redirect sends a browser to another address. http.Redirect would make a relative one
// absolute, without the prefix that a proxy or the exporter itself took away.
func redirect(w http.ResponseWriter, address string) {
	w.Header().Set("Location", (&url.URL{Path: address}).EscapedPath())
	w.WriteHeader(http.StatusFound)
}
