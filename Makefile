# Two commands matter: `make run` and `make test`. Both set everything up in .venv first.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SAMPLE_DATE := 2026-09-30

export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false
export UV_NO_PROGRESS := 1

.PHONY: run test test-services nights oracle lint format typecheck readers kills ui setup lock sample clean help benchmark benchmark-build benchmark-reconciliation an-giang dictionary test-bi

help: ## what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: setup ## one night on the sample: scorecard, discrepancies, tables under data/
	@$(BIN)/chiso nightly --date $(SAMPLE_DATE)

test: setup lint ## everything that must hold: lint, unit tests, pipeline tests on real runs
	@$(BIN)/pytest -n 2

test-services: setup ## what needs a server: PostgreSQL, SFTP, S3; installs the first two from Debian
	@tests/services/install.sh
	@$(BIN)/pytest tests/services

test-bi: setup ## Superset reads the published marts while releases follow each other; installs it in data/superset
	@tests/bi/install.sh
	@$(BIN)/pytest tests/bi

nights: setup ## nights that work on what changed against whole builds, fifty random ones (an hour and more)
	@CHISO_EXAMPLES=50 $(BIN)/pytest -n 2 tests/pipeline/test_nights.py

oracle: setup ## every figure of ten more provinces, all edge cases planted, against the oracle
	@CHISO_PROVINCES=10 $(BIN)/pytest -n 2 tests/pipeline/test_oracle.py

readers: setup ## twenty readers without pause during thirty publications
	@$(BIN)/python -m tests.readers_under_fire

kills: setup ## sixty nights killed at any moment and run again (hours)
	@$(BIN)/python -m tests.killed_nights

lint: setup ## ruff, types, layers, SQL style, portability to Spark
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests
	@$(BIN)/python -m tests.lint.portability

format: setup ## bring code and SQL into the house's form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix --processes 2 --disable-progress-bar dbt_project/models dbt_project/tests

ui: setup ## the Dagster web UI on this machine, with the sample loaded
	@test -e data/releases/current || $(BIN)/chiso nightly --date $(SAMPLE_DATE)
	@$(BIN)/chiso ui

sample: setup ## make raw/sample anew (portal_scores stay: they are real figures)
	@rm -rf data/province && mkdir -p data
	@$(BIN)/python -m tests.province --out data/province --dossiers 5000 --year 2026 --seed 766 --gzip --faults all
	@cd raw/sample && ls | grep -v portal_scores | xargs rm -rf
	@rm -rf data/province/raw/portal_scores
	@cp -r data/province/raw/* raw/sample/ && rm -rf data/province

setup: $(READY) ## .venv with everything in it
	@$(BIN)/chiso prepare

$(READY): requirements.txt requirements-uv.txt pyproject.toml
	@echo "Setting up .venv (once; about a minute)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

lock: $(READY) ## requirements.in → requirements.txt, hashes and no download address
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" --override requirements-override.txt \
		requirements.in -o requirements.txt
	@echo 'uv' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--python-version 3.11 --custom-compile-command "make lock" -c requirements.txt - -o requirements-uv.txt
	@grep '^duckdb==' requirements.txt | tr -d ' \\' | $(BIN)/uv pip compile --quiet --universal --generate-hashes \
		--no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command "make lock" \
		-c - tests/bi/requirements.in -o tests/bi/requirements.txt

benchmark: setup ## landing against bare readers, a million dossiers landed and judged, 2,000 damaged files
	@$(BIN)/python -m benchmarks.landing
	@$(BIN)/python -m benchmarks.landing --form JSON --dossiers 1000000 --rounds 1
	@$(BIN)/python -m benchmarks.expectations
	@$(BIN)/python -m benchmarks.fuzz_landing --files 2000 --seed 1

benchmark-build: setup ## what the dbt build costs on a million dossiers, and a night on 0.2 % of them
	@$(BIN)/python -m benchmarks.build

benchmark-reconciliation: setup ## what the rules cost against a bare join and datacompy
	@$(BIN)/python -m benchmarks.reconciliation

an-giang: setup ## made-up An Giang 2025, full size: every count of its report out of two nights (minutes, 4 GB)
	@rm -rf data/an-giang
	@$(BIN)/python -m tests.pipeline.an_giang --out data/an-giang

dictionary: setup ## docs/dictionary.{en,vi}.md, from the ymls of the marts and the list of columns
	@$(BIN)/python -m orchestration.documents.dictionary

clean: ## remove what was set up and what runs wrote
	@rm -rf $(VENV) data dbt_project/target
