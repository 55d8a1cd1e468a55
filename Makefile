# What CI runs, CI runs through these.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DATA ?= data/simulated
SIZE ?= small
SOURCES ?= coinglass,coinalyze,binance,binance_coin_m,kraken,bybit,kraken_spot,ledger
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help setup report everything recorded check test format docs lock bench fuzz dev clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## a virtual environment with exactly what requirements.lock names

$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "make: $(PYTHON) is not here; name another: make PYTHON=python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

report: $(STAMP) ## a simulated week of seven sources through the replica, as a page
	$(BIN)/liqledger report --market simulated --size $(SIZE) --sources $(SOURCES) --data $(DATA)

everything: $(STAMP) ## the same week through every source, which takes longer
	$(BIN)/liqledger report --market simulated --size $(SIZE) --data data/everything

recorded: $(STAMP) ## the recorded week 2022-W24, where ../shared/recorded is there
	$(BIN)/liqledger report 2022-W24 --market recorded:../shared/recorded --data data/recorded

check: $(STAMP) ## format, lint, types, Dagster's definitions, generated docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/dg check defs
	$(BIN)/python -m pipelines.load.dictionary --check
	$(BIN)/python -m assets.command.manual --check
	$(BIN)/python -m pipelines.guide --check
	$(BIN)/python -m pipelines.normalise.readers.ledger

# Tests write and sync many small files: in memory where there is room, which halves their time.
ROOM := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR==2 && $$4 > 4000000 {print "/dev/shm"}')

test: $(STAMP) ## all tests, without a network
	TMPDIR=$${TMPDIR:-$(or $(ROOM),/tmp)} $(BIN)/python -m pytest -q -n 2 --dist loadfile

format: $(STAMP) ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP) ## write what is generated: tables, sources and commands in docs/, schemas of the ledgers
	$(BIN)/python -m pipelines.guide
	$(BIN)/python -m pipelines.load.dictionary
	$(BIN)/python -m pipelines.normalise.readers.ledger --schemas
	$(BIN)/python -m assets.command.manual

lock: ## resolve requirements.lock anew (needs uv)
	uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url \
		--no-header --extra dev --quiet pyproject.toml -o requirements.lock

bench: $(STAMP) ## speed and memory, as ratios from one run
	$(BIN)/python -m bench.run

fuzz: $(STAMP) ## spoiled answers for every reader, on from where the last run ended
	$(BIN)/python -m fuzz $(FUZZ)

dev: $(STAMP) ## Dagster's pages on 127.0.0.1:3000, over the runs in DATA
	@mkdir -p $(DATA)/dagster && cp -n assets/dagster.yaml $(DATA)/dagster/ || true
	DAGSTER_HOME=$(abspath $(DATA))/dagster LIQLEDGER_DATA=$(abspath $(DATA)) $(BIN)/dg dev --host 127.0.0.1

clean: ## remove the environment and what tools left; never data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
