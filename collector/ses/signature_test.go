package ses

import (
	"testing"
	"time"
)

// The first vector is a public one, of another service behind the same gateway; the
// others were made with openssl:
//
//	printf '%s %s\n%s\n%s' "$METHOD" "$URI" "$TIMESTAMP" "$ACCESS" | openssl dgst -sha256 -hmac "$SECRET" -binary | openssl enc -base64
func TestSign(t *testing.T) {
	public := keys{"TestAccessKey", "TestSecretKey"}
	ours := keys{"EXAMPLEACCESSKEY0001", "exampleSecretKey-for-tests-only"}
	for _, tc := range []struct {
		keys        keys
		at          int64
		method, uri string
		want        string
	}{
		{public, 1234567890123, "GET", "/vserver/v2/getServerInstanceList?responseFormatType=json", "FPsYYX8fuMAgi+cue3eACOW0dNtIwu1LYWfg/megA2M="},
		{ours, 1700000000000, "POST", "/api/v2/cluster/getRollingUpgradeProgress", "zJmigLtkUGW/V3QRXzUzRkzOssP7DBOBl+L+oHPEw5w="},
		{ours, 1700000000000, "POST", "/api/sgn-v2/cluster/getRollingUpgradeProgress", "FpZBTMixr6QC8KgTZ0LJ/VBPvkkU+JrNyHj82b4223Y="},
		{ours, 1700000000000, "POST", "/api/jpn-v2/cluster/getRollingUpgradeProgress", "PtXNGpiZgcpGVPT2RzUsfD/C07T0SzxVu51TYGFxdDM="},
		{ours, 1700000000000, "POST", "/api/krs-v2/cluster/getRollingUpgradeProgress", "9lgzctD1Nn0fw0P56slmbFJdGHwsTUCtKepEoGe/u2o="},
		{ours, 1700000000000, "GET", "/api/v2/cluster/getRollingUpgradeProgress", "Dgz5tP+IUhlQW3CkesBsi9hjpmft03GAYCUMnPNQ/iA="},
		{ours, 1700000000000, "GET", "/api/v2/cluster/getClusterInfoList?pageNo=1&pageSize=20", "eAl48RJoWslQaT5DmJovgQUUJqYGY7MykPCbfdudCTE="},
	} {
		if got := tc.keys.sign(tc.method, tc.uri, time.UnixMilli(tc.at)); got != tc.want {
			t.Errorf("%s %s: %s, want %s", tc.method, tc.uri, got, tc.want)
		}
	}
}
