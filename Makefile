# Every target works from a fresh clone; tools are pinned in tools/go.mod.
TOOL := go tool -modfile=tools/go.mod

.PHONY: help check lint test race conformance bench fuzz simulate soak mutants peer-python
help: ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

check: lint race ## what to run before a commit

lint: ## gofmt, vet, staticcheck, tidy
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo 'run: gofmt -w .'; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...
	go mod tidy -diff

test: ## all tests
	go test ./...

race: ## all tests under the race detector, in random order
	go test -race -shuffle=on ./...

conformance: ## the suite against the embedded runtime
	go run ./cmd/arcp conformance

fuzz: ## every native fuzz target, 20 s each
	@for target in actors/registry:FuzzDigest budget:FuzzParseAmount budget:FuzzParseGrant lease:FuzzParse protocol:FuzzDecode protocol:FuzzDecodeBody; do \
		go test ./$${target%%:*} -run='^$$' -fuzz="^$${target##*:}\$$" -fuzztime=20s || exit 1; done

bench: ## benchmarks, ten counts, through benchstat
	@mkdir -p out
	go test -run='^$$' -bench=. -benchmem -count=10 ./budget ./lease ./protocol ./actors/... | tee out/bench.txt
	$(TOOL) benchstat out/bench.txt

simulate: ## 100 000 schedules of all machines at once (about two minutes); a seed that fails says how to replay it
	go test ./actors/internal/simulation -run=TestSchedules -count=1 -timeout=30m -v -schedules=100000

soak: ## 60 s of sessions that lose their connections; the race detector takes no more than 600 of 8 jobs
	go test -race ./actors -run='TestSoak$$' -count=1 -v -soak=60s -soak.sessions=600 -soak.jobs=8
	go test ./actors -run='TestSoak$$' -count=1 -v -soak=60s -soak.sessions=1000 -soak.jobs=8

mutants: ## broken runtimes, each of which the suite must catch (about half an hour)
	go run ./internal/mutants

peer-python: ## the suite against the public Python package
	peers/python/run.sh
