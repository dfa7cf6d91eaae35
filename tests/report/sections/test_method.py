"""The method and its glossary."""

from __future__ import annotations

import pytest

from analysis import report
from analysis.report.document import Table, every_block


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_glossary_stands_in_three_languages(language):
    blocks = every_block(report.method("KZ", language=language).blocks)
    table = next(block for block in blocks if isinstance(block, Table))
    row = next(r for r in table.rows if "есеп беру кездесуі" in r)
    assert set(row) == {"есеп беру кездесуі", "отчётная встреча", "report meeting"}
    assert row[0] == {"kk": "есеп беру кездесуі", "ru": "отчётная встреча"}[language]
