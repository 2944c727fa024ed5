package targets

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/prometheus/common/config"
)

// checkHTTP notes what is wrong with HTTP settings and what the library that decodes
// them lets pass, although no request could be sent with it. No value is quoted.
func (r *reader) checkHTTP(line int, path string, h *config.HTTPClientConfig) {
	c := httpCheck{func(key, text string) { r.problem(line, path, "%s %s", key, text) }}
	c.proxy("", &h.ProxyConfig)
	if a := h.Authorization; a != nil {
		c.token("authorization.type", a.Type)
		c.value("authorization.credentials", string(a.Credentials))
	}
	c.value("bearer_token", string(h.BearerToken))
	if b := h.BasicAuth; b != nil {
		c.value("basic_auth.username", b.Username)
		c.value("basic_auth.password", string(b.Password))
	}
	if o := h.OAuth2; o != nil {
		c.proxy("oauth2.", &o.ProxyConfig)
		c.url("oauth2.token_url", o.TokenURL, "http", "https")
		c.value("oauth2.client_id", o.ClientID)
		c.value("oauth2.client_secret", string(o.ClientSecret))
	}
	if h.HTTPHeaders != nil {
		for _, name := range slices.Sorted(maps.Keys(h.HTTPHeaders.Headers)) {
			header := h.HTTPHeaders.Headers[name]
			c.name("http_headers", name)
			for _, v := range header.Values {
				c.value("a value in http_headers", v)
			}
			for _, v := range header.Secrets {
				c.value("a secret in http_headers", string(v))
			}
		}
	}
}

// httpCheck notes mistakes, each with its key and what is wrong with it.
type httpCheck struct{ mistake func(key, text string) }

func (c httpCheck) proxy(prefix string, p *config.ProxyConfig) {
	if p.ProxyURL.URL != nil && p.ProxyURL.String() != "" {
		c.parsedURL(prefix+"proxy_url", p.ProxyURL.URL, "http", "https", "socks5", "socks5h")
	}
	for _, name := range slices.Sorted(maps.Keys(p.ProxyConnectHeader)) {
		c.name(prefix+"proxy_connect_header", name)
		for _, v := range p.ProxyConnectHeader[name] {
			c.value("a value in "+prefix+"proxy_connect_header", string(v))
		}
	}
}

func (c httpCheck) url(key, text string, schemes ...string) {
	u, err := url.Parse(text)
	if err != nil {
		c.mistake(key, "is not a valid URL")
		return
	}
	c.parsedURL(key, u, schemes...)
}

func (c httpCheck) parsedURL(key string, u *url.URL, schemes ...string) {
	switch {
	case !slices.Contains(schemes, u.Scheme) && u.Scheme != "" && u.Host != "":
		c.mistake(key, "has a scheme that is not possible here; want "+strings.Join(schemes, "://, ")+"://")
	case !slices.Contains(schemes, u.Scheme) || u.Hostname() == "":
		c.mistake(key, "is not an absolute URL; want one that begins with "+strings.Join(schemes, "://, ")+":// and has a host")
	case !validPort(u.Port()):
		c.mistake(key, "has a port outside 1–65535")
	}
}

func (c httpCheck) name(key, name string) {
	if !isToken(name) {
		c.mistake(key, "has a name that HTTP does not allow for a header; want letters, digits and dashes")
	}
}

func (c httpCheck) token(key, text string) {
	if text != "" && !isToken(text) {
		c.mistake(key, "is not one word, such as Bearer")
	}
}

func (c httpCheck) value(key, text string) {
	if strings.ContainsFunc(text, isForbidden) {
		c.mistake(key, "holds a line break or another control character; is it written with | or > ?")
	}
}

// isForbidden reports whether a character cannot stand in the value of a header.
func isForbidden(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// isToken reports whether a text is what RFC 9110 calls a token.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && (r > 0x7e || !strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}
