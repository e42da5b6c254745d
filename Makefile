# make run      start Mien; ARGS="--camera 1" passes arguments on
# make test     the whole test suite, offscreen
# make package  the packaged program and its downloads in dist/, tried out
# make lint     style and types
# make screenshots   the window in every state, look and size, into build/screenshots
# make extras   add what Parquet, ELAN, LSL and OSC need
# make export   add what training and model export need (torch, onnx)
# make clip     make the bundled sample clip again, from the training data in ../shared
# make clean    remove everything that was built; sessions stay

venv := .venv
python := $(venv)/bin/python
install := $(python) -m pip install --disable-pip-version-check --no-deps --require-hashes --quiet

.DEFAULT_GOAL := run
.DELETE_ON_ERROR:
.PHONY: run test package lint screenshots extras export clip clean system

run: $(venv)/run.stamp
	@$(python) -m app $(ARGS)

test: $(venv)/dev.stamp
	@QT_QPA_PLATFORM=offscreen $(python) -m pytest -q $(ARGS)

package:
	@chosen=$$(packaging/tools.sh) && $$chosen packaging/build.py

lint: $(venv)/dev.stamp
	@$(python) -m ruff check . && $(python) -m mypy

screenshots: $(venv)/run.stamp
	@$(python) -m app.ui.tools.gallery $(ARGS)

extras: $(venv)/extras.stamp

export: $(venv)/export.stamp

clip: $(venv)/dev.stamp
	@$(python) -m export.synthesis.sample_clip $(ARGS)

# Only a missing environment or a changed lock costs time; the check of the system's libraries is quick.
system:
	@packaging/system.sh

$(venv)/made.stamp: packaging/python.sh | system
	@chosen=$$(packaging/python.sh) && $$chosen -m venv --clear $(venv)
	@touch $@

$(venv)/run.stamp $(venv)/extras.stamp $(venv)/dev.stamp: $(venv)/%.stamp: packaging/%.lock $(venv)/made.stamp | system
	@echo "Installing the packages of $< into $(venv); this takes a minute or two, once."
	@$(install) -r $<
	@touch $@

# The [export] extra comes from pyproject.toml; it is not locked because torch has several builds of a version.
$(venv)/export.stamp: pyproject.toml $(venv)/dev.stamp | system
	@echo "Installing torch and onnx into $(venv); this takes a few minutes, once."
	@$(python) packaging/extra.py export | xargs $(python) -m pip install --disable-pip-version-check --no-warn-conflicts --quiet
	@touch $@

clean:
	rm -rf $(venv) .build build dist .pytest_cache .mypy_cache .ruff_cache
	find app export tests packaging -name __pycache__ -type d -exec rm -rf {} +
