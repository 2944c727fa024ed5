package mrs

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"progress_exporter/collector/progress"
)

// browser asks the manager or its CAS, with the cookies that it has. It keeps none
// by itself and follows no redirect.
type browser struct {
	fetch   progress.Fetch
	cookies http.Header // as they are sent
	accept  string      // empty: JSON
}

// get asks for a page. The manual wants a Content-Type on every request.
func (b browser) get(ctx context.Context, address string) (progress.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return progress.Response{}, badAddress(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return b.send(req)
}

// post sends a form.
func (b browser) post(ctx context.Context, address string, form url.Values) (progress.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return progress.Response{}, badAddress(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(req)
}

func (b browser) send(req *http.Request) (progress.Response, error) {
	if b.accept != "" {
		req.Header.Set("Accept", b.accept)
	}
	maps.Copy(req.Header, b.cookies)
	return b.fetch(req)
}

func badAddress(err error) error {
	return progress.Errorf(progress.Internal, "cannot make the request, check the target's url and options.login.cas_url: %w", err)
}
