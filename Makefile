# Every target sets up what it needs: system packages, .venv, the default pose model.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
MODEL := models/pose_heavy.task

.PHONY: setup demo dist docs drawings test test-long lint serve bench bench-scale bench-accuracy train train-pelvis lock audit sbom clean

setup: $(READY) $(MODEL)

$(READY): pyproject.toml requirements/lock.txt tools/system_packages.sh
	PYTHON="$(PYTHON)" sh tools/system_packages.sh
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(MODEL): | $(READY)
	$(BIN)/midstance models get heavy

demo: setup
	$(BIN)/midstance demo --out out

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# What takes minutes more than CI has: batches and clusters killed in more ways.
test-long: setup
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m long

# Wheel and source archive in dist/, and the long test that installs the wheel in a clean environment and uses it.
dist: $(READY)
	rm -rf dist
	$(BIN)/python -m hatchling build -t sdist -t wheel -d dist
	$(BIN)/python -m pytest -m "long or not long" tests/release

# Warnings are errors, links within are checked, code blocks are run. The pages lie in build/docs.
docs: $(READY)
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	$(BIN)/python -m pytest tests/docs

drawings: $(READY)
	PYTHONPATH=tools $(BIN)/python -m handbook

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: setup
	$(BIN)/midstance serve

bench: setup
	$(BIN)/python -m benchmarks.speed

# Batches by one worker and by two, on processes and on Dask, and a clip of 10 minutes: half an hour.
bench-scale: setup
	$(BIN)/python -m benchmarks.scale --cluster

# The first time it renders runners and takes them through the pose model: an hour and a half on two cores.
# make bench-accuracy DATA=FOLDER adds a folder of NAME_{side,front,rear}.{csv,mp4} with NAME_truth.csv.
bench-accuracy: setup
	$(BIN)/python -m benchmarks.accuracy --cast --grid $(if $(DATA),--data "$(DATA)")

# Renders the runners to learn from, then trains the networks: three hours on two cores.
train: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[training]"
	$(BIN)/python -m training --out models

# Renders bursts of the pelvis, then trains its network: ten hours on two cores. Both go on where they were stopped.
train-pelvis: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[runners,training]"
	PYTHONPATH=tools $(BIN)/python -m training.pelvis render
	PYTHONPATH=tools $(BIN)/python -m training.pelvis train --out models

lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	  --extra web --extra cluster --extra formats --extra runners --extra dev \
	  --python-version 3.11 -o requirements/lock.txt pyproject.toml requirements/build.in

# Known weaknesses of the locked packages; needs a registry with advisories and says so where there is none.
audit: $(READY)
	$(BIN)/python tools/audit.py

# What a release is made of: the packages that a user gets, with versions and hashes, as CycloneDX.
sbom: $(READY)
	mkdir -p build
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra web \
	  --python-version 3.11 --constraints requirements/lock.txt -o build/product.txt pyproject.toml
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o build/midstance.cdx.json build/product.txt

clean:
	rm -rf .venv out build dist
