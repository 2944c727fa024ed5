package soak

import (
	"encoding/json"
	"fmt"
)

// product is one of the four, as far as the soak goes.
type product struct {
	api, path, options string
	jobCodes           []string // error codes of a job, one good answer after the other
	nodeCodes          [2][]string
	body               func(moment) string
}

// moment is what a job has to say once.
type moment struct {
	percent int
	job     string // error code; empty for none
	nodes   [2]string
}

// products returns the four. Where a product reports codes, the patterns hold what
// is easily counted wrong: a code that stays, one that gives way to another and
// comes back, one that only a single answer has, and one code on two nodes.
func products() []product {
	return []product{
		{
			api: "logpresso", options: `{token: 00000000-0000-4000-8000-000000000001}`,
			jobCodes: []string{"", "timeout-error", "timeout-error", "soak-error", "timeout-error", ""},
			nodeCodes: [2][]string{
				{"disk-space-error", ""},
				{"", "disk-space-error", "disk-space-error", "soak-error", ""},
			},
			body: func(m moment) string {
				return fmt.Sprintf(`{"install_progress":{"total_progress":%[1]d,"total_node":2,"completed_node":0,"status":"in_progress","is_cancelled":false,"error_code":%[2]s,"node_progresses":[`+
					`{"node_name":"node-1","node_guid":"1","node_type":"data","node_progress":%[1]d,"error_code":%[3]s},`+
					`{"node_name":"node-2","node_guid":"2","node_type":"data","node_progress":%[1]d,"error_code":%[4]s}]}}`,
					m.percent, orNull(m.job), orNull(m.nodes[0]), orNull(m.nodes[1]))
			},
		},
		{
			api: "mongosync",
			body: func(m moment) string {
				return fmt.Sprintf(`{"progress":{"state":"RUNNING","canCommit":false,"canWrite":false,"info":"collection copy","lagTimeSeconds":%d,`+
					`"collectionCopy":{"estimatedTotalBytes":53687091200,"estimatedCopiedBytes":%d},`+
					`"directionMapping":{"Source":"cluster0: a.example.com:27017","Destination":"cluster1: b.example.com:27017"}},"success":true}`,
					m.percent, m.percent*1000)
			},
		},
		{
			api: "mrs", path: "/web", options: "{command_id: 214}",
			jobCodes: []string{"", "", "20019", "20020", "20020", "20019"},
			body: func(m moment) string {
				code := m.job
				if code == "" {
					code = "0"
				}
				return fmt.Sprintf(`{"id":214,"state":"IN_PROGRESS","error_code":%s,"error_description":"","total_progress":%d,`+
					`"res_obj":{"cluster_id":1,"step_list":[{"name":"step-1"}],"fail_entity_list":[],"total_step_size":45}}`, code, m.percent)
			},
		},
		{
			api: "ses", options: `{service_group_instance_no: "3427188", access_key: EXAMPLE, secret_key: example}`,
			body: func(m moment) string {
				status := "running"
				if m.percent > 50 {
					status = "complete"
				}
				return fmt.Sprintf(`{"code":0,"message":"SUCCESS","result":{"name":"logs-prod","nodeCount":2,`+
					`"versionVo":{"currentVersionCode":"290","targetVersionCode":"2111","actionDate":"2026-05-12 10:00:05"},"nodeStatusVoList":[`+
					`{"hostname":"logs-prod-m-a1","status":"%s","nodeRoleCode":"M","updatedDate":"2026-05-12 10:00:%02d"},`+
					`{"hostname":"logs-prod-d-a2","status":"running","nodeRoleCode":"D","updatedDate":"2026-05-12 10:07:31"}]}}`, status, m.percent%60)
			},
		},
	}
}

// orNull returns a code as JSON, null for none.
func orNull(code string) string {
	if code == "" {
		return "null"
	}
	text, err := json.Marshal(code)
	if err != nil {
		panic(err) // a string
	}
	return string(text)
}
