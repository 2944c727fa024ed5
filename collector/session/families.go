package session

import "progress_exporter/collector/progress"

// Families are the metrics about an account's logins, in the order of AppendTo.
func Families() []progress.Family {
	return []progress.Family{
		{Name: "login_refusals",
			Help: "Logins of the target's user at its product that were refused, or in which the password was sent and no answer told whether it was right, since the last good one; 0 when all is well."},
		{Name: "login_retry_timestamp_seconds",
			Help: "When the next login may be tried: the pause doubles from 1 minute to 1 hour with each failed one, so that the account does not get locked. Absent when there was none since the last good one."},
	}
}

// AppendTo adds what is known of the logins to samples; first is the index of the first of
// Families.
func (a *Account) AppendTo(samples []progress.Sample, first int) []progress.Sample {
	a.mu.Lock()
	defer a.mu.Unlock()
	samples = progress.Append(samples, first, progress.Ptr(float64(a.refusals)))
	if a.refusals > 0 {
		samples = progress.Append(samples, first+1, progress.Ptr(float64(a.retry.Unix())))
	}
	return samples
}
