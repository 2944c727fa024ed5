package logpresso

import (
	"fmt"

	"progress_exporter/collector/progress"
)

// Installable is the product's judgement of an uploaded package, its
// installable_status. The reasons are those that the manual lists on the page of
// POST /api/sonar/apps/start-install.
type Installable struct {
	Started bool   // the package is good, and the install goes on in the product
	Reason  string // why it is not, in the product's own word; empty if it gave none
	Message string // the product's text beside it, without tokens; may name files of its server

	// The app that is installed already, with the reasons that overwriting cures.
	AppCode, AppName, AppVersion string
}

// shown returns the judgement as it may be shown: without secrets, and bounded.
func (i Installable) shown(secrets *progress.Secrets) Installable {
	const longest = 128
	for _, s := range []*string{&i.Reason, &i.AppCode, &i.AppName, &i.AppVersion} {
		*s = secrets.Text(*s, longest)
	}
	i.Message = secrets.Text(i.Message, 2*longest)
	return i
}

// Curable reports whether the install would start with overwrite: the app is there
// already, in this version or another one.
func (i Installable) Curable() bool {
	return i.Reason == "already-installed" || i.Reason == "version-mismatch"
}

// Hopeless reports whether the manual says that overwriting does not help. For a reason
// that the manual does not list it is false.
func (i Installable) Hopeless() bool {
	switch i.Reason {
	case "invalid-file", "invalid-manifest", "dependency-unresolved", "invalid-object", "inner-app":
		return true
	}
	return false
}

// Explain says in a person's words why the package cannot be installed. A reason
// that the manual does not list is quoted.
func (i Installable) Explain() string {
	switch i.Reason {
	case "already-installed":
		return "the same version of the app is installed already"
	case "version-mismatch":
		return "another version of the app is installed"
	case "invalid-file":
		return "the package file is not valid"
	case "invalid-manifest":
		return "the manifest of the package is not valid"
	case "dependency-unresolved":
		return "something that the app depends on is missing"
	case "invalid-object":
		return "an object in the app is not valid"
	case "inner-app":
		return "the app is one for internal use only"
	case "":
		return "the product gives no reason"
	}
	return fmt.Sprintf("the product gives a reason that its manual does not list, %q", i.Reason)
}
