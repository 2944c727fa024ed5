package main

// columns is how many a dashboard's grid has.
const columns = 24

// line is some panels side by side.
type line struct {
	height int
	panels []panel
}

// beside makes a line. Panels without a width share what is left, evenly.
func beside(height int, panels ...panel) line { return line{height, panels} }

// heading is a line with nothing but a title, under which others can be folded.
func heading(title string) line {
	open := false
	return line{1, []panel{{Type: "row", Title: title, Collapsed: &open}}}
}

// arrange puts the lines below each other and numbers the panels.
func arrange(lines ...line) []panel {
	var all []panel
	y := 0
	for _, l := range lines {
		free, flexible := columns, 0
		for _, p := range l.panels {
			free -= p.GridPos.W
			if p.GridPos.W == 0 {
				flexible++
			}
		}
		x := 0
		for _, p := range l.panels {
			width := p.GridPos.W
			if width == 0 {
				width = free / flexible
				free -= width
				flexible--
			}
			p.ID = len(all) + 1
			p.GridPos = gridPos{H: l.height, W: width, X: x, Y: y}
			x += width
			all = append(all, p)
		}
		y += l.height
	}
	return all
}
