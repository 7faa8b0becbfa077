# The two commands are `make run` and `make test`; `make help` tells the others.
# They need Python 3.11 or newer with its venv module, and nothing else: what they use is installed into .venv.

PYTHON ?= python3
export PYTHON
PORT ?= 8000
export PORT

PY := .venv/bin/python
RUNNING := .venv/installed-to-run
TESTING := .venv/installed-to-test
TESTS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help run test check format translations bench lock clean

help: ## tell what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(RUNNING): requirements.lock tooling/environment
	@sh tooling/environment requirements.lock
	@touch $@

$(TESTING): requirements-dev.lock tooling/environment
	@sh tooling/environment requirements-dev.lock
	@touch $@ $(RUNNING)

run: $(RUNNING) ## set everything up and serve the site on http://127.0.0.1:8000 (make run PORT=8001: on another port)
	@$(PY) tooling/translations.py compile
	@exec $(PY) tooling/serve.py

test: $(TESTING) ## set everything up and run all tests (make test TESTS=tests/students: some of them)
	@$(PY) tooling/translations.py compile
	@sh tooling/browser
	@$(PY) -m pytest -n $(WORKERS) $(TESTS)

check: $(TESTING) ## format, lint, types, import contracts, templates, lock files, translations
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) .venv/bin/lint-imports --no-logo
	$(PY) -m djlint --quiet --lint templates
	$(PY) tooling/lock.py check
	$(PY) tooling/translations.py check

format: $(TESTING) ## format the code, and mend what can be mended by itself
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

translations: $(TESTING) ## carry new sentences of the sources into the catalogues of translations
	$(PY) tooling/translations.py update

bench: $(TESTING) ## measure speed and memory; prints ratios
	$(PY) -m bench

lock: $(TESTING) ## resolve the dependencies of pyproject.toml anew (needs uv; make lock UPGRADE=--upgrade: to the newest)
	$(PY) tooling/lock.py write $(UPGRADE)
	$(PY) tooling/lock.py check

clean: ## remove what was made, but never the data in instance/
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find translations -name '*.mo' -delete 2>/dev/null || true
