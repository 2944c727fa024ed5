package progress

import "errors"

// ListOf returns the report of a list whose jobs were read one by one. If none of them
// could be read, the list could not, for the reason of the first.
func ListOf(jobs []Listed) (Report, error) {
	for _, j := range jobs {
		if j.Err == nil {
			return Report{Jobs: jobs}, nil
		}
	}
	if len(jobs) > 0 {
		return Report{}, jobs[0].Err
	}
	return Report{Jobs: []Listed{}}, nil
}

// OfOneJob reports whether what is wrong with the answer about one job says nothing about
// the others that the same product is asked about: it answered, and did so about the job. A
// product that cannot be reached or refuses the credentials need not be asked once more.
func OfOneJob(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Reason {
	case APIError, Contract, Decode, TooLarge:
		return true
	}
	return false
}
