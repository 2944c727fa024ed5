package collector

import (
	"context"
	"path/filepath"
	"slices"
	"time"

	"github.com/fsnotify/fsnotify"
	"github.com/go-kit/log/level"
)

const (
	// settle is how long the directories have to be quiet before they are read: a
	// file is often written in several steps.
	settle = 200 * time.Millisecond
	// unrest is how long they may stay busy before they are read all the same.
	unrest = 2 * time.Second
	// lookAgain is how often they are read without any sign of a change, for what
	// cannot be watched: network file systems, files behind links.
	lookAgain = time.Minute
	// lookSoon is how often while something cannot be read: that it can be again, for
	// example because there are file descriptors left, gives no sign.
	lookSoon = 5 * time.Second
)

// Watch puts every change of the target files to use until ctx ends. It watches
// directories, not files, because files are replaced by renaming and ConfigMaps by
// turning a symbolic link.
func (r *Reloader) Watch(ctx context.Context) {
	watcher, err := fsnotify.NewWatcher()
	if err != nil { // out of inotify instances, for example
		_ = level.Warn(r.logger).Log("msg", "cannot watch the target files, looking at them every "+lookAgain.String(), "err", err)
		watcher = &fsnotify.Watcher{}
	} else {
		defer watcher.Close()
	}
	look := func() {
		if err == nil {
			r.watchDirectories(watcher)
		}
	}
	look()
	again := time.NewTimer(r.nextLook())
	defer again.Stop()
	var busySince time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-watcher.Events:
			if !concerns(r.patterns(), event) {
				continue
			}
			if busySince.IsZero() {
				busySince = time.Now()
			}
			again.Reset(min(settle, max(0, unrest-time.Since(busySince))))
		case <-watcher.Errors: // events were lost
			again.Reset(settle)
		case <-again.C:
			busySince = time.Time{}
			look() // first, so that nothing that comes meanwhile is missed
			r.refresh()
			again.Reset(r.nextLook())
		}
	}
}

func (r *Reloader) nextLook() time.Duration {
	if r.unread() {
		return lookSoon
	}
	return lookAgain
}

func (r *Reloader) patterns() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cfg.Patterns
}

// watchDirectories adds the directories in which target files are or may appear.
// Adding one again does nothing.
func (r *Reloader) watchDirectories(watcher *fsnotify.Watcher) {
	for _, pattern := range r.patterns() {
		for _, dir := range ancestors(pattern) {
			found, _ := filepath.Glob(dir)
			for _, existing := range found {
				_ = watcher.Add(existing) // one that is gone by now is seen by way of its parent
			}
			if len(found) > 0 && dir != filepath.Dir(pattern) {
				break // a directory above what exists decides nothing
			}
		}
	}
}

// ancestors returns the directories above a pattern, the nearest first; they may be
// patterns themselves.
func ancestors(pattern string) []string {
	var dirs []string
	for dir := filepath.Dir(pattern); ; dir = filepath.Dir(dir) {
		dirs = append(dirs, dir)
		if dir == filepath.Dir(dir) {
			return dirs
		}
	}
}

// concerns reports whether an event can change what patterns match: anything in a
// directory of target files (a ConfigMap turns the link ..data), or such a
// directory itself, also its rights: those of a file change too often without a
// reason, as when it is copied or backed up.
func concerns(patterns []string, event fsnotify.Event) bool {
	matches := func(pattern, name string) bool {
		ok, err := filepath.Match(pattern, name)
		return err == nil && ok
	}
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return event.Op != fsnotify.Chmod && matches(filepath.Dir(pattern), filepath.Dir(event.Name)) ||
			slices.ContainsFunc(ancestors(pattern), func(dir string) bool { return matches(dir, event.Name) })
	})
}
