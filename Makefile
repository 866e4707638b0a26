# Two commands do all the set-up: `make demo` and `make test`. Environments live in ignored folders.
PYTHON ?= python3
VENV := .venv
BRIAN2 := .venv-brian2
BMTOOL := .venv-bmtool
BLUEPY := .venv-bluepyemodel
HNN := .venv-hnn
RELEASE := .venv-release
PIP := -m pip install --quiet --disable-pip-version-check
# How many tests run at once, beside those that are to run alone.
WORKERS ?= auto
# How long `make fuzz` tries new cases.
MINUTES ?= 30

.PHONY: help demo test fuzz lint bench docs gallery dist clean

help:
	@echo "make demo   install into $(VENV), simulate a bursting neuron, draw its currentscape"
	@echo "make test   install the test extras and the simulators, run every check"
	@echo "make fuzz   try new recordings against the definitions for MINUTES=$(MINUTES)"
	@echo "make bench  time against peers, side by side"
	@echo "make docs   build the documentation with its gallery"
	@echo "make dist   build the source distribution and the wheel, check and try them"

demo: $(VENV)/demo.installed
	$(VENV)/bin/python -m neo_currentscape demo

test: lint $(BRIAN2)/test.installed $(BMTOOL)/test.installed $(BLUEPY)/test.installed $(HNN)/test.installed
	PATH="$(CURDIR)/$(BRIAN2)/bin:$$PATH" MPLBACKEND=agg \
	    $(BRIAN2)/bin/python -m pytest -q -m brian2 tests/adapters/brian2 tests/adapters/pynn
	PATH="$(CURDIR)/$(BMTOOL)/bin:$$PATH" MPLBACKEND=agg \
	    $(BMTOOL)/bin/python -m pytest -q -m bmtool tests/protocols/test_bmtool.py tests/network tests/adapters/neuron/test_bmtool.py
	PATH="$(CURDIR)/$(BMTOOL)/bin:$$PATH" MPLBACKEND=agg \
	    $(BMTOOL)/bin/python -m pytest -q tests/adapters/sonata tests/network/test_sources.py
	MPLBACKEND=agg $(BLUEPY)/bin/python -m pytest -q -m bluepyemodel tests/compat/test_bluepyemodel.py
	PATH="$(CURDIR)/$(BLUEPY)/bin:$$PATH" MPLBACKEND=agg \
	    $(BLUEPY)/bin/python -m pytest -q -m bluepyopt tests/adapters/bluepyopt
	MPLBACKEND=agg $(HNN)/bin/python -m pytest -q -m hnn tests/adapters/hnn_core
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" MPLBACKEND=agg \
	    $(VENV)/bin/python -m pytest -q -m alone tests
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" MPLBACKEND=agg \
	    $(VENV)/bin/python -m pytest -q --mpl -n $(WORKERS) --dist worksteal \
	    -m "not brian2 and not bmtool and not bluepyemodel and not bluepyopt and not hnn and not alone"

fuzz: $(VENV)/test.installed
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python tests/fuzz/for_minutes.py --minutes $(MINUTES)

lint: $(VENV)/test.installed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	cd $(CURDIR) && $(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/test.installed
	$(VENV)/bin/python benchmarks/run.py
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python benchmarks/pynn_cells.py

# Every example of the gallery runs, two at a time, those of other environments in theirs.
docs: $(VENV)/test.installed $(BRIAN2)/test.installed $(BLUEPY)/test.installed $(HNN)/test.installed
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python -m sphinx -W --keep-going -D gallery_whole=1 \
	    -b html docs docs/_build/html
	$(VENV)/bin/python docs/check_pages.py docs/_build/html

# The wheel is built from the source distribution, and tried in an environment of its own.
dist: $(RELEASE)/installed
	rm -rf dist
	$(RELEASE)/bin/python -m build
	$(RELEASE)/bin/python -m twine check --strict dist/*
	$(RELEASE)/bin/check-wheel-contents dist/*.whl
	$(RELEASE)/bin/python release/try_dist.py dist/*

$(RELEASE)/installed: setup.cfg
	test -x $(RELEASE)/bin/python || $(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/python $(PIP) "build>=1.2" "twine>=6.1" "check-wheel-contents>=0.6"
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo.installed: $(VENV)/bin/python setup.cfg pyproject.toml
	$(VENV)/bin/python $(PIP) -e ".[demo]"
	touch $@

# PyNN compiles its mechanisms when it is first imported: here, before two tests do so at once.
$(VENV)/test.installed: $(VENV)/bin/python setup.cfg pyproject.toml
	$(VENV)/bin/python $(PIP) -e ".[test,docs,fast,neuron,nest,nestml,netpyne,lfpy,sonata,arbor,jaxley,brainpy,icephys]"
	PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(VENV)/bin/python -c "import pyNN.neuron"
	touch $@

# Brian2 does not import on numpy 2.4 and later, so it has an environment of its own.
$(BRIAN2)/test.installed: setup.cfg pyproject.toml
	test -x $(BRIAN2)/bin/python || $(PYTHON) -m venv $(BRIAN2)
	$(BRIAN2)/bin/python $(PIP) -e ".[test,brian2]"
	touch $@

# bmtool asks for NEURON 8.2.4, which has no wheels for Python 3.13 and later, and for much that what it
# is compared in does not use: it is installed without what it asks for, beside NEURON and BMTK. The
# import shows that nothing is lacking, as its tests would else be skipped.
$(BMTOOL)/test.installed: setup.cfg pyproject.toml
	test -x $(BMTOOL)/bin/python || $(PYTHON) -m venv $(BMTOOL)
	$(BMTOOL)/bin/python $(PIP) -e ".[protocols,network,neuron]" "bmtk>=1.1" "pytest>=8" hypothesis \
	    click clint questionary pynmodlt ipywidgets
	$(BMTOOL)/bin/python $(PIP) --no-deps "bmtool>=0.8,<0.9"
	$(BMTOOL)/bin/python -c "import bmtool.singlecell, bmtool.util.util, bmtool.connectors, \
	    bmtool.synapses, bmtool.util.neuron.celltuner"
	touch $@

# BluePyEModel is installed with what its figures need, and without `currentscape`, for which this package
# stands in there. BlueCelluLab asks for pandas before 3.
$(BLUEPY)/test.installed: setup.cfg pyproject.toml
	test -x $(BLUEPY)/bin/python || $(PYTHON) -m venv $(BLUEPY)
	$(BLUEPY)/bin/python $(PIP) -e ".[neuron]" "pytest>=8" bluepyefe deap jinja2 fasteners pandas \
	    "pebble>=4.6" "bluecellulab>=2.6"
	$(BLUEPY)/bin/python $(PIP) --no-deps "bluepyopt>=1.14,<1.15" "bluepyemodel>=1.0,<1.1"
	$(BLUEPY)/bin/python -c "import bluepyemodel.emodel_pipeline.plotting, bluecellulab"
	touch $@

# hnn-core asks for NEURON before 9 and Python before 3.14, and compiles its mechanisms when it is installed.
$(HNN)/test.installed: setup.cfg pyproject.toml
	test -x $(HNN)/bin/python || $(PYTHON) -m venv $(HNN)
	$(HNN)/bin/python $(PIP) -e ".[hnn,table]" "pytest>=8" hypothesis
	$(HNN)/bin/python -c "import hnn_core"
	touch $@

clean:
	rm -rf $(VENV) $(BRIAN2) $(BMTOOL) $(BLUEPY) $(HNN) $(RELEASE) dist demo_output docs/_build docs/gallery docs/reference/generated docs/reference/examples
