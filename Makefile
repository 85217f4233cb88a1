# `make run` starts Kakehashi with the demo company; `make test` runs everything. Both install what is missing first.

.DEFAULT_GOAL := run
SHELL := /bin/bash

run: ## build what changed and start on http://localhost:3000 with the demo company
	@.ci/setup run
	@. .ci/toolchain && .ci/build && exec target/release/kakehashi serve --demo

test: ## format, lints, documentation, tests on both databases, size budget, browser journeys
	@.ci/setup test
	@.ci/steps

e2e: ## the browser journeys alone
	@.ci/setup test
	@.ci/steps build journeys

bench: ## the benches: a table each
	@.ci/setup run
	@. .ci/toolchain && .ci/build && cargo bench --package tests

sim: ## the simulation: what CI runs; SEED=7 tells the story of one seed, SEEDS=50000 is the hunt
	@.ci/setup test
	@. .ci/toolchain && cargo test --release --locked --package tests --test sim -- --nocapture

fmt: ## format the sources
	@. .ci/toolchain && cargo fmt --all

help: ## this list
	@sed -n 's/^\([a-z0-9]*\): ## /make \1\t/p' Makefile | expand -t 12

.PHONY: run test e2e bench sim fmt help
