package targets

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlaced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "targets.yml")
	text := `targets:
  - name: a
    api: test
    url: http://h
    options:
      region: MARS
      number: abc
  - {name: b, api: test, url: http://h}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	cause := errors.New("options.region: unknown region\noptions.number has to be a number\noptions.key is needed\nsomething else\n" + file + ":9: targets[0].options: unknown key")
	got := c.Targets[0].Placed(cause)
	want := `F:6: targets[0].options.region: unknown region
F:7: targets[0].options.number has to be a number
F:2: targets[0]: options.key is needed
F:2: targets[0]: something else
F:9: targets[0].options: unknown key`
	if text := strings.ReplaceAll(got.Error(), file, "F"); text != want {
		t.Errorf("%s\nwant\n%s", text, want)
	}
	if !errors.Is(got, cause) {
		t.Error("the cause is lost")
	}
	if text := strings.ReplaceAll(c.Targets[1].Placed(cause).Error(), file, "F"); !strings.HasPrefix(text, "F:8: targets[1]: options.region: unknown region\n") {
		t.Errorf("without options: %s", text)
	}
}
