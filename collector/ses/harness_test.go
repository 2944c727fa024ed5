package ses_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
)

const (
	accessKey = "EXAMPLEACCESSKEY0001"
	secretKey = "exampleSecretKey-for-tests-only"
	number    = "3427188"
	inline    = "access_key: " + accessKey + "\nsecret_key: " + secretKey + "\n"
	options   = "service_group_instance_no: " + number + "\n" + inline
)

// moment is the time of the test vectors of the signature.
var moment = time.UnixMilli(1700000000000)

func clock() time.Time { return moment }

// files are what the targets of these tests can read.
var files = map[string]string{
	"access.key": accessKey + "\n",
	"secret.key": secretKey + "\n",
	"words.key":  accessKey + " " + accessKey,
	"two.key":    accessKey + "\n" + accessKey + "\n",
	"empty.key":  " \n",
}

func target(t testing.TB, options string) progress.Target {
	t.Helper()
	return collectortest.Target(t, "https://vpcsearchengine.apigw.ntruss.com", options, files)
}

func open(t testing.TB, target progress.Target) progress.Source {
	t.Helper()
	s, err := ses.OpenAt(target, clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sign signs "METHOD uri" at the moment of these tests.
func sign(methodAndURI string) string {
	mac := hmac.New(sha256.New, []byte(secretKey))
	mac.Write([]byte(methodAndURI + "\n1700000000000\n" + accessKey))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func wantError(t *testing.T, err error, reason progress.Reason, code, text string) {
	t.Helper()
	collectortest.WantError(t, err, reason, code, text, accessKey, secretKey)
}
