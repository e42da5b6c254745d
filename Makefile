# make run starts Mien, make test runs every test; make help names the rest.

venv := .venv
python := $(venv)/bin/python
install := $(python) -m pip install --disable-pip-version-check --no-deps --require-hashes --quiet

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: help run test mutants fuzz lint docs screenshots wheel package extras export locks clip clean system

# What follows two number signs is the help.
help: ## say what make can do
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1\t\2/p' Makefile | expand -t 18

run: $(venv)/run.stamp ## start Mien; ARGS="--camera 1" passes arguments on
	@$(python) -m app $(ARGS)

# In two processes, since most tests wait for a window, a disk or a program. Tests of one file share what they made.
WORKERS := 2
test: $(venv)/dev.stamp ## run every test, without a display; ARGS="tests/cli" only these; WORKERS=0 in one process
	@QT_QPA_PLATFORM=offscreen $(python) -m pytest -q -n $(WORKERS) --dist loadfile $(ARGS)

mutants: $(venv)/dev.stamp $(venv)/mutants.stamp ## change the code a little, and see whether tests notice; again: go on
	@QT_QPA_PLATFORM=offscreen $(python) -m tests.mutation.run $(ARGS)

fuzz: $(venv)/dev.stamp ## try 3,000 damaged files and sessions; ARGS="--seed 2 --count 300" others
	@$(python) -m tests.fuzz $(ARGS)

# The types of export/ can only be checked where torch is; the program's are also checked as Windows and macOS see them.
lint: $(venv)/dev.stamp ## check style and types; those of export/ after `make export`
	@$(python) -m ruff check . && $(python) -m ruff format --check --quiet . && \
	$(python) -m mypy $(if $(wildcard $(venv)/export.stamp),,app)
	@for system in win32 darwin; do \
	  echo "As seen on $$system:" && \
	  $(python) -m mypy --platform $$system --cache-dir .mypy_cache/$$system app || exit 1; \
	done

docs: $(venv)/docs.stamp ## make the documents a site in build/docs
	@$(python) docs/make_site.py $(ARGS)

screenshots: $(venv)/run.stamp ## picture the window in every state, theme and size, into build/screenshots
	@$(python) -m app.ui.tools.gallery $(ARGS)

wheel: $(venv)/dev.stamp ## build wheel and sdist into dist, and try the wheel in an empty environment
	@$(python) packaging/wheels.py

package: ## build the downloads into dist, and try them; ARGS=--quick leaves out what takes long
	@chosen=$$(packaging/tools.sh $(ARGS)) && $$chosen packaging/build.py $(ARGS)

extras: $(venv)/extras.stamp ## add what Parquet, ELAN, LSL, OSC and the second detector need

export: $(venv)/export.stamp ## add what training and exporting networks need: torch, onnx

locks: $(venv)/dev.stamp ## ask whether what is pinned fits each system and Python, and has every DLL that it needs
	@$(python) packaging/locks_fit.py && $(python) packaging/windows/dll_closure.py

clip: $(venv)/dev.stamp ## make the bundled sample clip again, from the training data
	@$(python) -m export.synthesis.sample_clip $(ARGS)

clean: ## remove everything that was built; sessions stay
	rm -rf $(venv) .build build dist .pytest_cache .mypy_cache .ruff_cache
	find app docs export tests packaging -name __pycache__ -type d -exec rm -rf {} +

# Only a missing environment or a changed lock costs time; the check of the system's libraries is quick.
system:
	@packaging/system.sh

$(venv)/made.stamp: packaging/python.sh | system
	@chosen=$$(packaging/python.sh) && $$chosen -m venv --clear $(venv)
	@touch $@

locked := run extras dev docs mutants
$(locked:%=$(venv)/%.stamp): $(venv)/%.stamp: packaging/%.lock $(venv)/made.stamp | system
	@echo "Installing the packages of $< into $(venv); this takes a minute or two, once."
	@$(install) -r $<
	@touch $@

# The [export] extra comes from pyproject.toml; it is not locked because torch has several builds of a version.
$(venv)/export.stamp: pyproject.toml $(venv)/dev.stamp | system
	@echo "Installing torch and onnx into $(venv); this takes a few minutes, once."
	@$(python) packaging/extra.py export | xargs $(python) -m pip install --disable-pip-version-check --no-warn-conflicts --quiet
	@touch $@
