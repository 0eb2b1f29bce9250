# The front door. Each target installs what it needs, builds and does one thing; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help install build console demo test bench format check-format tidy asan tsan fuzz clean

BUILD := build/release
export PATH := $(CURDIR)/build/node/bin:$(PATH)

help: ## say what there is
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: ## install what is missing (apt and npm)
	@scripts/install.sh run

build: install console ## build the three programs and the console
	@scripts/step "configure ($(BUILD))" cmake --preset release -DCROSSLINE_TESTS=OFF -DCROSSLINE_BENCH=OFF
	@scripts/step --stream "build the programs" cmake --build $(BUILD) --target programs

console: install
	@scripts/console.sh

demo: build ## run a whole line on this machine: server, four agents, 300 travellers (DEMO_ONCE=1: once, checked)
	@node scripts/demo.mjs $(if $(filter-out 0 no,$(DEMO_ONCE)),--once,)

test: ## install, build and run every test
	@scripts/test.sh

bench: ## measure; prints a table (see docs/performance.md)
	@scripts/bench.sh

format: ## format every C++ file in place
	@scripts/format.sh fix

check-format: ## say which C++ files are not formatted
	@scripts/format.sh check

tidy: ## clang-tidy over the libraries and programs
	@scripts/tidy.sh

asan: ## every C++ test under AddressSanitizer and UBSan
	@scripts/sanitize.sh asan

tsan: ## the threaded tests under ThreadSanitizer
	@scripts/sanitize.sh tsan

fuzz: ## run each fuzzer for FUZZ_SECONDS (default 60)
	@scripts/fuzz.sh

clean: ## remove everything that was built
	rm -rf build console/dist console/node_modules
