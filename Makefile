# `make` alone explains itself. It needs Go, bash and, for the tests, a C compiler
# (the race detector), Prometheus and Alertmanager, which scripts/prometheus-tools
# fetches on Debian.

STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

BENCHSTAT := golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

# What the programs say with --version. The date is the commit's, so that the same
# commit makes the same binary.
git     = $(shell git $(1) 2>/dev/null)
VERSION ?= $(or $(call git,describe --tags --always --dirty),unknown)
package := github.com/prometheus/common/version
LDFLAGS = -s -w -X $(package).Version=$(VERSION) \
	-X $(package).Revision=$(or $(call git,rev-parse HEAD),unknown) \
	-X $(package).Branch=$(or $(call git,rev-parse --abbrev-ref HEAD),unknown) \
	-X $(package).BuildDate=$(or $(call git,log -1 --format=%cd --date=format:%Y%m%d-%H:%M:%S),unknown)

# All but the race detector's half is compiled in one way, the way of a release, and so only
# once; the tests leave vetting to lint.
export CGO_ENABLED := 0
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -trimpath)
tests := go test -vet=off -shuffle=on
raced := CGO_ENABLED=1 $(tests) -race

# The story that `make demo` plays, and how fast.
SCENARIO ?= happy
SPEED    ?= 1
# How often `make bench` runs each benchmark; benchstat wants at least 6.
COUNT ?= 6
# How long `make fuzz` stays with each target; 200x is 200 inputs.
FUZZTIME ?= 30s

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build test unit lint lint-modules check-metrics rules replay replay-test lives e2e together faults commands demo bench memory profile screenshot golden dashboards readings fuzz fuzz-short soak dist packages image chart manifests package-check clean

help: ## Show this text
	@sed -nE 's/^([a-z0-9-]+):[^#]*## (.*)/  make \1\t\2/p' Makefile | expand -t 24

build: ## Build the programs into bin/
	go build -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/ ./cmd/...

test: lint unit check-metrics rules replay-test together ## Run everything that has to pass before a merge

together:
	scripts/beside e2e fuzz-short lives

# What is hidden, what is kept in memory, what it costs and what every product survives is
# tried in full without the race detector, which would take minutes for it; and so is what
# is done in shells. Some packages wait for programs, so that more run at a time than there
# are cores; those that take longest come first.
unit: ## Run the Go tests, with the race detector and in random order
	browser=$$(scripts/chromium) && CHROMIUM=$$browser $(raced) -p 4 ./...
	$(tests) -p 4 -run '^Test(Hides$$|RecordingsHide$$|Bounds|ConformLibrary|Matrix$$|CostOf|MemoryOf|Commands$$)' ./docs ./faults ./apis/... ./collector/...

lint: ## Check the format and run go vet and staticcheck
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "run gofmt -w on:" $$unformatted; exit 1; }
	go vet ./...
	go run $(STATICCHECK) ./...

# Behind make test in .ci/run: staticcheck reads Prometheus from source for it.
lint-modules: ## Run staticcheck on the modules that use Prometheus as a library, replay and lives
	for module in replay lives; do (cd $$module && go run $(STATICCHECK) ./...) || exit 1; done

check-metrics: build ## Hold the live /metrics against promtool's rules
	scripts/check-metrics

rules: ## Check the alert rules and run their tests
	scripts/promtool check rules --lint=all --lint-fatal dashboards/alerts/progress.rules.yml
	printf "%s\n" dashboards/alerts/*.test.yml | xargs -P 2 -n 1 scripts/promtool test rules

# A module of its own, because Prometheus as a library is heavy: the exporter's go.mod
# knows nothing of it.
replay: ## Build progress_replay into bin/, which progressctl replay runs
	cd replay && go build -buildvcs=false -ldflags '$(LDFLAGS)' -o ../bin/ ./progress_replay

replay-test: ## Check and test what plays recorded lives
	cd replay && go vet ./... && $(tests) -count=1 ./...

lives: ## Play job lives through the exporter and the rules, hours in a second (FULL=1: under every condition; UPDATE=-update writes docs/lives.md anew)
	cd lives && go vet ./... && $(tests) -count=1 -timeout 40m $(if $(FULL),-full) $(UPDATE)

# Most of the time the programs of a drill wait for each other, so that many of them
# can share a core.
e2e: ## Drill the chain from the products to a receiver of Alertmanager, on two generations of Prometheus; read real rclone, aria2 and Syncthing
	scripts/prometheus-tools
	scripts/prometheus-tools sid || echo "*** SKIPPED: no end-to-end tests with the newest Prometheus" >&2
	scripts/daemons >/dev/null || echo "*** SKIPPED: no end-to-end tests with real rclone, aria2 and Syncthing" >&2
	E2E=1 $(raced) -count=1 -parallel 8 -timeout 10m ./e2e/... ./dashboards/...

commands: ## Give a shell every command of README and docs, also those that make test leaves out because they are slow
	COMMANDS=all go test -count=1 ./docs

faults: ## Play every fault with every product, as make test does too (UPDATE=-update writes docs/faults.md anew)
	$(tests) -count=1 ./faults $(UPDATE)

demo: ## Run the simulator and the exporter until Ctrl-C (SCENARIO=fail SPEED=2 DEMO_SECONDS=20; STACK=1 adds Prometheus and Alertmanager, and prints what it sends)
	@echo "building the programs; the first time Go fetches the modules, which takes a minute or two" >&2
	@$(MAKE) --no-print-directory -s build
	@scripts/demo --scenario=$(SCENARIO) --speed=$(SPEED)

# The floor and the exporter take turns, so that neither has the quieter machine. Probes
# without a pause are so many that heaps and stacks have become as large as they will.
bench: ## Run the benchmarks that compare the exporter with a floor, as ratios (COUNT=6)
	@mkdir -p build
	for i in $$(seq $(COUNT)); do go test -run '^$$' -bench '^Benchmark(Read|Do|Expose)$$' -benchmem -cpu 1 ./collector ./collector/described ./collector/fetch ./collector/mongosync; done | tee build/bench.txt
	go test -run '^$$' -bench '^Benchmark(Scrape|Targets|Memory)$$' -count $(COUNT) ./collector ./collector/ledger | tee build/scrape.txt
	for i in $$(seq $(COUNT)); do go test -run '^$$' -bench '^BenchmarkProbe$$/././clients' -benchtime 20000x ./cmd/progress_exporter; go test -run '^$$' -bench '^BenchmarkProbe$$/././every' -benchtime 2000x ./cmd/progress_exporter; go test -run '^$$' -bench '^BenchmarkMetrics$$' -benchtime 30x ./cmd/progress_exporter; done | tee build/probe.txt
	go run $(BENCHSTAT) -col '/impl@(floor registry exporter)' build/bench.txt
	go run $(BENCHSTAT) -col '/impl@(floor exporter)' -filter .unit:cpu-ns/op build/probe.txt
	go run $(BENCHSTAT) build/scrape.txt

memory: build ## Print what the exporter takes with 1 000 targets kept connected
	scripts/memory

profile: build ## Print where time and memory go with 1 000 targets, and keep the profiles in build/profile
	scripts/profile

screenshot: ## Make docs/targets.png anew
	browser=$$(scripts/chromium) && CHROMIUM=$$browser SCREENSHOT=$(CURDIR)/docs/targets.png go test -count=1 -run '^TestTargetsPageInABrowser$$' ./cmd/progress_exporter

golden: ## Write the golden files and the metric reference anew; read the diff before you commit it
	go test -run '^Test(Golden|MetricReference)$$' ./collector/apis ./apis $(sort $(foreach f,$(wildcard collector/*/testdata/*/response.json),./$(firstword $(subst /testdata/, ,$(f))))) -update

dashboards: ## Write dashboards/*.json anew from dashboards/generate
	go run ./dashboards/generate

readings: ## Record what Prometheus answers to the dashboards after a drill anew
	scripts/prometheus-tools
	E2E=1 go test -count=1 -timeout 10m -run TestQueries ./dashboards -update

fuzz: ## Run every fuzz target for FUZZTIME (30s) each
	scripts/fuzz $(FUZZTIME)

# Inputs are counted here and not seconds, so that a busy machine does not fuzz less.
fuzz-short: ## Run every fuzz target for 200 inputs
	scripts/fuzz 200x

soak: ## Make 10 000 scrapes of products that fail in turn, and see what leaks or is lost; have up to 900 of 1 000 targets hang
	SOAK=1 go test -count=1 -timeout 15m -v -run '^(TestSoak|TestCrowd)$$' ./soak ./faults

dist: ## Make the archives of a release, with checksums and an SBOM, in build/dist (PLATFORMS=linux/amd64,…)
	go run ./packaging/dist $(if $(PLATFORMS),-platforms $(PLATFORMS))

packages: dist ## Make the deb and the rpm, in build/packages
	scripts/packages

image: ## Make the container images of what build/dist has, with buildah
	scripts/image

# A module of its own, as lives is: Helm and the types of Kubernetes are heavy.
chart: ## Check the Helm chart, the manifests made from it and the mixin
	cd charts/check && go vet ./... && go run $(STATICCHECK) ./... && $(tests) -count=1 ./...

manifests: ## Write examples/kubernetes anew from the chart
	cd charts/check && go test -count=1 -run '^TestManifests$$' . -args -update

package-check: build dist packages ## Build every package and try each: archives, deb, image, chart (PLATFORMS=linux/amd64,…)
	PLATFORMS=$(PLATFORMS) scripts/check-dist
	scripts/check-deb
	if command -v buildah >/dev/null; then scripts/image && scripts/check-image; else echo "*** NOT BUILT: the image, as there is no buildah here" >&2; fi
	$(MAKE) chart

clean: ## Remove what was built
	rm -rf bin build
