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
	play func(drill.Drill) http.Handler
}

// fakes returns every product that is played. What a product wants to know before
// it answers (keys, tokens, ids) is what targets.example.yml says, which the tests
// hold against this list.
func fakes() []fake {
	return []fake{
		{"siem-parser-pack", 18081, "Logpresso Sonar, the install of an app", func(d drill.Drill) http.Handler {
			return &logpressotest.Server{Drill: d, Key: "example-api-key", Token: "00000000-0000-4000-8000-000000000001"}
		}},
		{"orders-shard0", 27182, "mongosync of the first of two shards, with 60 % of the bytes", func(d drill.Drill) http.Handler {
			return &mongosynctest.Server{Drill: d, ID: "shard0", Coordinator: "shard0", CopiedShare: 0.6}
		}},
		{"orders-shard1", 27183, "mongosync of the second, with 40 %", func(d drill.Drill) http.Handler {
			return &mongosynctest.Server{Drill: d, ID: "shard1", Coordinator: "shard0", CopiedShare: 0.4}
		}},
		{"hdfs-restart", 18082, "MRS Manager behind its CAS, the restart of a service", func(d drill.Drill) http.Handler {
			return &mrstest.Server{Drill: d, Command: "214", Login: mrstest.Ticket, Username: "ops", Password: "example-password"}
		}},
		{"logs-prod-upgrade", 18083, "NAVER Cloud Search Engine Service, a rolling upgrade", func(d drill.Drill) http.Handler {
			return &sestest.Server{Drill: d, AccessKey: "EXAMPLEACCESSKEY0001", SecretKey: "example-secret-key"}
		}},
	}
}
