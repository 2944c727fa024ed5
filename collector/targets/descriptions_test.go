package targets

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Descriptions are those of the main file, then those of its files in the order of their
// paths; what they mean is not looked at.
func TestDescriptions(t *testing.T) {
	c, dir := loadTexts(t, map[string]string{
		"targets.yml": "apis:\n- {name: a, whatever: [1]}\n- name: b\napi_files: [more.yml, apis/*.yml]\ntargets: []",
		"more.yml":    "x-anchors: {}\nname: c",
		"apis/e.yml":  "name: e",
		"apis/d.yml":  "# a comment\nname: d",
	})
	var got []string
	for _, d := range c.Descriptions {
		var name struct{ Name string }
		if err := d.Node.Decode(&name); err != nil {
			t.Fatal(err)
		}
		file, err := filepath.Rel(dir, d.File)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(filepath.ToSlash(file)+" "+d.Path)+" is "+name.Name)
	}
	if diff := cmp.Diff([]string{"targets.yml apis[0] is a", "targets.yml apis[1] is b", "apis/d.yml is d", "apis/e.yml is e", "more.yml is c"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	again, err := Load(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range c.Descriptions {
		if !d.Same(again.Descriptions[i]) || d.Same(c.Descriptions[(i+1)%len(c.Descriptions)]) {
			t.Errorf("%s %s is not what it is, or what another is", d.File, d.Path)
		}
	}
}

func TestDescriptionsRefused(t *testing.T) {
	for name, tc := range map[string]struct {
		files map[string]string
		want  string
	}{
		"not a list":        {map[string]string{"targets.yml": "apis: {name: a}\ntargets: []"}, "DIR/targets.yml:1: apis: want a list, found a mapping"},
		"not a mapping":     {map[string]string{"targets.yml": "apis: [a]\ntargets: []"}, "DIR/targets.yml:1: apis[0]: want a mapping (key: value), found text"},
		"no such file":      {map[string]string{"targets.yml": "targets: []\napi_files: [a.yml, b/*.yml]"}, "DIR/targets.yml:2: api_files: DIR/a.yml matches no file\nDIR/targets.yml:2: api_files: DIR/b/*.yml matches no file"},
		"a bad pattern":     {map[string]string{"targets.yml": "targets: []\napi_files: ['[a']"}, `DIR/targets.yml:2: api_files[0]: "[a" is not a valid pattern; is there a [ without its ]?`},
		"a broken file":     {map[string]string{"targets.yml": "targets: []\napi_files: [a.yml]", "a.yml": "- name: a"}, "DIR/a.yml:1: want a mapping (key: value), found a list"},
		"a large file":      {map[string]string{"targets.yml": "targets: []\napi_files: [a.yml]", "a.yml": "name: a\n#" + strings.Repeat(" ", maxDescription)}, "DIR/targets.yml:2: api_files: DIR/a.yml: has 65545 bytes, at most 65536 are allowed"},
		"two documents":     {map[string]string{"targets.yml": "targets: []\napi_files: [a.yml]", "a.yml": "name: a\n---\nname: b"}, "DIR/a.yml:2: a second document begins here; keep one and remove the line ---"},
		"beside other bugs": {map[string]string{"targets.yml": "apis: 7\ntargets: 7"}, "DIR/targets.yml:1: apis: want a list, found a whole number\nDIR/targets.yml:2: targets: want a list, found a whole number"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := write(t, tc.files)
			_, err := Load(filepath.Join(dir, "targets.yml"))
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(err.Error(), dir, "DIR")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Who may add a job may not add a product.
func TestTargetFilesDescribeNothing(t *testing.T) {
	c, dir := loadTexts(t, map[string]string{
		"targets.yml":  "target_files: [jobs.d/*.yml]\ntargets: []",
		"jobs.d/a.yml": "apis: [{name: a}]\napi_files: [b.yml]\ntargets: []",
	})
	const want = "DIR/jobs.d/a.yml:1: apis: belongs into the main file: whoever may add a target may not add a product\n" +
		"DIR/jobs.d/a.yml:2: api_files: belongs into the main file: whoever may add a target may not add a product"
	if diff := cmp.Diff(want, strings.ReplaceAll(c.Files[0].Err.Error(), dir, "DIR")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(c.Descriptions) > 0 {
		t.Errorf("described: %v", c.Descriptions)
	}
}
