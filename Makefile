# Each target does its own set-up: on a fresh machine, python3 and make are enough.
# ARGS is passed on: make test ARGS="-k dates -x"

PYTHON ?= python3
VENV   ?= .venv
ARGS   ?=

BIN   := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check bench mutate race test-all dev format clean

help: ## what can be typed
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

demo: $(READY) ## eighteen months of four houses, day by day; writes ./demo, kept for you to explore
	@$(BIN)/python -m jalon demo $(ARGS)

test: $(READY) ## the tests, on every core
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(READY) .view/jalon ## lint, format, types, and who imports whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=scripts $(BIN)/mypy --explicit-package-bases scripts/*.py
	PYTHONPATH=.view $(BIN)/lint-imports --no-cache --no-logo

bench: $(READY) ## the ratios of docs/benchmarks.md, measured here
	@$(BIN)/python benchmarks/run.py $(ARGS)

mutate: $(READY) ## 300 changes of each workflow (or WORKFLOW=lhss): each must make a story fail
	@$(BIN)/python -m jalon scenario tests/stories --mutate 300 $(if $(WORKFLOW),--only $(WORKFLOW)) $(ARGS)

race: $(READY) ## eight processes and six beds, 300 tries each; two people and one case, 1,000 pairs
	@JALON_RACE_TRIES=300 $(BIN)/python -m pytest tests/crash/test_race.py tests/crash/test_pairs.py -q $(ARGS)

test-all: $(READY) ## the tests on every Python found, with each SQLAlchemy
	@$(BIN)/python scripts/test_matrix.py $(ARGS)

dev: $(READY) .view/jalon ## the environment alone, in .venv

format: $(READY) ## put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what make made; ./demo is yours and stays
	rm -rf .venv .venvs .view build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml scripts/prepare.py scripts/environment.py
	@$(PYTHON) scripts/prepare.py $(VENV)
	@touch $@

.view/jalon:
	@mkdir -p .view && ln -sfn .. $@
