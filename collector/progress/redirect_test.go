package progress

import (
	"net/http"
	"strings"
	"testing"
)

// A redirect says which host it leads to, and neither its path, its query nor who logs in there.
func TestWhereARedirectLeads(t *testing.T) {
	req, err := http.NewRequest(http.MethodGet, "http://sonar.example.com:8443/api?token=hunter2", nil)
	if err != nil {
		t.Fatal(err)
	}
	const kept, told = "; redirects are never followed, put the final address into url", `; the product says "Location: `
	for location, want := range map[string]string{
		"": kept,
		"https://sonar.example.com:8443/login?token=hunter2#hunter2": kept + told + `https://sonar.example.com:8443"`,
		"http://ops:hunter2@elsewhere.example.com/hunter2":           kept + told + `http://elsewhere.example.com"`,
		"//[2001:db8::1]:8080/hunter2":                               kept + told + `http://[2001:db8::1]:8080"`,
		"/hunter2":                                                   " to another path of the same host" + kept,
		"hunter2":                                                    " to another path of the same host" + kept,
		"http://SONAR.example.com:8443/hunter2/":                     " to another path of the same host" + kept,
		"http://sonar.example.com/":                                  kept + told + `http://sonar.example.com"`,
		"gopher://elsewhere.example.com/":                            kept,
		"javascript:hunter2":                                         kept,
		"http://hunter2\x00/":                                        kept,
		"https://s3cr3t.example.com/":                                kept + told + `https://<redacted>.example.com"`,
		"https://" + strings.Repeat("x", 300):                        kept + told + "https://" + strings.Repeat("x", 179) + `…"`,
	} {
		e := NewSecrets([]string{"s3cr3t"}, nil).Error(StatusError(Response{Status: http.StatusFound, Header: http.Header{"Location": {location}}, Request: req}))
		if want = "redirect: GET http://sonar.example.com:8443/api: HTTP 302 Found" + want; e.Error() != want {
			t.Errorf("%s:\ngot  %s\nwant %s", location, e, want)
		}
	}
	e := NewSecrets(nil, nil).Error(StatusError(Response{Status: http.StatusFound, Header: http.Header{"Location": {"/login"}}}))
	if want := "redirect: HTTP 302 Found" + kept; e.Error() != want {
		t.Errorf("without a request: %s, want %s", e, want)
	}
}
