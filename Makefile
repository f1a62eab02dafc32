# What a person types: make demo, make test, make check. Needs Python 3.11 or later and make, nothing else.

PORT   ?= 8000
HOST   ?= 127.0.0.1
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP     = $(BIN)/python -m pip --disable-pip-version-check --no-input
UV      = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command 'make lock' --no-emit-index-url $(if $(UPGRADE),--upgrade)

# The first of these that is Python 3.11 or later makes the environment; PYTHON=… on the command line decides otherwise.
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python)

# Tests start hundreds of processes: where this is set, each would compile the whole project again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check lint types layers fast bench lock messages clean

help:
	@echo "make demo [PORT=8123]  installe, crée une base, charge le territoire de démonstration et le sert"
	@echo "make test              toute la suite, sur PostgreSQL puis sur SQLite, parcours de navigateur compris"
	@echo "make check             en moins d’une minute : style, types, étages, tests rapides"
	@echo "make bench             les mesures, une ligne chacune"
	@echo "make lock [UPGRADE=1]  refait constraints.txt et les deux requirements*.lock"
	@echo "make messages          refait les catalogues de traduction (demande gettext)"
	@echo "make clean             efface .venv et les caches ; garde les données (var/)"

demo: $(VENV)/.installed
	@exec $(BIN)/toile demo --host $(HOST) --port $(PORT)

test: $(VENV)/.installed-dev
	@exec $(BIN)/python .ci/suite.py

check: lint types layers fast

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy

layers: $(VENV)/.installed-dev
	@$(BIN)/lint-imports

fast: $(VENV)/.installed-dev
	@$(BIN)/pytest -q -n 2 -m "not slow and not browser and not postgres"

bench: $(VENV)/.installed-dev
	@$(BIN)/python bench/run.py $(MEASURES)

# Exact versions for every extra; then, among them, what the demo installs and what the tests install, with their hashes.
lock: $(VENV)/.installed-dev
	@echo "→ constraints.txt"
	@$(UV) pyproject.toml --group build --all-extras -o constraints.txt
	@echo "→ requirements.lock"
	@$(UV) pyproject.toml --group build -c constraints.txt --no-annotate --generate-hashes -o requirements.lock
	@echo "→ requirements-dev.lock"
	@$(UV) pyproject.toml --group build -c constraints.txt --no-annotate --generate-hashes --extra dev -o requirements-dev.lock

messages: $(VENV)/.installed-dev
	@command -v xgettext >/dev/null || { echo "gettext manque : apt install gettext (ou brew install gettext)"; exit 1; }
	@mkdir -p src/toile/locale
	@cd src/toile && TOILE_VAR=$(CURDIR)/var ../../$(BIN)/toile manage makemessages --all --no-location --no-obsolete
	@cd src/toile && TOILE_VAR=$(CURDIR)/var ../../$(BIN)/toile manage compilemessages

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache htmlcov .coverage
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- The environment: made once, filled again only when a lock changes -----------------------------------------------

$(BIN)/python:
	@found=; for candidate in $(PYTHONS); do \
	    if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Toile demande Python 3.11 ou plus récent ; essayés : $(PYTHONS)."; \
	    echo "Installez-le (apt install python3 python3-venv, brew install python…), ou donnez le vôtre : make PYTHON=/chemin/de/python3.12"; \
	    exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "Ce Python ($$found) ne sait pas créer d’environnement : il lui manque venv."; \
	    echo "Sous Debian ou Ubuntu : apt install python3-venv"; \
	    exit 1; \
	fi; \
	echo "→ environnement dans $(VENV), avec $$($$found --version)"; \
	$$found -m venv $(VENV) || { rm -rf $(VENV); echo "L’environnement n’a pas pu être créé (sous Debian : apt install python3-venv)."; exit 1; }

$(VENV)/.packages: requirements.lock | $(BIN)/python
	@echo "→ installation des composants (requirements.lock) ; une à trois minutes la première fois"
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.packages-dev: requirements-dev.lock | $(BIN)/python
	@echo "→ installation des composants et des outils de test (requirements-dev.lock)"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.installed: $(VENV)/.packages pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.packages-dev pyproject.toml
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@
