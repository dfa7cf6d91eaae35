# Everything runs in .venv, made from uv.lock; uv itself lives in .uv.
PYTHON ?= python3
ARGS ?=
RUN = .venv/bin/python -m
# JupyterLab refuses to start as root unless it is told to.
LAB_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)
export UV_PYTHON_DOWNLOADS = never

.PHONY: reports test test-slow levels mutants mutants-charts lab figures sheets data check filters docs wheel clean

reports: .venv/.done
	$(RUN) analysis.cli data build
	$(RUN) analysis.cli report --place all --site

test: .venv/.done
	$(RUN) pytest -q -n 2 $(ARGS)

test-slow: .venv/.done
	$(RUN) pytest -q -m slow -rs -n 2 --dist loadfile $(ARGS)

levels: .venv/.done
	.venv/bin/python benchmarks/levels.py $(ARGS)

mutants: .venv/.done
	.venv/bin/python benchmarks/mutants.py $(ARGS)

mutants-charts: .venv/.done
	.venv/bin/python tests/charts/mutants.py

lab: .venv/.done
	@echo "JupyterLab starts; its address follows."
	$(RUN) jupyterlab notebooks $(LAB_ROOT) $(ARGS)

figures: .venv/.done
	$(RUN) analysis.cli figures

sheets: .venv/.done
	for language in en kk ru; do for width in 720 360; do \
	  $(RUN) analysis.cli figures --out build --language $$language --sheet $$width || exit 1; done; done

data: .venv/.done
	$(RUN) analysis.cli data build

check: .venv/.done
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	.venv/bin/deptry src/analysis
	$(RUN) analysis.cli data check

# Once in a clone: outputs that JupyterLab saves are left out of commits.
filters: .venv/.done
	git config filter.nbstripout.clean ".venv/bin/python -m nbstripout --keep-id"

# Notebooks that did not change are not run again: build/docs-cache keeps their outputs.
docs: .venv/.done
	.uv/bin/uv sync --frozen --quiet --group docs --python $(PYTHON)
	rm -rf build/docs-source
	mkdir -p build/docs-source
	cp -rp docs/. notebooks figures build/docs-source
	$(RUN) sphinx -q -W --keep-going -b html build/docs-source reports/docs
	@echo "wrote reports/docs/index.html"

wheel: .venv/.done
	$(RUN) hatchling build --target wheel

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet uv==0.13.9

.venv/.done: uv.lock pyproject.toml | .uv/bin/uv
	.uv/bin/uv sync --frozen --quiet --python $(PYTHON)
	touch $@

# Nothing that git keeps: a test compares the two.
clean:
	rm -rf .venv .uv reports build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
