package ses

import "progress_exporter/collector/progress"

// answers decodes them by the names as the vendor writes them.
var answers = progress.NewDecoder[answer[result]]()

// read makes an answer into a report. The body is read before the status is
// judged, because only its code says what a status means.
//
// What the product answers for a cluster that was never upgraded is documented
// nowhere. There are four likely answers, and none of them becomes progress:
// code 0 without a result, a result without a version whose nodes are running, and
// a result without nodes are answers that say that there is nothing (None); a code
// other than 0 cannot be told from any other error of the product, and is one
// (APIError).
func (c *cluster) read(resp progress.Response) (progress.Report, error) {
	a, unread, err := decode(answers, resp, c.asked())
	switch {
	case err != nil:
		return progress.Report{}, err
	case a.Result == nil && a.Code == "":
		return progress.Report{}, progress.Errorf(progress.Contract,
			"the answer has neither a code nor a result; is options.path or options.region the right one?").About(resp.Request)
	case a.Result == nil:
		return progress.Report{State: progress.None}, nil
	}
	return c.report(a.Result, unread), nil
}

// decode returns an answer that has no bad status and is no error.
func decode[Result any](d progress.Decoder[answer[Result]], resp progress.Response, question asked) (answer[Result], []progress.Unread, error) {
	var a answer[Result]
	unread, undecoded := d.Decode(resp, &a)
	if undecoded != nil {
		a = answer[Result]{} // half of an answer says nothing
	}
	failed := progress.StatusError(resp)
	said := a.complaint()
	if failed != nil && said.code == "" && said.text == "" {
		said = headerComplaint(resp.Header)
	}
	switch {
	case failed != nil:
		return a, nil, question.explain(failed, resp, said)
	case undecoded != nil:
		return a, nil, undecoded
	case said.made:
		return a, nil, question.refusal(said, resp.Status).About(resp.Request)
	}
	return a, unread, nil
}
