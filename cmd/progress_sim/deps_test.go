package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// list returns what `go list` prints, line by line.
func list(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %s: %v", strings.Join(args, " "), err)
	}
	return strings.Fields(string(out))
}

// products returns the packages that read a product, beside their contract.
func products(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(list(t, "-f", `{{join .Imports "\n"}}`, "progress_exporter/collector/apis"),
		func(path string) bool { return path == "progress_exporter/collector/progress" })
}

// A fake that shared a decoder's structs would share its mistakes, too.
func TestFakesDoNotKnowTheDecoders(t *testing.T) {
	mine := list(t, "-deps", ".")
	if len(products(t)) == 0 {
		t.Fatal("no products found")
	}
	for _, product := range products(t) {
		if slices.Contains(mine, product) {
			t.Errorf("progress_sim depends on %s, which reads a product", product)
		}
	}
}

// What only plays products has no place in the programs that people run.
func TestFakesStayOutOfTheOtherPrograms(t *testing.T) {
	fakes := []string{"progress_exporter/collector/collectortest/drill"}
	for _, product := range products(t) {
		name := product[strings.LastIndex(product, "/")+1:]
		fakes = append(fakes, product+"/"+name+"test")
	}
	mine := list(t, "-deps", ".")
	programs := list(t, "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "progress_exporter/cmd/...")
	for _, fake := range fakes {
		if !slices.Contains(mine, fake) {
			t.Errorf("progress_sim does not play %s", fake)
		}
		for _, program := range programs {
			if program != "progress_exporter/cmd/progress_sim" && slices.Contains(list(t, "-deps", program), fake) {
				t.Errorf("%s depends on %s, which only plays a product", program, fake)
			}
		}
	}
}
