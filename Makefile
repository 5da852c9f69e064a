.DEFAULT_GOAL := help
.PHONY: help serve build dev test test-full check audit clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: ## set up what is missing, build, and serve on embedded SQLite in ./data
	@scripts/serve

build: ## leave the release binary at target/release/guildhall
	@scripts/build

dev: ## build for development, reload on every change
	@scripts/dev

test: ## run every check and every test
	@scripts/test

test-full: ## run "make test" and what takes too long for every change
	@scripts/test-full

check: ## formatting, lints on both targets, styles, types: no tests
	@scripts/check

audit: ## examine the dependencies: bans, licenses, sources, advisories
	@scripts/audit

clean: ## remove what was built in this folder (the cache and ./data stay)
	@rm -rf target end2end/test-results end2end/playwright-report
