# Two commands for a newcomer: make run, make test. The rest is for daily work; see README.md.
PY := .venv/bin/python
.PHONY: run test test-all check lint types contracts trace api docs pure bench bench-start hostile load soak mutants demo-large lock clean dev

run: .venv/.run
	@exec $(PY) -m rmrcpm.launch

# compiled code is kept: each process of the tests, and each product they start, begins with it
test test-all: export PYTHONDONTWRITEBYTECODE =

test: .venv/.dev
	@$(PY) -m rmrcpm.setup_vendor
	$(PY) -m pytest -n auto --maxprocesses 8 --durations=25

test-all: .venv/.dev
	@$(PY) -m rmrcpm.setup_vendor
	$(PY) -m pytest -n auto --maxprocesses 8 --durations=25 --whole

.venv/bin/python:
	python3 -m venv .venv

.venv/.run: requirements.txt | .venv/bin/python
	@if [ ! -e .venv/.dev ] || [ requirements-dev.txt -nt .venv/.dev ]; then \
	  echo "installing locked dependencies"; \
	  $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt; fi
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	@echo "installing locked dependencies for development"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.run

dev: .venv/.dev

check: .venv/.dev
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy rmrcpm apps
	.venv/bin/lint-imports
	RMRCPM_HOME=var/check $(PY) manage.py check
	$(PY) -m rmrcpm.with_database manage.py makemigrations --check --dry-run
	RMRCPM_HOME=var/check $(PY) manage.py trace > /dev/null
	RMRCPM_HOME=var/check $(PY) manage.py spectacular --format openapi-json --validate --fail-on-warn --file var/check/openapi.json
	@cmp -s var/check/openapi.json docs/openapi.json || \
	  { echo "the API has changed: read the difference, then run 'make api' and commit docs/openapi.json"; \
	    diff -u docs/openapi.json var/check/openapi.json | head -60; exit 1; }

api: .venv/.dev
	RMRCPM_HOME=var/check $(PY) manage.py spectacular --format openapi-json --validate --fail-on-warn --file docs/openapi.json

trace: .venv/.dev
	@RMRCPM_HOME=var/check $(PY) manage.py trace

pure: .venv/.dev
	$(PY) -m pytest tests/platform/core tests/cases -q

bench: .venv/.dev
	$(PY) -m rmrcpm.with_database -m rmrcpm.bench

bench-start: .venv/.dev
	$(PY) -m rmrcpm.bench.start

hostile: .venv/.dev
	$(PY) -m rmrcpm.bench.hostile

load: .venv/.dev
	$(PY) -m rmrcpm.with_database -m rmrcpm.bench --load

soak: .venv/.dev
	$(PY) -m rmrcpm.soak --rounds $(or $(ROUNDS),100) $(if $(SEED),--seed $(SEED)) $(if $(QUEUE),--queue $(QUEUE))

# small faults put in one by one: does a test notice? MUTANTS="--changed" for what differs from main
mutants: .venv/.dev
	$(PY) -m tests.mutants $(MUTANTS)

docs: .venv/.dev
	$(PY) -m rmrcpm.pictures

demo-large: .venv/.run
	$(PY) manage.py demo_large

lock:
	python3 -m venv .tools && .tools/bin/pip install --quiet uv==0.13.9
	.tools/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --universal pyproject.toml -o requirements.txt
	.tools/bin/uv pip compile --quiet --generate-hashes --no-header --no-annotate --no-emit-index-url --python-version 3.11 --universal -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

clean:
	rm -rf .venv var static/vendor
