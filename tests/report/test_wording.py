"""Values and periods in words."""

from __future__ import annotations

import pytest

from analysis import load_akim_elections
from analysis.errors import UnknownName
from analysis.reference import place_name
from analysis.report.wording import period_words, value_words


def test_values_are_printed_as_exactly_as_their_source():
    turnout = load_akim_elections(indicator="turnout_share", place="KZ", office="rural")
    rows = {
        row.period_end.date().isoformat(): value_words(row, "ru").replace("\xa0", " ")
        for row in turnout.itertuples()
    }
    assert rows["2021-07-25"] == "79,1 %"
    bound = load_akim_elections(indicator="akims_elected", place="KZ", office="rural").query(
        "precision == 'at_least'"
    )
    assert all(value_words(row, "kk").startswith("кемінде ") for row in bound.itertuples())


def test_a_day_is_written_as_in_documents():
    row = next(
        load_akim_elections(indicator="turnout_share", place="KZ", office="rural").itertuples()
    )
    assert [period_words(row, language) for language in ("en", "kk", "ru")] == [
        "July 25, 2021",
        "2021 жылғы 25 шілде",
        "25 июля 2021 года",
    ]


def test_a_name_that_is_not_known_in_kazakh_is_that_in_russian():
    assert place_name("KZ-33", "kk") == "Жетісу облысы"
    assert place_name("333400000", "kk") == "Алакөл ауданы"
    with pytest.raises(UnknownName, match="place 'KZ-99' is not known"):
        place_name("KZ-99", "kk")
