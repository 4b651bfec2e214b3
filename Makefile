# Go builds everything; PostgreSQL comes by itself (internal/embedded), a browser for the tests by scripts/browser.
.DEFAULT_GOAL := help
.PHONY: help run build test race bench e2e check lint fmt
SHELL := /bin/bash

# No C compiler is needed, except by the race detector.
CGO_ENABLED ?= 0
export CGO_ENABLED

PACKAGES ?= ./...
TIMEOUT  ?= 30m

# Without a browser the reason is told here and to the tests that need one; the others run.
browser = KABAR_CHROMIUM="$$(scripts/browser)" || export KABAR_NO_CHROMIUM="scripts/browser found no Chromium and could fetch none"; export KABAR_CHROMIUM;

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build and start everything at http://127.0.0.1:8080/; its data is in ./var
	./bin/kabar demo

build: ## ./bin/kabar
	go build -o bin/kabar .

test: ## every test, with a database each and in a real browser; PACKAGES=./bot/ for some
	@$(browser) go test -timeout $(TIMEOUT) $(PACKAGES)

race: ## every test with the race detector
	@$(browser) CGO_ENABLED=1 go test -race -timeout $(TIMEOUT) $(PACKAGES)

bench: ## the benchmarks
	go test -run '^$$' -bench . -benchmem -timeout $(TIMEOUT) $(PACKAGES)

e2e: ## whole journeys through HTTP and the browser only
	@$(browser) go test -count=1 -v -timeout $(TIMEOUT) ./internal/e2e/

check: lint build ## formatting, vet, staticcheck, and flows, texts and configuration
	./bin/kabar check

lint: ## formatting, vet, staticcheck
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')) && if [ -n "$$unformatted" ]; then echo "run make fmt:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

fmt: ## format the code
	gofmt -w $$(git ls-files '*.go')
