# The words that people and CI share.
#   make demo [PHOTO=my.jpg] [DESIGN="des_… des_…"]   the main job, then serving until Ctrl-C
#   make demo DATA=/somewhere                         nothing is written into the checkout
#   make setup PYTHON=/path/to/python3.12             where no Python 3.11 or 3.12 is on PATH
#
# pip does the installing: it follows whatever index, proxy and certificates the user has configured, and takes
# three quarters of a minute for the whole lock (measured on 2 cores); uv is faster and reads none of that.

PYTHON ?= $(shell for python in python3.11 python3.12 python3; do \
	$$python -c 'import sys, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null \
	&& echo $$python && break; done)

VENV := .venv
ifdef DATA
VENV := $(abspath $(DATA))/venv
export VERNIS_DATA_DIR := $(abspath $(DATA))
endif
RUN := $(VENV)/bin
PIP := $(RUN)/python -m pip install --quiet --disable-pip-version-check
EXPORT := --quiet --frozen --no-emit-project --no-annotate --no-header

.PHONY: setup demo test check fix golden clients docs bench lock

setup: $(VENV)/.installed

demo: setup
	exec $(RUN)/vernis demo --parent $$PPID $(if $(PHOTO),--photo "$(PHOTO)") $(addprefix --design ,$(DESIGN))

# The API guide's lines are typed by a test, and pages are opened in a real browser: root gets the programs that this
# takes (chromium, and ffmpeg for clips), others see those tests skipped.
test: $(VENV)/.installed-dev
	@for program in curl jq chromium ffmpeg; do command -v $$program >/dev/null || exit 1; done \
		|| [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null \
		|| { apt-get -qq update && apt-get -qq install -y --no-install-recommends curl jq chromium ffmpeg >/dev/null; }
	$(RUN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed-dev
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports

fix: $(VENV)/.installed-dev
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

golden: $(VENV)/.installed-dev
	$(RUN)/python -m tests.golden.write

# What is generated from the API: the contract as a file, and the clients.
clients: $(VENV)/.installed-dev
	$(RUN)/python -m lab.clients.document
	$(RUN)/python -m lab.clients.surface
	$(RUN)/python -m lab.clients.python
	$(RUN)/python -m lab.clients.typescript

# What is generated for readers: pages and tables of the documents, the dashboard, the figures of the README.
docs: $(VENV)/.installed-dev
	for page in card dashboard errors fairness figures hair_card logs metrics privacy settings; do $(RUN)/python -m lab.docs.$$page || exit 1; done

bench: setup
	$(RUN)/vernis bench pipeline --save
	$(RUN)/vernis bench service --save

# Versions stay as they are while uv.lock lies beside them; without it (it names an index, so git ignores it) they move.
lock: setup
	$(PIP) uv==0.13.9
	$(RUN)/uv lock
	$(RUN)/uv export $(EXPORT) --no-dev --extra cpu -o requirements.lock
	$(RUN)/uv export $(EXPORT) --no-dev --extra gpu -o requirements-gpu.lock
	$(RUN)/uv export $(EXPORT) --extra cpu -o requirements-dev.lock

$(VENV)/.installed: requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Vernis needs Python 3.11 or 3.12 with venv: make PYTHON=/path/to/it" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) --no-deps --require-hashes -r requirements.lock
	$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
