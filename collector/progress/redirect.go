package progress

import (
	"net/url"
	"strings"
)

// leads says where a redirect leads: that it stays on the host that was asked, or in said the
// product's word for another one. Its path and query are not said, because they may hold secrets.
func leads(resp Response, said *string) string {
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || *to == (url.URL{}) {
		return ""
	}
	if resp.Request != nil {
		from := resp.Request.URL
		to = from.ResolveReference(to)
		if to.Scheme == from.Scheme && strings.EqualFold(to.Host, from.Host) {
			return " to another path of the same host"
		}
	}
	if to.Host != "" && (to.Scheme == "http" || to.Scheme == "https") {
		*said = "Location: " + to.Scheme + "://" + to.Host
	}
	return ""
}
