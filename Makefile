# make test   everything, with the race detector: what to run before a commit
# make stores the stores of other libraries alone, over real servers; part of make test
# make neighbours   proxies and clients in front of naja, Caddy too; without it part of make test
# make check  format, vet, staticcheck, known vulnerabilities, go.mod, lattice,
#             and that it builds where an int has 32 bits
# make bench  Go benchmarks of the parts (go run ./bench measures the whole)
# make fuzz   every fuzz target for FUZZTIME
# make soak   the hammer and soak tests, over and over
# make reproducible   the last commit built twice, in two folders: the same bytes

GO          ?= go
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2
GOVULNCHECK := golang.org/x/vuln/cmd/govulncheck@v1.9.0
FUZZTIME    ?= 30s
SOAKCOUNT   ?= 20

# Under the race detector a process waits for a second at its end, and tests
# end many. Those that run in parallel mostly wait: four at a time.
RACE := GORACE="atexit_sleep_ms=0 $(GORACE)" $(GO) test -race

.PHONY: all test stores neighbours check bench fuzz soak reproducible deps format vet narrow lattice tidy staticcheck vulnerabilities

all: check test

test: deps
	$(RACE) -parallel 4 -timeout 15m ./...
	@$(MAKE) --no-print-directory stores

# stores is a module of its own; where its modules can't be had it is skipped.
# What ours requires newly its go.mod takes over (-mod=mod).
STORES := $(GO) -C interop/stores
stores: deps
	@if out="$$($(STORES) list -mod=mod -deps -test ./... 2>&1)"; then \
		echo "$(STORES) test -race ./..."; \
		$(STORES) vet -mod=mod ./... && GORACE="atexit_sleep_ms=0 $(GORACE)" $(STORES) test -mod=mod -race -timeout 10m ./...; \
	else \
		echo "stores: skipped: $$(echo "$$out" | tail -1)"; \
	fi

# neighbours has Caddy as well, which is a module of its own; where that can't be had
# its column of the tables stays as it is.
CADDY := $(GO) -C engine/neighbours/caddy
neighbours: deps
	@work="$$(mktemp -d)"; trap 'rm -rf "$$work"' EXIT; \
	$(CADDY) build -o "$$work/caddy" . || echo "neighbours: without Caddy"; \
	if [ -x "$$work/caddy" ]; then export NAJA_CADDY="$$work/caddy"; fi; \
	GORACE="atexit_sleep_ms=0 $(GORACE)" $(GO) test -race -count=1 -v -timeout 10m ./engine/neighbours

# deps installs the programs of the system that tests use, where that is
# possible: as root on a Debian system. Elsewhere it says what is missing: a
# test whose program is missing says so and is skipped; without a C compiler
# there is no race detector. CONTRIBUTING.md says it, too. DEPS=no leaves the
# system as it is. By RUNLEVEL no server is started when it is installed.
TESTPROGRAMS := gcc:gcc chromium:chromium redis-server:redis-server \
	pg_ctlcluster:postgresql mariadb-install-db:mariadb-server \
	nginx:nginx-light apache2:apache2-bin haproxy:haproxy varnishd:varnish squid:squid \
	curl:curl wget:wget ab:apache2-utils lynx:lynx w3m:w3m python3:python3-minimal
deps: export RUNLEVEL := 1
deps: export PATH := $(PATH):/usr/sbin
deps:
	@for program in $(TESTPROGRAMS); do \
		command -v $${program%%:*} >/dev/null && continue; \
		if [ "$(DEPS)" != no ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "deps: installing $${program##*:}"; \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends $${program##*:} || \
			echo "deps: $${program%%:*} is missing and can't be installed"; \
		else \
			echo "deps: $${program%%:*} is missing"; \
		fi; \
	done

check: format vet narrow lattice tidy staticcheck vulnerabilities

format:
	@unformatted="$$(gofmt -l .)"; test -z "$$unformatted" || { echo "gofmt -w these:"; echo "$$unformatted"; exit 1; }

vet:
	$(GO) vet ./...

# narrow builds and vets, tests too, where an int has 32 bits: constants that
# are too large for one don't compile there.
NARROW := 386 arm
narrow:
	@for arch in $(NARROW); do \
		echo "GOOS=linux GOARCH=$$arch go vet ./..."; \
		GOOS=linux GOARCH=$$arch CGO_ENABLED=0 $(GO) build ./... && GOOS=linux GOARCH=$$arch CGO_ENABLED=0 $(GO) vet ./... || exit 1; \
	done

lattice:
	$(GO) test -count=1 .

# The next three need the network: for the modules that only other modules'
# tests use, for the tool, and for the database. A machine without it can
# still check everything else.
tidy:
	@if out="$$($(GO) mod tidy -diff 2>&1)"; then echo "go mod tidy -diff"; \
	elif echo "$$out" | grep -q '^diff '; then echo "$$out"; echo "run: go mod tidy"; exit 1; \
	else echo "go mod tidy: skipped: $$(echo "$$out" | tail -1)"; fi
	@if out="$$($(STORES) mod tidy -diff 2>&1)"; then echo "$(STORES) mod tidy -diff"; \
	elif echo "$$out" | grep -q '^diff '; then echo "$$out"; echo "run: $(STORES) mod tidy"; exit 1; \
	else echo "$(STORES) mod tidy: skipped: $$(echo "$$out" | tail -1)"; fi
	@if out="$$($(CADDY) mod tidy -diff 2>&1)"; then echo "$(CADDY) mod tidy -diff"; \
	elif echo "$$out" | grep -q '^diff '; then echo "$$out"; echo "run: $(CADDY) mod tidy"; exit 1; \
	else echo "$(CADDY) mod tidy: skipped: $$(echo "$$out" | tail -1)"; fi

staticcheck:
	@if $(GO) run $(STATICCHECK) -version >/dev/null 2>&1; then \
		echo "staticcheck ./..."; $(GO) run $(STATICCHECK) ./...; \
	else \
		echo "staticcheck: skipped, $(STATICCHECK) can't be had"; \
	fi

vulnerabilities:
	@if out="$$($(GO) run $(GOVULNCHECK) ./... 2>&1)"; then echo "govulncheck ./..."; \
	elif echo "$$out" | grep -q '^exit status 3$$'; then echo "$$out"; exit 1; \
	else echo "govulncheck: skipped: $$(echo "$$out" | grep -m1 fetching || echo "$$out" | head -1)"; fi

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./...

# A worker that is busy when the time is over makes go say "context deadline
# exceeded" and fail; a finding is an input that was written down.
fuzz:
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "$$package $$target"; \
			out="$$($(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package 2>&1)" && { echo "$$out" | tail -3; continue; }; \
			echo "$$out" | tail -40; \
			if echo "$$out" | grep -q 'context deadline exceeded' && ! echo "$$out" | grep -q 'Failing input\|panic:\|seed'; then continue; fi; \
			exit 1; \
		done; \
	done

soak:
	$(RACE) -run 'Hammer|Soak' -count $(SOAKCOUNT) -timeout 2h ./...

# reproducible builds the command of the last commit from two clones with two
# caches. What it says of its version comes from the build alone.
reproducible:
	@set -e; work="$$(mktemp -d)"; trap 'chmod -R u+w "$$work"; rm -rf "$$work"' EXIT; \
	git clone -q . "$$work/one"; git clone -q "$$work/one" "$$work/two/deeper/folder"; \
	for place in one two/deeper/folder; do \
		(cd "$$work/$$place" && CGO_ENABLED=0 GOCACHE="$$work/cache-$${place%%/*}" $(GO) build -buildvcs=true -trimpath -o "$$work/naja-$${place%%/*}" ./cmd/naja); \
	done; \
	(cd "$$work" && sha256sum naja-one naja-two && cmp naja-one naja-two); \
	"$$work/naja-two" version; \
	"$$work/naja-two" version | grep -q "$$(git -C "$$work/one" rev-parse --short=12 HEAD)" || { echo "its version isn't the commit"; exit 1; }; \
	if grep -q "$$work" "$$work/naja-one"; then echo "the binary names the folder it was built in"; exit 1; fi
