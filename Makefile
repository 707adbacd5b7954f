# Every target sets up what it needs; none needs another to have run before.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LEARNER ?= build/learner
# JupyterLab starts as root, in a container say, only when it is told so.
AS_ROOT := $(if $(filter 0,$(shell id -u)),-- --allow-root)
# Extra words for pip, such as the index of CPU builds that PyTorch's install selector names.
PIP_ARGS ?=
# Extra words for quizlib verify, such as --fresh, which reuses no verdict of an earlier run.
VERIFY_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help weights demo test quick check lab bench soak release verify pictures clean

help:
	@echo "make demo     grade a sample class in a course made for it, and compare the scores with the expected ones"
	@echo "make test     the whole test suite, after quizlib verify"
	@echo "make lab      JupyterLab on a learner's copy of the course, in $(LEARNER)"
	@echo "make quick    the tests that run no attempts, grade no class and open no browser: three minutes"
	@echo "make check    lint, types, derived files, and whether the pinned versions fit every promised Python"
	@echo "make bench    benchmarks, results in build/bench.json"
	@echo "make soak     some 20,000 random submissions and pieces of evidence, 200 of them executed, and responses without work to every exercise"
	@echo "make release  derive notebooks/ and solutions/notebooks/ from solutions/"

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and f"Python 3.11 to 3.13 is needed, {sys.version.split()[0]} was found; name another: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $(PIP_ARGS) --constraint constraints.txt --editable '.[test]'
	@touch $@

# The pretrained network that lesson 05 prunes.
weights: $(READY)
	@$(BIN)/quizlib models crepe-tiny > /dev/null

demo: $(READY) weights
	$(BIN)/quizlib demo

test: $(READY) weights
	@sh tools/system_packages.sh chromium bubblewrap
	$(BIN)/quizlib verify $(VERIFY_ARGS) --json build/verify.json
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder

quick: $(READY) weights
	$(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not proof and not grading and not browser"

check: $(READY) weights
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/quizlib release --check
	$(BIN)/python -m tools.pins

lab: $(READY)
	$(BIN)/quizlib learn "$(LEARNER)" $(AS_ROOT)

bench: $(READY)
	$(BIN)/python -m benchmarks build/bench.json

soak: $(READY)
	QUIZLIB_SOAK=34 $(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder tests/grading/test_mutated_evidence.py tests/grading/test_random_submissions.py tests/grading/test_no_work.py

release: $(READY) weights
	$(BIN)/quizlib release

verify: $(READY) weights
	$(BIN)/quizlib verify

pictures: $(READY)
	@sh tools/system_packages.sh chromium
	$(BIN)/python -m tests.browser.pictures

clean:
	rm -rf build dist $(VENV)
