# Every target builds its own .venv from the lock first; nothing else needs to be installed.
PYTHON ?= python3
BIN := .venv/bin
DATABASE = $${GONGJIAN_TEST_DATABASE_URL:?name a PostgreSQL in GONGJIAN_TEST_DATABASE_URL}
BROKER = $${GONGJIAN_TEST_BROKER_URL:?name a RabbitMQ in GONGJIAN_TEST_BROKER_URL}

.PHONY: help run test check test-services test-browser test-crash bench lock format clean
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/ready ## the whole service with the demo area, in the foreground
	$(BIN)/gongjian up --demo

test: .venv/ready ## the whole suite on embedded parts
	$(BIN)/pytest -m "not crash and not bench"

check: .venv/ready ## style, types, import contracts, the house's own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/house

test-services: .venv/ready ## the suite against PostgreSQL and RabbitMQ
	@echo "PostgreSQL $(DATABASE) RabbitMQ $(BROKER)" >/dev/null
	GONGJIAN_TEST_SERVICES=1 $(BIN)/pytest -m "not crash and not bench and not browser" tests

test-browser: .venv/ready ## the pages in a real Chromium
	GONGJIAN_TEST_BROWSER=1 $(BIN)/pytest -m browser tests

test-crash: .venv/ready ## processes and brokers killed under load
	$(BIN)/pytest -m crash tests

bench: .venv/ready ## measurements, one JSON object a line
	@$(BIN)/python -m tests.benchmarks

lock: .venv/ready ## rewrite requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --upgrade \
	  --no-emit-index-url --no-header --no-annotate -q -o requirements.lock

format: .venv/ready ## put the code in its house style
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

clean: ## forget .venv and everything that was run
	rm -rf .venv var dist

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip -q install --disable-pip-version-check uv
	$(BIN)/uv pip sync -q --require-hashes requirements.lock
	$(BIN)/uv pip install -q --no-deps -e .
	@touch .venv/ready
