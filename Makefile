# Everything runs in .venv, made from uv.lock; uv itself lives in .uv.
PYTHON ?= python3
RUN = .venv/bin/python -m
export UV_PYTHON_DOWNLOADS = never

.PHONY: reports test test-slow mutants-charts lab figures sheets data check clean

reports: .venv/.done
	$(RUN) analysis.cli data build
	$(RUN) analysis.cli report --place all --site

test: .venv/.done
	$(RUN) pytest -q -n 2

test-slow: .venv/.done
	$(RUN) pytest -q -m slow -rs

mutants-charts: .venv/.done
	.venv/bin/python tests/charts/mutants.py

lab: .venv/.done
	$(RUN) jupyterlab notebooks

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
	$(RUN) analysis.cli data check

.uv/bin/uv:
	$(PYTHON) -m venv .uv
	.uv/bin/python -m pip install --quiet uv==0.13.9

.venv/.done: uv.lock pyproject.toml | .uv/bin/uv
	.uv/bin/uv sync --frozen --quiet --python $(PYTHON)
	touch $@

clean:
	rm -rf .venv .uv reports figures
