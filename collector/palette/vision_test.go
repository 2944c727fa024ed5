package palette

import (
	"fmt"
	"math"
	"testing"
)

// rgb are linear components, 0 to 1.
type rgb [3]float64

func linear(t *testing.T, hex string) rgb {
	t.Helper()
	var parts [3]int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &parts[0], &parts[1], &parts[2]); err != nil || len(hex) != 7 {
		t.Fatalf("%q is no colour: %v", hex, err)
	}
	var c rgb
	for i, p := range parts {
		if s := float64(p) / 255; s <= 0.04045 {
			c[i] = s / 12.92
		} else {
			c[i] = math.Pow((s+0.055)/1.055, 2.4)
		}
	}
	return c
}

func (c rgb) luminance() float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// contrast is that of WCAG 2.1, 1 to 21.
func contrast(a, b rgb) float64 {
	high, low := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (high + 0.05) / (low + 0.05)
}

// Words can be read on their backgrounds: a contrast of 4.5 is WCAG's AA.
func TestContrast(t *testing.T) {
	black, white := "#111217", "#ffffff" // Grafana's dark text, and white
	for _, k := range Kinds() {
		for _, tc := range []struct {
			where, text string
			backs       []string
		}{
			{"on a light page", k.Light, []string{"#ffffff", "#f6f8fa"}},
			{"on a dark page", k.Dark, []string{"#0d1117", "#161b22"}},
		} {
			for _, back := range tc.backs {
				if got := contrast(linear(t, tc.text), linear(t, back)); got < 4.5 {
					t.Errorf("%s %s: %s on %s has a contrast of %.1f", k.Word, tc.where, tc.text, back, got)
				}
			}
		}
		fill := linear(t, k.Fill)
		if got := max(contrast(fill, linear(t, black)), contrast(fill, linear(t, white))); got < 4.5 {
			t.Errorf("%s in Grafana: neither black nor white can be read on %s: %.1f", k.Word, k.Fill, got)
		}
	}
}

// visions are how eyes see colours: the complete dichromacies of Machado, Oliveira and
// Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency"
// (2009).
func visions() map[string][3]rgb {
	return map[string][3]rgb{
		"all cones":    {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
		"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
		"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
		"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
	}
}

// lab is a colour in CIE L*a*b*, as an eye sees it. Distances in it are about as large
// as they look: 2 can just be told apart, side by side.
func lab(c rgb, eye [3]rgb) [3]float64 {
	var s rgb
	for i, row := range eye {
		s[i] = min(max(row[0]*c[0]+row[1]*c[1]+row[2]*c[2], 0), 1)
	}
	f := func(v float64) float64 {
		if v > 0.008856 {
			return math.Cbrt(v)
		}
		return 7.787*v + 16.0/116
	}
	x := f((0.4124*s[0] + 0.3576*s[1] + 0.1805*s[2]) / 0.95047)
	y := f(s.luminance())
	z := f((0.0193*s[0] + 0.1192*s[1] + 0.9505*s[2]) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt(math.Pow(a[0]-b[0], 2) + math.Pow(a[1]-b[1], 2) + math.Pow(a[2]-b[2], 2))
}

// No two kinds look alike to any eye; "not read yet" is a kind of "none".
func TestColourBlind(t *testing.T) {
	const apart = 15
	kinds := Kinds()
	for name, eye := range visions() {
		for i, a := range kinds {
			for _, b := range kinds[i+1:] {
				if a.Word == "none" && b.Word == NotRead {
					continue
				}
				if got := distance(lab(linear(t, a.Fill), eye), lab(linear(t, b.Fill), eye)); got < apart {
					t.Errorf("%s: %s and %s are %.0f apart, want %d", name, a.Word, b.Word, got, apart)
				}
			}
		}
	}
	// Red and green of the same brightness are what the test is for.
	deuteranopia := visions()["deuteranopia"]
	if got := distance(lab(linear(t, "#a06000"), deuteranopia), lab(linear(t, "#6f7a00"), deuteranopia)); got >= apart {
		t.Errorf("red and green are %.0f apart: the test cannot fail", got)
	}
}
