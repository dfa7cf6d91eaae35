"""One kernel for all notebooks of these tests."""

from __future__ import annotations

import pytest

from analysis.report.notebook.warm import WarmKernel


@pytest.fixture(scope="session")
def kernel(tmp_path_factory):
    with WarmKernel(tmp_path_factory.mktemp("kernel")) as warm:
        yield warm
