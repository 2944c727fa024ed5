package collectortest

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// anyCase takes a good answer and puts beside each of its names the same one in
// capitals, with a value of no use. Names are what the vendor writes, so the product
// is up and its series are those of the good answer.
func anyCase(t *testing.T, p Product, good http.Handler) {
	var first, second *httptest.ResponseRecorder // the same answer, whatever the time is
	b := newBench(t, p, patience, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := httptest.NewRecorder()
		good.ServeHTTP(rec, r)
		if isDocument(rec.Body.Bytes()) {
			if first == nil {
				first = rec
			} else {
				second = rec
				rec = httptest.NewRecorder()
				rec.Code = first.Code
				rec.Body.Write(shouted(t, first.Body.Bytes()))
			}
		}
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}))
	want, got := said(b.scrape(t), p.API().Name), said(b.scrape(t), p.API().Name)
	if second == nil {
		t.Fatal("the product was not asked a second time")
	}
	if len(want) < 3 || !slices.Equal(want, got) {
		t.Errorf("%d series of the good answer:\n%s\nand of the one with other names:\n%s\nlog: %s", len(want), strings.Join(want, "\n"), strings.Join(got, "\n"), b.log)
	}
}

// said returns the lines of an exposition that an answer alone decides.
func said(text, api string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		for _, prefix := range []string{"progress_up{", "progress_state{", "progress_total_ratio{", "progress_node", "progress_job_info{", "progress_" + strings.ReplaceAll(api, "-", "_") + "_"} {
			if strings.HasPrefix(line, prefix) {
				lines = append(lines, strings.TrimSpace(line))
				break
			}
		}
	}
	return lines
}

// shouted returns a document with each name once more, in capitals and behind it.
func shouted(t *testing.T, document []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(document, &v); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	shout(t, &out, v)
	return out.Bytes()
}

func shout(t *testing.T, out *bytes.Buffer, v any) {
	t.Helper()
	write := func(v any) {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(b)
	}
	separate := func(i int) {
		if i > 0 {
			out.WriteByte(',')
		}
	}
	switch v := v.(type) {
	case map[string]any:
		out.WriteByte('{')
		for i, name := range slices.Sorted(maps.Keys(v)) {
			separate(i)
			write(name)
			out.WriteByte(':')
			shout(t, out, v[name])
			if loud := strings.ToUpper(name); loud != name {
				out.WriteByte(',')
				write(loud)
				out.WriteString(`:[{"x":1}]`)
			}
		}
		out.WriteByte('}')
	case []any:
		out.WriteByte('[')
		for i, item := range v {
			separate(i)
			shout(t, out, item)
		}
		out.WriteByte(']')
	default:
		write(v)
	}
}
