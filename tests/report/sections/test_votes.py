"""The section on national votes."""

from __future__ import annotations

import re

from analysis import load_turnout, report
from analysis.report.document import (
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_turnout_is_counted_against_the_nation_in_todays_borders_only():
    wide = load_turnout().pivot(index="vote", columns="place_id", values="value")
    above = int((wide["KZ-33"] > wide["KZ"]).sum())
    text = said(report.national_votes("KZ-33"))
    assert (
        f"Votes for which a figure was found: {wide['KZ-33'].notna().sum()}; turnout was above that of the nation in {above}"
        in text
    )
    assert "Until 7 June 2022 the region was part of a larger one: Almaty Region" in text
    assert "show no trend" in text


def test_a_vote_without_a_figure_is_named():
    assert "Не найдено в просмотренных источниках: референдум 2026." in said(
        report.national_votes("KZ-59", language="ru")
    )


def test_the_unit_on_which_a_spread_depends_most_is_named():
    text = said(report.national_votes("KZ", language="ru"))
    assert "город Алматы" in text
    assert "KZ-" not in text


def test_the_order_of_regions_is_told_without_the_two_cities():
    """Kendall's W of the 13 other regions, as Friedman's statistic over votes times units less one."""
    from scipy import stats as scipy_stats

    from analysis import load_residents
    from analysis.derive.comparisons import turnout_by_region

    votes, _ = turnout_by_region(load_turnout(), load_residents())
    others = votes.drop(index=["KZ-71", "KZ-75"]).dropna()
    friedman = scipy_stats.friedmanchisquare(*others.to_numpy()).statistic
    w = friedman / (len(votes.columns) * (len(others) - 1))
    text = said(report.national_votes("KZ"))
    assert f"Without Astana city, Almaty city W is {w:.2f}" in text
    assert "weighted by residents, January 1, 2023" in text
