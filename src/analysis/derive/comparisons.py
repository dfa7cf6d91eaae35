"""What the figures let us set side by side: regions over votes, rural beside national turnout, countries with their errors."""

from __future__ import annotations

import pandas as pd

from analysis.locale import text
from analysis.reference.borders import harmonise

RURAL_DAY = pd.Timestamp("2021-07-25")
KINDS = ("president", "majilis", "referendum")
COUNTRIES = ("AM", "AZ", "GE", "KG", "KZ", "MN", "TJ", "UZ")
WITH_ERRORS = (
    "wgi_voice_accountability_estimate", "wgi_government_effectiveness_estimate", "wgi_control_of_corruption_estimate", "cpi_score",
)  # fmt: skip
_Z90 = 1.645  # the producers publish 90 % intervals: estimate plus and minus 1.645 standard errors


def vote_name(vote: str, language: str) -> str:
    """Name a vote: its kind and year.

    Examples
    --------
    >>> vote_name("majilis_2023", "en")
    'Majilis 2023'
    """
    kind, year = vote.split("_")
    return f"{text(kind, language)} {year}"


def turnout_by_region(
    turnout: pd.DataFrame, residents: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Put turnout of the regions in all votes on the borders of 2018.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` gives it.
    residents : pandas.Series
        As `load_residents()` gives it: the weights of the parts of a region that was split in 2022.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.Series
        Shares of the 17 units, a row a unit and a column a vote in order of kind and time; and shares of the nation by vote.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> votes, nation = turnout_by_region(load_turnout(), load_residents())
    >>> votes.shape, votes.columns[:2].tolist()
    ((17, 7), ['president_2019', 'president_2022'])
    """
    rows = turnout[
        turnout["level"].isin(["region", "city"]) & turnout["vote"].str.startswith(KINDS)
    ]
    wide = harmonise(rows, borders="2018", weights=residents).pivot(
        index="place_id", columns="vote", values="value"
    )
    votes = sorted(wide.columns, key=lambda vote: (KINDS.index(vote.split("_")[0]), vote))
    return wide[votes], turnout[turnout["place_id"] == "KZ"].set_index("vote")["value"].reindex(
        votes
    )


def votes_of_a_kind(votes: pd.DataFrame, *, language: str = "en") -> list[pd.DataFrame]:
    """Split votes by their kind, each over the regions that are known in all votes of the kind.

    Parameters
    ----------
    votes : pandas.DataFrame
        As `turnout_by_region` gives it.
    language : {"en", "kk", "ru"}
        Of the names of the columns.

    Returns
    -------
    list of pandas.DataFrame
        One a kind: presidential, Majilis, referendums.

    Examples
    --------
    >>> table = pd.DataFrame({"majilis_2021": [0.5, 0.6], "majilis_2023": [0.4, None], "referendum_2022": [0.7, 0.8]})
    >>> [part.shape for part in votes_of_a_kind(table)]
    [(1, 2), (2, 1)]
    """
    parts = [votes[[vote for vote in votes if vote.startswith(kind)]].dropna() for kind in KINDS]
    return [
        part.rename(columns=lambda vote: vote_name(vote, language))
        for part in parts
        if part.shape[1]
    ]


def rural_beside_national(elections: pd.DataFrame, turnout: pd.DataFrame) -> pd.DataFrame:
    """Put turnout of the rural akim elections of 25 July 2021 beside that of the Majilis election of January 2021.

    The electorates differ: some 1.2 million rural voters in 730 places, and all voters.

    Parameters
    ----------
    elections, turnout : pandas.DataFrame
        As `load_akim_elections()` and `load_turnout()` give them.

    Returns
    -------
    pandas.DataFrame
        Shares `rural` and `national` by `place_id`, of the regions that have both.

    Examples
    --------
    >>> from analysis import load_akim_elections, load_turnout
    >>> rural_beside_national(load_akim_elections(), load_turnout()).shape
    (14, 2)
    """
    rural = elections[
        (elections["indicator"] == "turnout_share") & (elections["office"] == "rural") & (elections["level"] == "region")
        & (elections["period_end"] == RURAL_DAY)
    ]  # fmt: skip
    national = turnout[turnout["vote"] == "majilis_2021"]
    both = {
        "rural": rural.set_index("place_id")["value"],
        "national": national.set_index("place_id")["value"],
    }
    return pd.DataFrame(both).dropna()


def published_errors(context: pd.DataFrame, index: str) -> pd.DataFrame:
    """Give an index with the standard errors that its producer publishes.

    Parameters
    ----------
    context : pandas.DataFrame
        As `load_context(since=2012)` gives it.
    index : str
        One of the Worldwide Governance Indicators (their standard errors are published) or "cpi_score" (its 90 % interval is
        published; half its width over 1.645 is the standard error).

    Returns
    -------
    pandas.DataFrame
        estimate, se, low, high (90 %) by `place_id` and `period_end`, where all are published.

    Examples
    --------
    >>> from analysis import load_context
    >>> table = published_errors(load_context(since=2012), "wgi_voice_accountability_estimate")
    >>> table.loc[("KZ", "2023-12-31"), ["estimate", "se"]].round(3).tolist()
    [-1.004, 0.121]
    """
    rows = context[context["breakdown"] == ""]
    wide = rows.pivot_table(index=["place_id", "period_end"], columns="indicator", values="value")
    error = index.replace("_estimate", "_standard_error")
    bounds = [f"{index}_lower90", f"{index}_upper90"]
    if index in wide and error != index and error in wide:
        table = pd.DataFrame({"estimate": wide[index], "se": wide[error]})
        margin = _Z90 * table["se"]
        return table.assign(
            low=table["estimate"] - margin, high=table["estimate"] + margin
        ).dropna()
    if {index, *bounds} <= set(wide):
        table = wide[[index, *bounds]].set_axis(["estimate", "low", "high"], axis=1)
        return table.assign(se=(table["high"] - table["low"]) / (2 * _Z90))[
            ["estimate", "se", "low", "high"]
        ].dropna()
    return pd.DataFrame(
        columns=["estimate", "se", "low", "high"], index=wide.index[:0], dtype=float
    )


def beside_neighbours(context: pd.DataFrame, index: str, *, language: str = "en") -> pd.DataFrame:
    """Put Kazakhstan beside its seven comparators in the last year for which standard errors are published.

    Parameters
    ----------
    context : pandas.DataFrame
        As `load_context(since=2012)` gives it.
    index : str
        As in `published_errors`.
    language : {"en", "kk", "ru"}
        Of the names of countries.

    Returns
    -------
    pandas.DataFrame
        estimate, se, low, high (90 %) and year by name, Kazakhstan first; empty if it has no published error.

    Examples
    --------
    >>> from analysis import load_context
    >>> beside_neighbours(load_context(since=2012), "cpi_score").round(2).iloc[:2][["estimate", "se", "year"]].values.tolist()
    [[39.0, 3.19, 2023.0], [47.0, 2.54, 2023.0]]
    """
    table = published_errors(context, index).reset_index()
    last = table.loc[table["place_id"] == "KZ", "period_end"].max()
    rows = (
        table[table["period_end"] == last]
        .set_index("place_id")
        .reindex(["KZ", *(c for c in COUNTRIES if c != "KZ")])
    )
    names = context.drop_duplicates("place_id").set_index("place_id")[f"place_{language}"]
    rows = rows.dropna().rename(index=names)
    return rows.assign(year=rows["period_end"].dt.year if len(rows) else 0).drop(
        columns="period_end"
    )
