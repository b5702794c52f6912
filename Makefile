# The few tasks of this repository. `make help` lists them; `make demo` and `make test` start
# from nothing but Python >= 3.11 and make, as root or not.

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
FAST := not slow and not browser
# Tests run in as many processes as there are processors, each with a server of its own
# (tests/sharing.py says who runs what); `make test PROCESSES=0` runs them in one, for a debugger.
PROCESSES := logical
PYTEST := $(BIN)/python -m pytest -n $(PROCESSES) --maxprocesses=8 --dist loadscope
# A test that waits for ever says where, and ends the run with a failure; the longest takes a minute.
ENDING := --max-worker-restart=0 -o faulthandler_timeout=600 -o faulthandler_exit_on_timeout=true
# Tests and demo start many commands: the package is compiled once, not by each.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format unit slow browser pictures bench docs lock clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## make the virtual environment from requirements.lock

# The stamp is the last thing written: an installation that was cut off begins again.
$(READY): requirements.lock pyproject.toml
	@.ci/setup $(VENV)
	@touch $@

demo: $(READY) ## a sample marketplace, loaded day by day, and what there is to see
	@$(BIN)/shopnow demo

test: lint ## linters, types, walls, and all tests but the slow ones
	@$(PYTEST) $(ENDING) -m "$(FAST)"

lint: $(READY)
	@mkdir -p build
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >build/lint-imports.log 2>&1 || { cat build/lint-imports.log; exit 1; }
	@PYTHONWARNINGS=ignore:resource_tracker $(BIN)/sqlfluff lint --quiet --processes 0 src db marts

format: $(READY) ## let the formatter decide
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
	@$(BIN)/sqlfluff fix --quiet src marts

unit: $(READY) ## only the tests without a database
	@$(PYTEST) tests/unit

slow: $(READY) ## the tests that take minutes
	@$(PYTEST) -m "slow and not browser"

browser: $(READY) ## the pages in a real Chromium (package chromium): every role, light, dark, telephone
	@$(BIN)/python -m pytest -m browser tests/browser

pictures: $(READY) ## the pictures of the README, from the pages of a demo (package chromium)
	@$(BIN)/python -m tests.browser.pictures build/pictures

bench: $(READY) ## loads against a floor of the same run; WORKLOAD=spine, w1, w2 or w3 for one
	@$(BIN)/python -m benchmarks --workload $(or $(WORKLOAD),all)

docs: $(READY) ## pages made from the live catalogue, then all documents as a site: build/site
	@$(BIN)/shopnow docs
	@$(BIN)/python -m docsite

lock: $(READY) ## requirements.lock from pyproject.toml: hashes, no host, no path
	@$(BIN)/python -m uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install --quiet uv
	@$(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 --extra dev \
	    --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	    pyproject.toml --output-file requirements.lock

clean: ## forget the environment and what was built; warehouses stay
	@rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
