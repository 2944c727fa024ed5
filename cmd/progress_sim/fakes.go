package main

import (
	"net/http"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/ses/sestest"
)

// fake is one product that is played.
type fake struct {
	name string // of the target in targets.example.yml
	port uint16 // in that target's url
	what string // for a person
	play func(story) http.Handler
}

// story is what is played: a drill, and whether the install on Logpresso Sonar still
// waits for who starts it.
type story struct {
	drill.Drill
	uploaded bool
}

// fakes returns every product that is played. What a product wants to know before
// it answers (keys, tokens, ids) is what targets.example.yml says, which the tests
// hold against this list.
func fakes() []fake {
	return []fake{
		{"siem-parser-pack", 18081, "Logpresso Sonar, the install of an app", func(s story) http.Handler {
			install := &logpressotest.Server{Drill: s.Drill, Key: "example-api-key", Token: "00000000-0000-4000-8000-000000000001"}
			if s.uploaded {
				// With an older version in the way, so that --overwrite can be tried as well.
				install.Uploaded, install.Obstacle = true, "version-mismatch"
			}
			return install
		}},
		{"orders-shard0", 27182, "mongosync of the first of two shards, with 60 % of the bytes", func(s story) http.Handler {
			return &mongosynctest.Server{Drill: s.Drill, ID: "shard0", Coordinator: "shard0", CopiedShare: 0.6}
		}},
		{"orders-shard1", 27183, "mongosync of the second, with 40 %", func(s story) http.Handler {
			return &mongosynctest.Server{Drill: s.Drill, ID: "shard1", Coordinator: "shard0", CopiedShare: 0.4}
		}},
		{"hdfs-restart", 18082, "MRS Manager behind its CAS, the restart of a service", func(s story) http.Handler {
			return &mrstest.Server{Drill: s.Drill, Command: "214", Login: mrstest.Ticket, Username: "ops", Password: "example-password"}
		}},
		{"logs-prod-upgrade", 18083, "NAVER Cloud Search Engine Service, a rolling upgrade", func(s story) http.Handler {
			return &sestest.Server{Drill: s.Drill, AccessKey: "EXAMPLEACCESSKEY0001", SecretKey: "example-secret-key"}
		}},
	}
}
