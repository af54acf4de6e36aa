# make setup | demo | test | check | words | dist | bench | requirements; each does the set-up it needs.
PYTHON ?= python3
UV_VERSION = 0.13.9
BIN = .venv/bin
VENDOR = plumbline/web/static/vendor/versions.json
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: setup demo test check lint imports types migrations docs words dist bench requirements clean
.DEFAULT_GOAL = setup

setup: .venv/.installed $(VENDOR)

.venv/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; say which: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/system no-venv=python3-venv
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENDOR): package.json tools/frontend | .venv/.installed
	tools/frontend

.venv/.system: tools/system .venv/.installed
	@tools/system chromium=chromium '/usr/share/fonts/opentype/noto/NotoSansCJK*=fonts-noto-cjk' \
	  '/usr/lib/postgresql/*/bin/initdb=postgresql' java=openjdk-17-jre-headless soffice=libreoffice-writer-nogui
	@touch $@

demo: setup
	@$(BIN)/plumbline demo $(ARGS)

test: setup .venv/.system
	@$(BIN)/pytest $(ARGS)

check: lint imports types migrations docs

lint: setup
	$(BIN)/ruff check .

imports: setup
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy

migrations: setup
	$(BIN)/plumbline manage makemigrations --check --dry-run

docs: setup
	$(BIN)/python tools/docs.py --check

words: setup
	$(BIN)/python tools/docs.py

dist: setup
	rm -rf build/lib build/bdist.* && $(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@ls dist

# The peers are installed apart; where they do not install, the table says so.
bench: setup
	@test -x build/bench/bin/pip || $(PYTHON) -m venv build/bench
	-build/bench/bin/pip install --quiet -r bench/requirements.txt
	$(BIN)/python bench/read.py
	$(BIN)/python bench/journal.py
	$(BIN)/python bench/export.py
	$(BIN)/python bench/ring.py
	$(BIN)/python bench/writing.py
	$(BIN)/python bench/figures.py
	$(BIN)/python bench/clocks.py
	$(BIN)/python bench/applications.py
	$(BIN)/python bench/rates.py
	$(BIN)/python bench/sweep.py
	$(BIN)/python bench/orders.py
	$(BIN)/python bench/order_list.py
	$(BIN)/python bench/decide.py
	$(BIN)/python bench/firms.py

# Exact versions of everything, from pyproject.toml.
requirements:
	@test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv && build/uv/bin/pip install --quiet uv==$(UV_VERSION); }
	build/uv/bin/uv pip compile --quiet --no-header --no-annotate --no-emit-index-url --universal \
	  --python-version 3.11 --extra test --output-file requirements.txt pyproject.toml

clean:
	rm -rf .venv build dist node_modules plumbline/web/static/vendor
