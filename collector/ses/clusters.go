package ses

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"

	"progress_exporter/collector/progress"
)

const (
	// pageSize is how many clusters a page is asked to have: the vendor's page says 1 to N, and
	// 10 if nobody asks. A service that gives fewer is asked for more pages.
	pageSize = 100
	// maxPages bounds the requests for the list.
	maxPages = 20
)

// clusters is every cluster that the keys may see: a list of jobs, each of which is called by
// the cluster's number and asked for alone.
type clusters struct {
	every *cluster // all but its number
	list  string   // the address of the list
	most  int      // clusters that are asked for
}

var _ progress.Lister = clusters{}

// Lists is true.
func (clusters) Lists() bool { return true }

// Progress asks which clusters there are, and then each of them for its upgrade. One that has
// none is a job with the state None, because the list does not tell which one has.
func (s clusters) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	k, err := s.every.keys()
	if err != nil {
		return progress.Report{}, err
	}
	items, unread, err := s.items(ctx, fetch, k)
	if err != nil {
		return progress.Report{}, err
	}
	first := items[:min(len(items), s.most)]
	jobs, err := s.ask(ctx, fetch, k, first)
	if err != nil {
		return progress.Report{}, err
	}
	r, err := progress.ListOf(jobs)
	r.Unread = unread
	for _, i := range items[len(first):] {
		r.Unasked = append(r.Unasked, string(i.Number))
	}
	return r, err
}

// ask asks for the upgrade of each cluster. What is wrong with one answer is wrong with that
// job, unless it will be so with every other answer: then the rest is not asked for.
func (s clusters) ask(ctx context.Context, fetch progress.Fetch, k keys, items []*item) ([]progress.Listed, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var once sync.Once
	var wrong error
	jobs := make([]progress.Listed, len(items))
	progress.Together(ctx, len(items), func(ctx context.Context, i int) {
		one := *s.every
		one.question.ServiceGroupInstanceNo = string(items[i].Number)
		report, err := one.ask(ctx, fetch, k)
		jobs[i] = progress.Listed{ID: one.question.ServiceGroupInstanceNo, Name: items[i].Name, Report: report, Err: err}
		if ofEvery(err) {
			once.Do(func() { wrong = err; stop() })
		}
	})
	return jobs, wrong
}

// ofEvery reports whether an error says that no cluster can be asked for now: because of the
// keys, or because there were too many requests. The right to see a single cluster may be
// missing.
func ofEvery(err error) bool {
	var e *progress.Error
	return errors.As(err, &e) && (e.Reason == progress.RateLimited || e.Reason == progress.Auth && e.Code != codePermission)
}

// items returns the clusters of all pages, the lowest number first: if there are too many,
// those that are there already do not give way to new ones. A list of which a part is missing
// is none, because what is missing would look like clusters that are gone.
func (s clusters) items(ctx context.Context, fetch progress.Fetch, k keys) ([]*item, []progress.Unread, error) {
	found := map[code]*item{} // a cluster may come twice, if the list changes from one page to the next
	var unread []progress.Unread
	for number := 1; number <= maxPages; number++ {
		p, more, err := s.page(ctx, fetch, k, number)
		if err != nil {
			return nil, nil, err
		}
		for _, u := range more {
			unread = progress.AddUnread(unread, u.Field, u.Kind)
		}
		for _, i := range p.Clusters {
			if found[i.Number] == nil {
				found[i.Number] = i
			}
		}
		if p.last(number) {
			items := make([]*item, 0, len(found))
			for _, i := range found {
				items = append(items, i)
			}
			slices.SortFunc(items, func(a, b *item) int {
				return cmp.Or(len(a.Number)-len(b.Number), cmp.Compare(a.Number, b.Number))
			})
			return items, unread, nil
		}
	}
	return nil, nil, progress.Errorf(progress.TooLarge,
		"the list of clusters has more than %d pages; give each cluster that is upgraded a target with its service_group_instance_no", maxPages)
}

// page asks for a page of the list, from 1 on.
func (s clusters) page(ctx context.Context, fetch progress.Fetch, k keys, number int) (*page, []progress.Unread, error) {
	query := url.Values{"pageNo": {strconv.Itoa(number)}, "pageSize": {strconv.Itoa(pageSize)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.list+"?"+query.Encode(), nil)
	if err != nil {
		return nil, nil, progress.Errorf(progress.Internal, "cannot make the request, check the target's url: %w", err)
	}
	k.put(req, s.every.now())
	resp, err := fetch(req)
	if err != nil {
		return nil, nil, err
	}
	return s.read(resp)
}

// pages decodes them by the names as the vendor writes them.
var pages = progress.NewDecoder[answer[page]]()

// read makes an answer into a page.
func (s clusters) read(resp progress.Response) (*page, []progress.Unread, error) {
	a, unread, err := decode(pages, resp, asked{"list the clusters", "; have the keys the right to see them?", s.every.now()})
	if err != nil {
		return nil, nil, err
	}
	p := a.Result
	switch {
	case p == nil || p.Clusters == nil:
		err = progress.Errorf(progress.Contract, "the answer has no list of clusters (result.allowedClusters); is options.path or options.region the right one?").About(resp.Request)
	case p.IsLast == nil && p.TotalPage == nil:
		err = progress.Errorf(progress.Contract, "the answer does not say whether the list of clusters goes on (result.isLast, result.totalPage)").About(resp.Request)
	case slices.ContainsFunc(p.Clusters, func(i *item) bool { return i == nil || !digits.MatchString(string(i.Number)) }):
		err = progress.Errorf(progress.Contract, "a cluster in the list has no number (result.allowedClusters.serviceGroupInstanceNo) of 1 to 32 digits").About(resp.Request)
	}
	return p, unread, err
}

// last reports whether the page of this number is the last one.
func (p *page) last(number int) bool {
	if p.IsLast != nil {
		return *p.IsLast
	}
	return float64(number) >= float64(*p.TotalPage)
}
