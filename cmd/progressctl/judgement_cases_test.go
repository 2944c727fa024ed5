package main

import (
	"fmt"
	"strings"

	"progress_exporter/collector/progress"
)

// How a job that does not move for longer than its stall_after may be judged.
const (
	stands = "stalled"         // it should move
	free   = "may stand still" // nothing has to move
	over   = "over"            // it has ended
)

// unmoved is a job in a state or phase of its product, in which it does not move.
type unmoved struct {
	api, name, answer string
	state             progress.State
	want              string
	wait              int // with what `wait` ends; going: it does not
}

const going = -1

// judged are the states and phases of the four products, each with the answer that says it.
func judged() []unmoved {
	const (
		cea    = `"info":"change event application"`
		copied = `"collectionCopy":{"estimatedTotalBytes":100,"estimatedCopiedBytes":100}`
	)
	sync := func(name, fields string, state progress.State, want string, wait int) unmoved {
		return unmoved{"mongosync", name, `{"progress":{` + fields + `},"success":true}`, state, want, wait}
	}
	install := func(name, fields string, state progress.State, want string, wait int) unmoved {
		return unmoved{"logpresso", name, `{"install_progress":{"total_progress":30,` + fields + `}}`, state, want, wait}
	}
	command := func(name, fields string, state progress.State, want string, wait int) unmoved {
		return unmoved{"mrs", name, `{"id":214,` + fields + `}`, state, want, wait}
	}
	upgrade := func(name string, state progress.State, want string, wait int, nodes ...string) unmoved {
		var list []string
		for i, n := range nodes { // "word", or "word since": changed after the request
			word, since := strings.CutSuffix(n, " since")
			list = append(list, fmt.Sprintf(`{"hostname":"n%d","status":%q,"updatedDate":"2026-05-%d 10:00:00"}`, i, word, map[bool]int{false: 11, true: 13}[since]))
		}
		return unmoved{"ses", name, `{"code":0,"result":{"name":"logs","versionVo":{"currentVersionCode":"290","targetVersionCode":"2111","actionDate":"2026-05-12 10:00:00"},` +
			`"nodeStatusVoList":[` + strings.Join(list, ",") + `]}}`, state, want, wait}
	}
	return []unmoved{
		sync("initializing", `"state":"INITIALIZING"`, progress.Pending, stands, exitStalled),
		sync("idle", `"state":"IDLE"`, progress.None, free, going),
		sync("no phase", `"state":"RUNNING"`, progress.Running, stands, exitStalled),
		sync("collections", `"state":"RUNNING","info":"initializing collections and indexes"`, progress.Running, stands, exitStalled),
		sync("partitions", `"state":"RUNNING","info":"initializing partitions"`, progress.Running, stands, exitStalled),
		sync("copies", `"state":"RUNNING","info":"collection copy"`, progress.Running, stands, exitStalled),
		sync("copied", `"state":"RUNNING","info":"collection copy",`+copied, progress.Running, stands, exitStalled),
		sync("indexes", `"state":"RUNNING",`+cea+`,"lagTimeSeconds":900,"indexBuilding":{"indexesBuilt":1,"totalIndexesToBuild":2}`, progress.Running, free, going),
		sync("behind", `"state":"RUNNING",`+cea+`,"lagTimeSeconds":31,`+copied, progress.Running, stands, exitStalled),
		sync("keeps up", `"state":"RUNNING",`+cea+`,"lagTimeSeconds":30`, progress.Running, free, going),
		sync("no lag", `"state":"RUNNING",`+cea, progress.Running, free, going),
		sync("drains", `"state":"RUNNING",`+cea+`,"ceaStage":"collection copy drain","lag":{"overallLagSeconds":31}`, progress.Running, stands, exitStalled),
		sync("steady", `"state":"RUNNING",`+cea+`,"ceaStage":"steady state","lag":{"overallLagSeconds":2}`, progress.Running, free, going),
		sync("no stage", `"state":"RUNNING","info":"collection copy","ceaStage":"n/a"`, progress.Running, stands, exitStalled),
		sync("ready", `"state":"RUNNING","canCommit":true,`+cea, progress.Ready, free, going),
		sync("paused", `"state":"PAUSED","info":"collection copy"`, progress.Paused, free, going),
		sync("commits", `"state":"COMMITTING",`+cea+`,"lagTimeSeconds":0,`+copied, progress.Running, stands, exitStalled),
		sync("waits for the commit", `"state":"COMMITTING","info":"waiting for commit to complete"`, progress.Running, stands, exitStalled),
		sync("committed", `"state":"COMMITTED","info":"commit completed"`, progress.Succeeded, over, exitReached),
		sync("reverses", `"state":"REVERSING",`+cea+`,"lagTimeSeconds":0`, progress.Running, stands, exitStalled),
		sync("a new word", `"state":"RESHARDING","info":"moving","ceaStage":"new"`, progress.Unknown, stands, exitStalled),

		install("waits", `"status":"standby"`, progress.Pending, stands, exitStalled),
		install("installs", `"status":"in_progress"`, progress.Running, stands, exitStalled),
		install("done", `"status":"completed"`, progress.Succeeded, over, exitReached),
		install("failed", `"status":"error"`, progress.Failed, over, exitFailed),
		install("cancelled", `"status":"in_progress","is_cancelled":true`, progress.Cancelled, over, exitFailed),
		install("cancelled after an error", `"status":"error","is_cancelled":true`, progress.Cancelled, over, exitFailed),
		install("a new word", `"status":"verifying"`, progress.Unknown, stands, exitStalled),
		{"logpresso", "no session", `{}`, progress.None, free, going},

		command("works", `"state":"IN_PROGRESS","total_progress":30`, progress.Running, stands, exitStalled),
		command("done", `"state":"COMPLETE","total_progress":100`, progress.Succeeded, over, exitReached),
		command("failed", `"state":"FAILED","total_progress":30`, progress.Failed, over, exitFailed),
		command("a new word", `"state":"NEW","total_progress":0`, progress.Unknown, stands, exitStalled),
		command("a word of its operator", `"state":"QUEUED","total_progress":0`, progress.Pending, stands, exitStalled),

		upgrade("waits", progress.Pending, stands, exitStalled, "running", "running"),
		upgrade("in a step", progress.Running, stands, exitStalled, "running", "Upgrade_OpenSearch since"),
		upgrade("between two nodes", progress.Running, stands, exitStalled, "running", "complete since"),
		upgrade("a node without a word", progress.Unknown, stands, exitStalled, "running", ""),
		upgrade("done", progress.Succeeded, over, exitReached, "running since", "complete since"),
		upgrade("failed", progress.Failed, over, exitFailed, "running", "Upgrade_Failed since"),
		upgrade("no nodes", progress.None, free, going),
	}
}

// options are those of a target of each product.
var options = map[string]string{
	"logpresso": "{token: 00000000-0000-4000-8000-000000000001}",
	"mrs":       "{command_id: 214, total_progress_scale: percent, login: {type: none}, states: {QUEUED: pending}}",
	"ses":       "{service_group_instance_no: 1, access_key: EXAMPLEACCESSKEY0001, secret_key: example-secret-key, states: {Upgrade_Failed: failed}}",
	"mongosync": "{}",
}
