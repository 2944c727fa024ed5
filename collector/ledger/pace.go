package ledger

import "time"

const (
	pacePoints = 32               // movements that are remembered
	paceLeast  = 3                // movements without which there is no rate
	paceWindow = 30 * time.Minute // the recent past that counts, if it has enough movements
	paceLong   = 6 * time.Hour    // for jobs that move seldom
	paceSpurt  = 10 * time.Minute // what counts instead when the job has sped up

	// paceStep is how far back a ratio may go because the total has grown. More is
	// another beginning.
	paceStep = 0.01

	// An estimate is trusted once the job was watched for this share of what is left,
	// and after paceWatched in any case.
	paceShare   = 60
	paceWatched = 15 * time.Minute

	// farthest bounds what is called an estimate.
	farthest = 10 * 365 * 24 * time.Hour
)

// pace remembers a job's last movements, to tell how fast it is now. The overall
// average would be wrong: copies slow down, and a pause is no work. It begins with the
// first movement that was seen, because nobody knows how long the job had stood where it
// was found.
type pace struct {
	known  bool        // a ratio was seen
	last   float64     // the last one
	points []pacePoint // movements, oldest first
}

type pacePoint struct {
	at    time.Time
	ratio float64
}

// add remembers where the job stands.
func (p *pace) add(at time.Time, ratio *float64) {
	if ratio == nil {
		return // it was not said this time
	}
	known, last := p.known, p.last
	p.known, p.last = true, *ratio
	switch {
	case !known || *ratio == last:
		return
	case *ratio < last-paceStep:
		p.points = nil
		return
	}
	for len(p.points) > 0 && at.Sub(p.points[0].at) > paceLong {
		p.points = p.points[1:]
	}
	if len(p.points) >= pacePoints {
		p.thin()
	}
	p.points = append(p.points, pacePoint{at, *ratio})
}

// thin forgets every second movement, so that a job that moves at every read is
// remembered for longer than so many reads.
func (p *pace) thin() { p.points = p.thinned() }

func (p *pace) thinned() []pacePoint {
	kept := make([]pacePoint, 0, pacePoints)
	for i := 0; i < len(p.points); i += 2 {
		kept = append(kept, p.points[i])
	}
	return kept
}

// speed is how fast a job was over a stretch of its movements.
type speed struct {
	perSecond float64       // share of the work
	at        time.Time     // the end of the stretch
	watched   time.Duration // since its beginning, until now
}

// rate returns the share of the work that is done in a second; 0 while there are too few
// movements.
func (p *pace) rate(now time.Time) float64 { return p.speed(now).perSecond }

// speed returns how fast the job is now.
func (p *pace) speed(now time.Time) speed {
	recent := p.since(now, paceWindow)
	if recent.perSecond == 0 {
		return p.since(now, paceLong)
	}
	// What stood near its beginning and then runs well is as fast as it runs.
	if spurt := p.since(now, paceSpurt); spurt.perSecond > 2*recent.perSecond {
		return spurt
	}
	return recent
}

// since is speed by the movements of a window alone.
func (p *pace) since(now time.Time, window time.Duration) speed {
	first := 0
	for first < len(p.points) && now.Sub(p.points[first].at) > window {
		first++
	}
	moves := len(p.points) - first
	if moves < paceLeast {
		return speed{}
	}
	a, b := p.points[first], p.points[len(p.points)-1]
	// Between two movements nothing is late. What has come to a halt slows down once the
	// next one is.
	at := b.at
	if late := now.Add(-b.at.Sub(a.at) / time.Duration(moves-1)); late.After(at) {
		at = late
	}
	if !at.After(a.at) || b.ratio <= a.ratio {
		return speed{}
	}
	return speed{(b.ratio - a.ratio) / at.Sub(a.at).Seconds(), at, now.Sub(a.at)}
}

// end returns when the job will be done at its speed; zero while that cannot be told, or
// not be trusted yet.
func (p *pace) end(now time.Time) time.Time {
	s := p.speed(now)
	if s.perSecond <= 0 || p.last >= 1 {
		return time.Time{}
	}
	seconds := (1 - p.last) / s.perSecond
	if seconds > farthest.Seconds() {
		return time.Time{}
	}
	left := time.Duration(seconds * float64(time.Second))
	if s.watched < min(left/paceShare, paceWatched) {
		return time.Time{}
	}
	if end := s.at.Add(left); end.After(now) {
		return end
	}
	return now
}
