# make run · make test · make check · make bench · make gallery. Each prepares what it needs, once.
#   make run PORT=8550 OPEN=no    a fixed port, and nothing is opened
#   make run SERVICES=27000       among as many services as the country has
#   make test TESTS=tests/forms   some of the tests; WORKERS=0 one after the other

PYTHON ?= python3
PORT ?= 0
OPEN ?= yes
SERVICES ?=
TESTS ?=
WORKERS ?= auto

BIN := .venv/bin
RUN := .venv/.ready-to-run
DEV := .venv/.ready-to-test
SYSTEM := .venv/.system-ready

export PYTHON

.PHONY: run test check bench gallery lock clean help

run: $(RUN)
	@PORT=$(PORT) OPEN=$(OPEN) $(if $(SERVICES),LOKET_BACKEND_SYNTHESISED=$(SERVICES)) exec $(BIN)/python main.py

test: $(DEV) $(SYSTEM)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(TESTS)

check: $(DEV)
	@$(BIN)/python -m checks

bench: $(DEV) $(SYSTEM)
	@$(BIN)/python -m benchmarks

# Pictures of every field and every service, as one page to look through: artefacts/gallery.html
gallery: $(DEV) $(SYSTEM)
	@$(BIN)/python -m app.authoring.gallery

# Pins and hashes for every platform; no index is named, so each machine uses its own.
lock: $(DEV)
	@$(BIN)/uv pip compile -q --upgrade $(LOCK) -o requirements.lock
	@$(BIN)/uv pip compile -q --upgrade $(LOCK) --extra authoring --group dev \
		-c requirements.lock --overrides requirements-overrides.txt -o requirements-dev.lock

LOCK := pyproject.toml --extra desktop --extra backend --group build --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-index-url

clean:
	rm -rf .venv build dist artefacts .pytest_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@sed -n '1,4s/^# *//p' Makefile

$(RUN): requirements.lock pyproject.toml .ci/prepare
	@.ci/prepare python requirements.lock
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml .ci/prepare
	@.ci/prepare python requirements-dev.lock
	@touch $@ $(RUN)

$(SYSTEM): .ci/prepare | $(DEV)
	@.ci/prepare system
	@touch $@
