package logpressotest

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"
)

// StartPath is where the product begins an install.
const StartPath = "/api/sonar/apps/start-install"

// What the manual gives as the answers of start-install; "alreay" is the
// product's own spelling.
const (
	installable = `{"installable_status":{"is_valid":true,"reason":null}}`
	obstructed  = `{"installable_status":{"is_valid":false,"reason":%q,"app_code":"logpresso-sample-app","app_name":"サンプルアプリ","app_version":"1.0.0"}}`
	impossible  = `{"installable_status":{"is_valid":false,"reason":%[1]q},"result":false,` +
		`"error_msg":"app installation failed to start: installable status: isValid = [false], reason = [%[1]s], appCode = [null], appFile = [/opt/logpresso/sonar/upload/sample.jar]"}`
	expired = `{"error_code":"illegal-state","error_msg":"main install session was expired : token-[%s]"}`
	started = `{"error_code":"illegal-state","error_msg":"main install session alreay START_INSTALL_APP : token-[%s] app symbol-[com.logpresso.sample.app]"}`
)

// startRequest is what a client asked for.
type startRequest struct {
	key  string // the header Authorization
	json bool   // whether the body says that it is JSON, and is

	Token     string `json:"token"`
	Overwrite bool   `json:"overwrite"`
}

func readStart(r *http.Request) startRequest {
	asked := startRequest{key: r.Header.Get("Authorization")}
	t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	asked.json = d.Decode(&asked) == nil && t == "application/json"
	return asked
}

// start begins the install, or says why not. What the product does with a body
// that is not JSON the manual does not say; here its token counts as missing.
func (s *Server) start(asked startRequest) (status int, body string) {
	idle := s.Drill.Scenario == ""
	curable := s.Obstacle == "already-installed" || s.Obstacle == "version-mismatch"
	switch {
	case s.Key != "" && asked.key != "Bearer "+s.Key:
		return http.StatusInternalServerError, noPermission
	case !asked.json || !guid.MatchString(asked.Token):
		return http.StatusBadRequest, notGUID
	case s.Token != "" && asked.Token != s.Token, idle && !s.Uploaded:
		return http.StatusInternalServerError, fmt.Sprintf(expired, asked.Token)
	case !s.Uploaded:
		return http.StatusInternalServerError, fmt.Sprintf(started, asked.Token)
	case curable && !asked.Overwrite:
		return http.StatusOK, fmt.Sprintf(obstructed, s.Obstacle)
	case s.Obstacle != "" && !curable:
		return http.StatusOK, fmt.Sprintf(impossible, s.Obstacle)
	}
	s.Uploaded, s.Drill.Start = false, time.Now()
	if s.Drill.Now != nil {
		s.Drill.Start = s.Drill.Now()
	}
	return http.StatusOK, installable
}
