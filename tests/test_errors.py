"""Errors name what was found, what was expected and what to do."""

from __future__ import annotations

import pytest

from analysis.errors import DataError, Problem, UnknownName, check_known


def test_a_problem_is_one_sentence_with_its_place():
    problem = Problem(
        file="a.csv", row=3, column="value", found="'x'", expected="a number", remedy="Correct it."
    )
    assert str(problem) == "a.csv, row 3, column value: found 'x'; expected a number. Correct it."


def test_an_error_lists_every_problem():
    first = Problem(file="a.csv", found="1", expected="2", remedy="Mend.")
    second = Problem(file="b.csv", found="3", expected="4", remedy="Mend.")
    assert str(DataError([first, second])).count("\n") == 1


def test_a_problem_takes_no_values_by_position():
    with pytest.raises(TypeError):
        Problem("a.csv", 1, "b", "c", "d", "e")


def test_an_unknown_name_has_fields_and_near_matches():
    error = UnknownName("stage", "finl", ["preliminary", "final"])
    assert (error.what, error.given, error.near) == ("stage", "finl", ["final"])
    assert str(error) == "stage 'finl' is not known; near: final. Known: preliminary, final."


def test_a_long_list_of_known_names_is_cut():
    error = UnknownName("place", "zzz", [f"KZ-{i}" for i in range(100)])
    assert str(error).endswith("KZ-39 ...")


def test_a_known_name_passes():
    assert check_known("unit", "share", {"share"}) == "share"
    with pytest.raises(UnknownName):
        check_known("unit", "percent", {"share"})
