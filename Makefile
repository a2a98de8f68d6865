# Every command does its own set-up first; what is up to date is skipped.
#   make demo            the living example on http://127.0.0.1:8000 (PORT=8123 for another port)
#   make test            all tests            make check   lint, types, contracts, templates
#   make run             your own, empty data (see deploy/README.md)
#   make manage ARGS="init"   a command of manage.py on the data of the running stack
#   make bench           benchmark tables     make prove   what takes long
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
BROWSER_CACHE := $(CURDIR)/var/browser

.PHONY: setup demo run manage test check bench prove lock
.DEFAULT_GOAL := help

help:
	@sed -n '2,7s/^# *//p' Makefile

setup:
	@$(PYTHON) deploy/bootstrap.py

demo run: setup
	@exec $(PY) -m deploy $@ --port $(PORT)

manage: setup
	@$(PY) -m deploy.manage $(ARGS)

test: setup
	$(PY) -m pytest -n 2 -m "not prove" $(ARGS)

check: setup
	@$(PY) -m deploy.check

prove: setup
	$(PY) -m pytest -n 2 -m prove $(ARGS)

bench: setup
	@$(PY) -m deploy.bench

lock: setup
	$(PY) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile -q --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		--group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
