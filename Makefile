# Everything a person or a build server does with Schysst. Needs Python 3.11 or later, make and a package index.
#   make setup   environment in .venv with .venv/bin/schysst        make test    all tests
#   make run     a demo agency on http://127.0.0.1:$PORT (8080)     make check   format, lint, types, imports, tests
#   make lock    lock files anew after a change in pyproject.toml   make bench   ratios measured in one run
#   make format  lay out and tidy the code                          make languages  every page in every language
#   make conversations  play every intent in every language, and write down what was said
#   make thorough       all tests, with everything that chance makes up
PYTHON ?= python3
WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
# A file is run by one worker: the long ones begin first, so that no worker waits for the other at the end.
LONG_FIRST := tests/intents tests/bench tests/scale tests/browser tests/e2e tests/dialogs/test_hostile.py \
	tests/scheduler tests/dialogs tests/core
SOURCES := bot core scheduler locales tests
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url $(UPGRADE) pyproject.toml --group build

# Some images tell Python to keep no compiled modules: then each start of the program compiles all libraries again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run test thorough check static conversations bench languages lock format clean

help:
	@sed -n '1,/^$$/{s/^# \{0,1\}//p;}' Makefile

setup: $(VENV)/.runtime

run: setup
	@exec $(BIN)/schysst run --demo

test: $(VENV)/.development
	@command -v chromium >/dev/null || echo "No chromium found: the browser tests will be SKIPPED (apt-get install chromium)."
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -rs $(LONG_FIRST) tests

# A part of what chance makes up is enough for each day.
thorough: export SCHYSST_THOROUGH = 1
thorough: test

check: static test

conversations: $(VENV)/.development
	@$(BIN)/python -m tests.intents

static: $(VENV)/.development
	@$(BIN)/ruff format --check --quiet $(SOURCES) || { echo "Run 'make format'."; exit 1; }
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo > $(VENV)/imports.txt || { cat $(VENV)/imports.txt; exit 1; }

bench: $(VENV)/.development
	@$(BIN)/python -m tests.bench

languages: $(VENV)/.development
	@ALL_LANGUAGES=1 $(BIN)/python -m pytest -q tests/browser/test_languages.py

format: $(VENV)/.development
	@$(BIN)/ruff check --quiet --fix $(SOURCES); $(BIN)/ruff format --quiet $(SOURCES)

# Keeps every version that still fits; UPGRADE=--upgrade takes the newest ones.
lock: $(VENV)/.runtime
	@$(PIP) install uv==0.13.9
	@$(COMPILE) --output-file requirements.lock
	@$(COMPILE) --group dev --group pgtest --constraint requirements.lock --output-file requirements-dev.lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Schysst needs Python 3.11 or later: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/pip
	@echo "Installing Schysst into $(VENV)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(VENV)/.runtime
	@echo "Installing the tools for tests and checks"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
