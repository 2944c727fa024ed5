package main

// columns is how many a dashboard's grid has.
const columns = 24

// line is some panels side by side.
type line struct {
	height int
	panels []panel
	folded []line // under a heading, until somebody opens it
}

// beside makes a line. Panels without a width share what is left, evenly.
func beside(height int, panels ...panel) line { return line{height: height, panels: panels} }

// heading is a line with nothing but a title, under which others can be folded.
func heading(title string) line { return folded(title) }

// folded is a heading with lines under it that are not shown, and not asked for, until
// somebody opens it.
func folded(title string, lines ...line) line {
	closed := len(lines) > 0
	return line{height: 1, panels: []panel{{Type: "row", Title: title, Collapsed: &closed, Panels: &[]panel{}}}, folded: lines}
}

// arrange puts the lines below each other and numbers the panels.
func arrange(lines ...line) []panel {
	id := 0
	all, _ := stack(lines, 0, &id)
	return all
}

// stack arranges lines from y on, and returns where it ends. What is folded takes no
// place.
func stack(lines []line, y int, id *int) ([]panel, int) {
	var all []panel
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
			*id++
			p.ID = *id
			p.GridPos = gridPos{H: l.height, W: width, X: x, Y: y}
			if len(l.folded) > 0 {
				under, _ := stack(l.folded, y+l.height, id)
				p.Panels = &under
			}
			x += width
			all = append(all, p)
		}
		y += l.height
	}
	return all, y
}
