package ses

import (
	"encoding/json"
	"testing"
)

func TestCode(t *testing.T) {
	for _, tc := range []struct {
		json  string
		want  code
		wrong bool
		err   string
	}{
		{`0`, "0", false, ""},
		{`"0"`, "0", false, ""},
		{`0.0`, "0.0", false, ""},
		{`-0`, "-0", false, ""},
		{`null`, "", false, ""},
		{`""`, "", false, ""},
		{`200`, "200", true, ""},
		{`"200"`, "200", true, ""},
		{`-1`, "-1", true, ""},
		{`1e300`, "1e300", true, ""},
		{`1e999`, "1e999", true, ""},
		{`"INVALID"`, "INVALID", true, ""},
		{`true`, "", false, "json: cannot unmarshal bool into Go value of type ses.code"},
		{`false`, "", false, "json: cannot unmarshal bool into Go value of type ses.code"},
		{`[]`, "", false, "json: cannot unmarshal array into Go value of type ses.code"},
		{`{}`, "", false, "json: cannot unmarshal object into Go value of type ses.code"},
	} {
		var got code
		msg := ""
		if err := json.Unmarshal([]byte(tc.json), &got); err != nil {
			msg = err.Error()
		}
		if got != tc.want || got.wrong() != tc.wrong || msg != tc.err {
			t.Errorf("%s: %q, wrong %t, error %q; want %q, %t, %q", tc.json, got, got.wrong(), msg, tc.want, tc.wrong, tc.err)
		}
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]text{`"x"`: "x", `""`: "", `null`: "", `1`: "", `true`: "", `["x"]`: "", `{"x":"x"}`: ""} {
		var got struct{ A, B text }
		if err := json.Unmarshal([]byte(`{"A":`+in+`,"B":"next"}`), &got); err != nil || got.A != want || got.B != "next" {
			t.Errorf("%s: %+v, %v; want %q and next", in, got, err, want)
		}
	}
}
