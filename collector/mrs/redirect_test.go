package mrs

import "testing"

func TestToLogin(t *testing.T) {
	for location, want := range map[string]bool{
		"https://m:20009/cas/login?service=https://m/web/cas_security_check.htm": true,
		"/web/login.html":                           true,
		"https://gateway:9022/mrscas/Login":         true,
		"https://m:28443/web/v1/access/login_check": false, // from http to https
		"https://m:28443/web/":                      false,
		"":                                          false,
		"%zz":                                       false,
	} {
		if got := toLogin(location); got != want {
			t.Errorf("%s: %v, want %v", location, got, want)
		}
	}
}
