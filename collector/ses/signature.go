package ses

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"
)

// keys are an access key id and the secret key that belongs to it.
type keys struct{ access, secret string }

// sign returns the signature v2 of a request, as NAVER Cloud's API reference
// describes it and its Go SDK (ncloud-sdk-go-v2, package hmac) makes it. The uri is
// the path with its query exactly as it is sent, without the host. Neither the body
// nor any other header is signed.
func (k keys) sign(method, uri string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(k.secret))
	fmt.Fprintf(mac, "%s %s\n%d\n%s", method, uri, at.UnixMilli(), k.access)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
