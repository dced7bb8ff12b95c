# What can be done here: make run · test · prove · mutants · bench · check · translations · recordings
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Every package is pinned with its hashes: what differs by one byte is not installed.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 $(BIN)/python -m pip install --quiet --no-compile
PYTEST := $(BIN)/python -m pytest
# What browsers seal with, from npm: complete once this file is there.
SODIUM := grievance/web/static/sodium/libsodium-wrappers.mjs

# What Python compiled once is kept beside it, whatever the environment says: all start in half the time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test prove mutants bench check translations recordings sodium compile clean
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

# `exec`: the supervisor takes the shell's place, so that signals and exit codes are its own.
# What browsers seal with is fetched meanwhile: nothing but one page needs it, and that page says so until it is there.
run: $(VENV)/.run-installed compile
	@test $(SODIUM) -nt config/sodium/package-lock.json || (make --no-print-directory sodium >/dev/null 2>&1 &); \
		exec $(BIN)/python -m grievance.local

test: $(VENV)/.dev-installed compile $(SODIUM)
	@$(PYTEST) -n 2 -m "not proof" $(ARGS)

# What measures time comes last and alone, also after something failed.
prove: $(VENV)/.dev-installed compile $(SODIUM)
	@$(PYTEST) -n 2 --dist worksteal -m "(proof or figures) and not timed" $(ARGS); held=$$?; \
		$(PYTEST) -m "proof and timed" $(ARGS) && exit $$held

# Changes the code in one place at a time and counts what the tests notice: hours. AREA=journal: one area.
mutants: $(VENV)/.dev-installed compile
	@$(BIN)/python -m tests.mutants $(AREA)

bench: $(VENV)/.dev-installed compile $(SODIUM)
	@$(BIN)/python -m bench

check: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python translations/build.py
	$(PYTEST) -q tests/guards

# Builds the catalogues from translations/parts; a sentence without its languages fails.
translations: $(VENV)/.dev-installed
	@$(BIN)/python translations/build.py

# What can be heard, what is still to be recorded, and the words to say.
recordings: $(VENV)/.run-installed
	@$(BIN)/python -m translations.recordings

# For a run the catalogues are only built, when a part is newer; `make check` is what refuses a missing sentence.
compile: translations/.compiled

translations/.compiled: translations/build.py $(wildcard translations/parts/*.json) | $(VENV)/.run-installed
	@$(BIN)/python translations/build.py >/dev/null 2>&1 || test -s translations/fr/LC_MESSAGES/messages.mo
	@touch $@

sodium: $(SODIUM)

# Without network it says so and goes on: only the page for entries without network needs it.
$(SODIUM): config/sodium/package-lock.json config/sodium/__main__.py | $(VENV)/.node-installed
	@$(BIN)/python -m config.sodium || true

# A folder that was moved, or whose Python is gone, starts over.
ifneq ($(shell $(BIN)/python -c 'import pip; print("sound")' 2>/dev/null),sound)
$(shell rm -f $(VENV)/.made $(VENV)/.run-installed $(VENV)/.node-installed $(VENV)/.dev-installed)
endif

# A stamp is written last: after an install that broke off, the next `make` takes it up again.
$(VENV)/.run-installed: requirements.lock | $(VENV)/.made
	@echo "Installing what it needs (once) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev-installed: requirements-dev.lock requirements.lock | $(VENV)/.made
	@echo "Installing what tests need (once) ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $(VENV)/.run-installed $(VENV)/.node-installed $@

# npm comes with Node, and Node with a Python package.
$(VENV)/.node-installed: requirements-sodium.lock | $(VENV)/.run-installed
	@$(PIP) --require-hashes -r requirements-sodium.lock
	@touch $@

$(VENV)/.made:
	@for python in $(PYTHON) python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
			$$python -m venv --clear $(VENV) && touch $@ && exit 0; \
			echo "$$python has no venv module (Debian: the package python3-venv)."; exit 1; \
		fi; \
	done; \
	echo "Python 3.11, 3.12 or 3.13 is missing; with one elsewhere: make PYTHON=/its/path"; exit 1

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
