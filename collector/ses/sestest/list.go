package sestest

import (
	"encoding/json"
	"net/url"
	"strconv"
)

// own is the cluster of Drill.
func (s *Server) own() Cluster { return Cluster{"3427188", "logs-prod", s.Drill} }

// clusters returns the clusters that the keys may see.
func (s *Server) clusters() []Cluster {
	if s.Clusters != nil {
		return s.Clusters
	}
	return []Cluster{s.own()}
}

// asked returns the cluster that the body of a request asks for; the one of Drill if it asks
// for none or there are no others; no cluster if there is none of that number.
func (s *Server) asked(body string) Cluster {
	var q struct{ ServiceGroupInstanceNo string }
	_ = json.Unmarshal([]byte(body), &q)
	if s.Clusters == nil || q.ServiceGroupInstanceNo == "" {
		return s.own()
	}
	for _, c := range s.Clusters {
		if c.Number == q.ServiceGroupInstanceNo {
			return c
		}
	}
	return Cluster{}
}

// listed is a page of the list, with the fields of the vendor's page
// (https://api.ncloud-docs.com/docs/en/analytics-vpcsearchengine-cluster-getclusterinfolist).
type listed struct {
	CurrentPage int       `json:"currentPage"`
	IsFirst     bool      `json:"isFirst"`
	IsLast      bool      `json:"isLast"`
	PageSize    int       `json:"pageSize"`
	TotalCount  int       `json:"totalCount"`
	TotalPage   int       `json:"totalPage"`
	Allowed     []allowed `json:"allowedClusters"`
	Disallowed  []allowed `json:"disallowedClusters"`
}

// allowed is a cluster in it, with some of the fields of the vendor's SDK.
type allowed struct {
	Name   string `json:"clusterName"`
	Status string `json:"clusterStatus"`
	Number string `json:"serviceGroupInstanceNo"`
}

// list tells a page of the list: the first one and 10 clusters, unless the query says
// otherwise.
func list(all []Cluster, query url.Values) string {
	number, size := positive(query, "pageNo", 1), positive(query, "pageSize", 10)
	begin := min((number-1)*size, len(all))
	end := min(begin+size, len(all))
	p := listed{
		CurrentPage: number, IsFirst: number == 1, IsLast: end == len(all), PageSize: size,
		TotalCount: len(all), TotalPage: (len(all) + size - 1) / size,
		Allowed: []allowed{}, Disallowed: []allowed{},
	}
	for _, c := range all[begin:end] {
		p.Allowed = append(p.Allowed, allowed{c.Name, "running", c.Number})
	}
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // plain strings and numbers always marshal
	}
	return string(body)
}

// positive returns a number of the query, another one if it is none.
func positive(query url.Values, name string, otherwise int) int {
	if n, err := strconv.ParseInt(query.Get(name), 10, 16); err == nil && n > 0 {
		return int(n)
	}
	return otherwise
}
