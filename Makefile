# make            lists what can be done
PYTHON ?= python3
BIN := .venv/bin
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check fix docs bench bench-comments train-names train-sentiment pins messages

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | awk -F'\t' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: .venv/.installed messages ## create .venv and install everything, pinned by hash

.venv/.installed: requirements/dev.txt requirements/bootstrap.txt pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Kokemus needs Python 3.11 or newer; this is %s. Try: make PYTHON=python3.12 setup" % sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

messages: .venv/.installed
	@$(BIN)/python hatch_build.py

run: setup ## start Kokemus at http://127.0.0.1:8000 on ./data
	$(BIN)/kokemus serve

demo: setup ## load an invented company and show it at http://127.0.0.1:8000
	$(BIN)/kokemus demo

test: setup ## every test, on SQLite and on PostgreSQL, with the browser stories
	$(BIN)/python tests/run.py

check: setup ## what must hold before a commit, beside the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	KOKEMUS_DATA_DIR=.venv/check $(BIN)/python -m django makemigrations --check --dry-run --settings kokemus.server.settings
	$(BIN)/mkdocs build --strict --quiet --site-dir .mkdocs-check && rm -rf .mkdocs-check

fix: setup ## format, and mend what can be mended by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: setup ## build the documentation into site/
	$(BIN)/mkdocs build --strict

bench: setup ## measure against the limits and the rivals, side by side
	$(BIN)/python -m benchmarks

bench-comments: setup ## measure how comments are read: make bench-comments [DATA=folder]
	$(BIN)/python -m benchmarks comments

train-names: setup ## make the hashes that names are known by: make train-names DATA=folder
	$(BIN)/python -m training.names $(DATA)

train-sentiment: setup ## learn the sentiment weights: make train-sentiment DATA=folder
	$(BIN)/python -m training.sentiment $(DATA)

pins: setup ## pin the newest versions that fit, with hashes
	for set in "requirements/bootstrap.in -o requirements/bootstrap.txt" "pyproject.toml -o requirements/base.txt" "pyproject.toml --extra server -o requirements/server.txt" "pyproject.toml --extra server --group dev -o requirements/dev.txt"; do \
	  $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make pins" $$set || exit 1; done
