package logpresso

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"progress_exporter/collector/progress"
)

// StartInstall asks the product to begin the install of the package that was
// uploaded under this token, over an app that is there already only with
// overwrite. It changes the product, so the daemon never calls it, and it asks
// once: a second request would find the session in another stage. The API key
// needs the role ADMIN or above.
//
// Its error is an *progress.Error. Its cause is a Refusal where the product
// refused for a reason that the manual describes. Where the request was sent and
// no understandable answer came back, the message says that the install may have
// begun.
func StartInstall(ctx context.Context, t progress.Target, fetch progress.Fetch, token progress.Secret, overwrite bool) (Installable, error) {
	secrets := t.Secrets.With(token.Reveal())
	i, err := start(ctx, t, secrets.Watch(fetch), token, overwrite)
	if err != nil {
		shown := secrets.Error(err)
		shown.Err = progress.AsError(err).Err
		return Installable{}, shown
	}
	return i.shown(secrets), nil
}

// start is StartInstall with the product's texts as they came.
func start(ctx context.Context, t progress.Target, fetch progress.Fetch, token progress.Secret, overwrite bool) (Installable, error) {
	body, err := json.Marshal(struct {
		Token     string `json:"token"`
		Overwrite bool   `json:"overwrite,omitempty"`
	}{token.Reveal(), overwrite})
	if err != nil {
		return Installable{}, progress.Errorf(progress.Internal, "cannot write the request: %w", err)
	}
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL.JoinPath("api/sonar/apps/start-install").String(), bytes.NewReader(body))
	if err != nil {
		return Installable{}, progress.Errorf(progress.Internal, "cannot make the request, check the target's url: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := fetch(req)
	if err != nil {
		return Installable{}, mayHaveBegun(err, sent.Load())
	}
	return judgement(resp)
}
