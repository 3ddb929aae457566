# Thin on purpose: each target says what it does in `make help`, and what was done is remembered by stamps in .venv.
# Needed on the machine: Python 3.11 or later, git, make. Everything else comes from the locks.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
STAMPS := .venv/stamps
MESSAGES := themes/default/messages
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
# The machine's Node.js if it is recent enough, else the one that $(STAMPS)/front installs into .venv.
WITH_NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test lint format docs bench messages lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-10s %s\n", $$1, $$2 }'

run: $(STAMPS)/installed $(STAMPS)/messages $(STAMPS)/bundle ## serve the demonstration town: site at /, office at /gestion/ (PORT=8000)
	@$(BIN)/laureat demo --port $(PORT)

setup: $(STAMPS)/installed $(STAMPS)/messages $(STAMPS)/bundle ## install into .venv, without serving anything

test: $(STAMPS)/developing $(STAMPS)/messages $(STAMPS)/bundle $(STAMPS)/browser ## install everything and run all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

lint: $(STAMPS)/developing ## check style, types, imports, templates, spelling, known weaknesses and the content's style
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --lint --quiet themes/default backoffice
	$(BIN)/codespell
	$(BIN)/laureat fmt --check content
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive participation site_builder backoffice
	@$(BIN)/pip-audit --requirement requirements/run.txt --require-hashes --disable-pip --progress-spinner off \
		>$(STAMPS)/audit.txt 2>&1; status=$$?; \
	if grep -q 'Found [0-9]* known ' $(STAMPS)/audit.txt && [ $$status -ne 0 ]; then cat $(STAMPS)/audit.txt; exit 1; \
	elif [ $$status -ne 0 ] || grep -q 'could not be audited' $(STAMPS)/audit.txt; then \
		echo 'Warning: what is installed could not be compared with known vulnerabilities (see $(STAMPS)/audit.txt).'; fi

format: $(STAMPS)/developing ## rewrite Python and content in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/laureat fmt content

docs: $(STAMPS)/installed ## write the generated pages of docs/reference and the schemas of content/ again
	$(BIN)/python -m backoffice.cli.reference

bench: $(STAMPS)/developing $(STAMPS)/messages ## measure the speeds that the README quotes: 15 minutes, or 3 with QUICK=1
	$(BIN)/python -m tests.benchmarks $(ARGS)

messages: $(STAMPS)/developing ## take new words from the sources into the catalogues
	$(BIN)/pybabel -q extract --mapping-file pyproject.toml --no-location --sort-output --keywords mark \
		--project Lauréat --version "" --copyright-holder "" --output-file $(STAMPS)/laureat.pot \
		participation site_builder backoffice themes/default
	for lang in $(notdir $(patsubst %/LC_MESSAGES/,%,$(wildcard $(MESSAGES)/*/LC_MESSAGES/))); do \
		$(BIN)/pybabel -q update --domain laureat --input-file $(STAMPS)/laureat.pot --output-dir $(MESSAGES) \
			--locale $$lang --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date; done

lock: $(STAMPS)/developing ## remake the locks (ARGS=--upgrade: with the newest versions)
	$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	$(LOCK) pyproject.toml --group checkout --constraint requirements/dev.txt --output-file requirements/run.txt
	$(LOCK) --group node --output-file requirements/node.txt
	cd themes && $(WITH_NODE) npm install --package-lock-only --silent

clean: ## remove everything that set-up, builds and the demonstration made
	rm -rf .venv var dist build themes/node_modules themes/default/bundled backoffice/static/bundled .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# -------------------------------------------------------------------------------------------------- stamps

$(STAMPS)/venv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/installed: requirements/run.txt pyproject.toml | $(STAMPS)/venv
	$(PIP) install --require-hashes --requirement requirements/run.txt
	$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMPS)/developing: requirements/dev.txt $(STAMPS)/installed
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@

$(STAMPS)/messages: $(wildcard $(MESSAGES)/*/LC_MESSAGES/*.po) | $(STAMPS)/installed
	$(BIN)/pybabel -q compile --domain laureat --directory $(MESSAGES)
	@touch $@

$(STAMPS)/front: themes/package-lock.json themes/.npmrc requirements/node.txt | $(STAMPS)/installed
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null \
		|| $(PIP) install --require-hashes --requirement requirements/node.txt
	cd themes && $(WITH_NODE) npm ci --loglevel=error --no-progress
	@touch $@

$(STAMPS)/bundle: $(wildcard themes/*/scripts/*/*) backoffice/static/offering.js themes/bundle.mjs themes/package.json $(STAMPS)/front
	cd themes && $(WITH_NODE) npm run --silent bundle
	@touch $@

$(STAMPS)/browser: | $(STAMPS)/developing
	@$(BIN)/python -m tests.browser.chromium
	@touch $@
