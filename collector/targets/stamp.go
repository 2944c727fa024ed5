package targets

import (
	"io/fs"
	"os"
	"time"
)

// coarse is how long after a change a file may change again without a sign: clocks
// of file systems advance in steps, of two seconds at the worst.
const coarse = 3 * time.Second

// stamp tells whether a file is as it was when it was read.
type stamp struct {
	info fs.FileInfo // nil: not known
	at   time.Time   // when that was found out
}

func stampOf(path string) stamp {
	at := time.Now()
	info, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{info, at}
}

// holds reports whether the file is, for certain, what it was: the same one, of the
// same size, rights and date, and not young when it was looked at. It must not be
// trusted for ever, because a date can be set: a reload reads every file.
func (s stamp) holds(path string) bool {
	if s.info == nil || s.at.Sub(s.info.ModTime()) < coarse {
		return false
	}
	now := stampOf(path).info
	return now != nil && os.SameFile(s.info, now) && s.info.Size() == now.Size() &&
		s.info.Mode() == now.Mode() && s.info.ModTime().Equal(now.ModTime())
}
