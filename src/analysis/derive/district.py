"""What is published of the elections of one district, and what was not found."""

from __future__ import annotations

import pandas as pd

from analysis.locale import day, number, text
from analysis.reference import first_akim_election
from analysis.reference.names import find_place

_SEARCHED_ELSEWHERE = ("a_appeals", "a_meetings")  # not among the figures on elections


def known_of_district(elections: pd.DataFrame, *, place: str, language: str = "en") -> pd.DataFrame:
    """Return what is known of the elections of a district, and what was looked for in vain.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `load_akim_elections()` returns it.
    place : str
        Code or name of the district.
    language : {"en", "kk", "ru"}

    Returns
    -------
    pandas.DataFrame
        One row per thing: `what` in words, `value` (missing where it was not found) and `sources`.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> known = known_of_district(load_akim_elections(), place="333400000")
    >>> known["what"].iloc[0], int(known["value"].iloc[0])
    ('rural akims elected since July 2021', 16)
    """
    own = elections[elections["place_id"] == find_place(place)]
    first = pd.Timestamp(first_akim_election("rural").day)
    found = {key: own[keep] for key, keep in _looked_for(own, first).items()}
    found |= {key: own.iloc[:0] for key in _SEARCHED_ELSEWHERE}
    return pd.DataFrame(
        {
            "what": [text(key, language, day=day(first, language)) for key in found],
            "value": [rows["value"].iloc[0] if len(rows) else None for rows in found.values()],
            "sources": [rows["sources"].iloc[0] if len(rows) else "" for rows in found.values()],
        }
    ).astype({"value": "float"})


def _looked_for(own: pd.DataFrame, first: pd.Timestamp) -> dict[str, pd.Series]:
    about = own["indicator"]
    is_elected = about == "akims_elected"
    return {
        "a_elected": is_elected & (own["measure"] == "cumulative"),
        "a_elected_2024": is_elected & (own["period_start"] == "2024-01-01"),
        "a_seats": (about == "seats_contested") & (own["period_end"] == first),
        "a_rural_districts": about == "rural_districts",
        "a_turnout": about == "turnout_share",
        "a_candidates": about.str.startswith("candidates"),
    }


def district_sentence(known: pd.DataFrame, *, language: str = "en") -> str:
    """Return in one sentence what is known of a district and what was not found.

    Parameters
    ----------
    known : pandas.DataFrame
        As `known_of_district` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> known = known_of_district(load_akim_elections(), place="333400000")
    >>> district_sentence(known)[:45]
    'Known: rural akims elected since July 2021 — '
    """
    is_found = known["value"].notna()
    pairs = zip(known["what"][is_found], known["value"][is_found], strict=True)
    values = "; ".join(f"{what} — {number(value, language)}" for what, value in pairs)
    missing = ", ".join(known["what"][~is_found])
    return text("district_known", language, known=values, unknown=missing)
