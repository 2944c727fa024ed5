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

func TestCount(t *testing.T) {
	for in, want := range map[string]count{`4`: 4, `"4"`: 4, `4.0`: 4, `"1e2"`: 100} {
		var got count
		if err := json.Unmarshal([]byte(in), &got); err != nil || got != want {
			t.Errorf("%s: %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{`"four"`, `"1,024"`, `""`, `" 4"`, `"0x4"`, `"Infinity"`, `true`, `{}`, `[4]`, `"1e999"`} {
		var got count
		if err := json.Unmarshal([]byte(in), &got); err == nil || got != 0 {
			t.Errorf("%s: %v, %v; want an error", in, got, err)
		}
	}
}
