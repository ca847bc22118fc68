# Set-up and everyday commands. `make demo` and `make test` need nothing but Debian, git, make and python3.
# The Python side of everything lives in .venv, made from the hash-locked requirements.

# Which Python makes .venv; chosen if empty (madoguchi/local/venv.sh).
PYTHON ?=
VENV := .venv
RUN := $(VENV)/bin/python -m madoguchi.local
INSTALLED := $(VENV)/.installed
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --no-annotate

.PHONY: demo test up down status logs check bench chaos prepare console lock docker-base
.DEFAULT_GOAL := demo

demo: up
	@$(VENV)/bin/python -m madoguchi.demo

test: prepare
	@$(VENV)/bin/pytest --durations 25

up: $(INSTALLED)
	@$(RUN) up

down: $(INSTALLED)
	@$(RUN) down

status: $(INSTALLED)
	@$(RUN) status

logs: $(INSTALLED)
	@$(RUN) logs

prepare: $(INSTALLED)
	@$(RUN) prepare

console: $(INSTALLED)
	@$(RUN) console

# What RUNTIME=docker begins with, on a machine that can pull no image. Needs a container engine.
docker-base: $(INSTALLED)
	@$(VENV)/bin/python -m madoguchi.containers base

check: $(INSTALLED) console
	@$(VENV)/bin/ruff format --check --quiet
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/mypy --no-error-summary
	@$(VENV)/bin/lint-imports
	@npm --prefix console run --silent check

bench: prepare
	@$(VENV)/bin/python -m bench

# Half an hour. CHAOS_CONTROLLER_KILLS=… and the like make it shorter (tests/acceptance/chaos/__main__.py).
chaos: prepare
	@$(VENV)/bin/python -m tests.acceptance.chaos

# Needs uv; only for whoever changes the dependencies. Set UPGRADE=--upgrade for newer versions.
lock:
	@$(LOCK) $(UPGRADE) pyproject.toml -o requirements.txt
	@$(LOCK) $(UPGRADE) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt

$(INSTALLED): requirements-dev.txt pyproject.toml madoguchi/local/venv.sh
	@sh madoguchi/local/venv.sh "$(PYTHON)" $(VENV) requirements-dev.txt
	@touch $@
