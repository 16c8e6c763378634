# Everything runs in .venv, which is made when it is missing. `make help` lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONDONTWRITEBYTECODE  # the processes that tests start would compile gwplan anew, each by itself

.DEFAULT_GOAL := help
.PHONY: help demo test fuzz estates lint types golden coverage pictures wheel bench mutants clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/demo.stamp: pyproject.toml gwplan/__init__.py
	$(PYTHON) -c 'import sys; sys.exit("gwplan needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/dev.stamp: $(VENV)/demo.stamp
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

demo: $(VENV)/demo.stamp  ## set up and plan the first inventory
	$(BIN)/gwplan resolve inventories/small.yaml

test: $(VENV)/dev.stamp lint types  ## lint, types, and every test on every core: TESTS=tests/planning
	$(BIN)/pytest -n auto --dist worksteal $(TESTS)

coverage: $(VENV)/dev.stamp  ## every test with branch coverage, in twice the time: nothing fails by it
	$(BIN)/pytest -n auto --dist worksteal $(TESTS) --cov

lint: $(VENV)/dev.stamp  ## style, and imports that point down
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/dev.stamp  ## mypy --strict
	$(BIN)/mypy

golden: $(VENV)/dev.stamp  ## rewrite golden texts, the output in README and docs, then show what changed
	GWPLAN_GOLDEN=write $(BIN)/python -m pytest -q tests/cli/test_golden.py tests/planning/test_words.py tests/docs tests/checks/test_checks.py
	git --no-pager diff --stat -- tests/golden docs README.md
	git --no-pager diff -- tests/golden docs README.md

pictures: $(VENV)/dev.stamp  ## draw the pictures of README and docs again
	$(BIN)/gwplan graph inventories/small.yaml --down gw01 --output docs/pictures/night.svg
	$(BIN)/gwplan graph inventories/two-sites.yaml --view network --output docs/pictures/network.svg
	$(BIN)/python tests/browser/picture.py docs/pictures/report.png

wheel: $(VENV)/dev.stamp  ## build the wheel, install it alone in an environment of its own, and try each command there
	rm -rf dist .venv-wheel
	$(BIN)/python -m build --wheel --outdir dist .
	$(PYTHON) -m venv .venv-wheel
	.venv-wheel/bin/python -m pip install --quiet dist/*.whl
	GWPLAN_INSTALLED=$(CURDIR)/.venv-wheel/bin/gwplan $(BIN)/pytest -q tests/wheel

bench: $(VENV)/dev.stamp  ## measure speed and memory as ratios against named baselines: BENCH=--quick
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python tests/bench/run.py $(BENCH)

fuzz: $(VENV)/dev.stamp  ## look for inputs that end badly, for two minutes or GWPLAN_FUZZ_SECONDS
	GWPLAN_FUZZ_SECONDS=$${GWPLAN_FUZZ_SECONDS:-120} $(BIN)/pytest -q -s tests/fuzz

estates: $(VENV)/dev.stamp  ## hold what is recommended for thousands of small estates against brute force: GWPLAN_ESTATES
	GWPLAN_ESTATES=$(or $(GWPLAN_ESTATES),3000) $(BIN)/pytest -q -n auto tests/remedies/test_brute_force.py

mutants: $(VENV)/dev.stamp  ## change planning and failures in small ways and list what no test notices: MUTANTS='gwplan.planning.rank*'
	$(BIN)/python -m pip install --quiet --editable '.[mutants]'
	PATH="$(CURDIR)/$(BIN):$$PATH" HYPOTHESIS_PROFILE=mutants $(BIN)/mutmut run $(MUTANTS)
	$(BIN)/mutmut results

clean:  ## remove what make has made
	rm -rf $(VENV) .venv-wheel dist .bench mutants .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
