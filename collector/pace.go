package collector

import "time"

const (
	pacePoints = 16               // movements that are remembered
	paceWindow = 30 * time.Minute // the recent past that counts
	paceLeast  = 3                // movements without which there is no estimate
)

// pace remembers a job's last movements, to tell how fast it is now. The overall
// average would be wrong: copies slow down, and a pause is no work.
type pace struct {
	points []pacePoint // oldest first
}

type pacePoint struct {
	at    time.Time
	ratio float64
}

// add remembers where the job stands, if it moved. A step back begins anew.
func (p *pace) add(at time.Time, ratio *float64) {
	if ratio == nil {
		p.points = nil
		return
	}
	if n := len(p.points); n > 0 {
		switch last := p.points[n-1].ratio; {
		case *ratio == last:
			return
		case *ratio < last:
			p.points = nil
		}
	}
	if len(p.points) == pacePoints {
		p.points = append(p.points[:0], p.points[1:]...)
	}
	p.points = append(p.points, pacePoint{at, *ratio})
}

// rate returns the share of the work that is done in a second, going by the
// recent movements; 0 while there are too few of them.
func (p *pace) rate(now time.Time) float64 {
	first := 0
	for first < len(p.points) && now.Sub(p.points[first].at) > paceWindow {
		first++
	}
	recent := p.points[first:]
	if len(recent) <= paceLeast {
		return 0
	}
	a, b := recent[0], recent[len(recent)-1]
	// Up to now, not to the last movement: a job that has come to a halt slows down.
	elapsed := now.Sub(a.at).Seconds()
	if elapsed <= 0 {
		return 0
	}
	return (b.ratio - a.ratio) / elapsed
}
