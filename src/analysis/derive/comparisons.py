"""Figures set side by side: regions over votes, rural and national turnout, countries."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis import load, reference
from analysis.locale import day, keys, text
from analysis.reference import NATION, former_regions, parts_of
from analysis.reference.borders import harmonise

COUNTRIES = ("AM", "AZ", "GE", "KG", "KZ", "MN", "TJ", "UZ")
WITH_ERRORS = (
    "wgi_voice_accountability_estimate",
    "wgi_government_effectiveness_estimate",
    "wgi_control_of_corruption_estimate",
    "cpi_score",
)
_Z90 = 1.645  # the producers publish 90 % intervals: estimate plus and minus 1.645 standard errors


def vote_name(vote: str, language: str) -> str:
    """Return the name of a vote: its kind and year.

    Examples
    --------
    >>> vote_name("majilis_2023", "en")
    'Majilis 2023'
    """
    known = reference.vote(vote)
    kind = kind_name(known.kind, language)
    year = known.year
    return f"{kind} {year}"


def kind_name(kind: str, language: str) -> str:
    """Return the name of a kind of vote: a message, or the code itself if there is none.

    Examples
    --------
    >>> kind_name("majilis", "ru")
    'Мажилис'
    """
    has_message = kind in keys(kind)
    if has_message:
        return text(kind, language)
    return kind


def turnout_by_region(
    turnout: pd.DataFrame, residents: pd.Series
) -> tuple[pd.DataFrame, pd.Series]:
    """Return turnout of the regions in all votes on the borders of 2018.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it.
    residents : pandas.Series
        As `load_residents()` returns it: see `turnout_in_old_borders`.

    Returns
    -------
    tuple of pandas.DataFrame and pandas.Series
        Shares of the 17 units, one row per unit and one column per vote in order of kind and time;
        and shares of the nation by vote.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> votes, nation = turnout_by_region(load_turnout(), load_residents())
    >>> votes.shape, votes.columns[:2].tolist()
    ((17, 7), ['president_2019', 'president_2022'])
    """
    merged = turnout_in_old_borders(turnout, residents)
    wide = merged.pivot(index="place_id", columns="vote", values="value")
    known = reference.votes_by_kind()
    votes = [vote.code for vote in known if vote.code in wide]
    is_nation = turnout["place_id"] == NATION
    nation = turnout[is_nation].set_index("vote")
    of_votes = nation["value"].reindex(votes)
    return wide[votes], of_votes


def turnout_in_old_borders(turnout: pd.DataFrame, residents: pd.Series) -> pd.DataFrame:
    """Return turnout of the regions in the borders of 2018, with what weighs the merged parts.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it.
    residents : pandas.Series
        As `load_residents()` returns it. They weigh the parts of a region that was split in 2022
        where the voters listed in that vote are not held for each part.

    Returns
    -------
    pandas.DataFrame
        One row per region and vote, as `harmonise` returns it; `weight` says which weight it is.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> merged = turnout_in_old_borders(load_turnout(), load_residents())
    >>> sorted(set(merged["weight"]) - {""})
    ['residents, 2023-01-01']
    """
    known = [vote.code for vote in reference.votes_by_kind()]
    level = turnout["level"]
    is_region = level.isin(["region", "city"])
    is_known = turnout["vote"].isin(known)
    regions = turnout[is_region & is_known]
    listed = load.load_listed_voters()
    parts = []
    for vote, rows in regions.groupby("vote", observed=True):
        weights = _listed_in_parts(listed, str(vote))
        if weights is None:
            weights = residents
        merged = harmonise(rows, borders="2018", weights=weights)
        parts.append(merged)
    return pd.concat(parts, ignore_index=True)


def weight_words(merged: pd.DataFrame, *, language: str = "en") -> str:
    """Return in words what weighs the parts of regions that were divided.

    Parameters
    ----------
    merged : pandas.DataFrame
        As `turnout_in_old_borders` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> weight_words(turnout_in_old_borders(load_turnout(), load_residents()))
    'residents, January 1, 2023 (voters listed were not found for each part)'
    """
    weights = set(merged["weight"])
    used = sorted(weights - {""})
    words = []
    for weight in used:
        words.append(_weight_word(weight, language))
    return "; ".join(words)


def _weight_word(weight: str, language: str) -> str:
    name, _, of = weight.partition(", ")
    if name == "voters listed":
        vote = vote_name(of, language)
        return text("weight_voters", language, vote=vote)
    counted_on = date.fromisoformat(of)
    written = day(counted_on, language)
    key = "weight_residents"
    return text(key, language, day=written)


def _listed_in_parts(listed: pd.Series, vote: str) -> pd.Series | None:
    """Return the voters listed in a vote, if held for each part of the regions that were split."""
    known = listed.index.get_level_values("vote")
    if vote not in known:
        return None
    of_vote = listed.xs(vote, level="vote")
    wholes = former_regions()
    parts = {part for whole in wholes for part in parts_of(whole)}
    held = set(of_vote.index)
    if not parts <= held:
        return None
    name = f"{listed.name}, {vote}"
    return of_vote.rename(name)


def votes_of_a_kind(votes: pd.DataFrame, *, language: str = "en") -> list[pd.DataFrame]:
    """Return votes split by their kind.

    Each over the regions that are known in all votes of the kind.

    Parameters
    ----------
    votes : pandas.DataFrame
        As `turnout_by_region` returns it.
    language : {"en", "kk", "ru"}
        Of the names of the columns.

    Returns
    -------
    list of pandas.DataFrame
        One per kind: presidential, Majilis, referendums.

    Examples
    --------
    >>> table = pd.DataFrame(
    ...     {"majilis_2021": [0.5, 0.6], "majilis_2023": [0.4, None], "referendum_2022": [0.7, 0.8]}
    ... )
    >>> [part.shape for part in votes_of_a_kind(table)]
    [(1, 2), (2, 1)]
    """
    tables = []
    for kind in reference.kinds():
        of_kind = reference.votes(kind)
        codes = [vote.code for vote in of_kind if vote.code in votes]
        if not codes:
            continue
        names = {code: vote_name(code, language) for code in codes}
        complete = votes[codes].dropna()
        table = complete.rename(columns=names)
        tables.append(table)
    return tables


def majilis_before_rural() -> reference.Vote:
    """Return the last Majilis election before the first elections of rural akims.

    Examples
    --------
    >>> majilis_before_rural().code
    'majilis_2021'
    """
    first = reference.first_akim_election("rural").day
    earlier = [vote for vote in reference.votes("majilis") if vote.day < first]
    return earlier[-1]


def rural_beside_national(elections: pd.DataFrame, turnout: pd.DataFrame) -> pd.DataFrame:
    """Return turnout of the first rural akim elections beside the Majilis election before them.

    The electorates differ: some 1.2 million rural voters in 730 places, and all voters.

    Parameters
    ----------
    elections, turnout : pandas.DataFrame
        As `load_akim_elections()` and `load_turnout()` return them.

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
    first = reference.first_akim_election("rural").day
    before = majilis_before_rural()
    is_turnout = elections["indicator"] == "turnout_share"
    is_rural = elections["office"] == "rural"
    is_region = elections["level"] == "region"
    on_first_day = elections["period_end"] == pd.Timestamp(first)
    rural = elections[is_turnout & is_rural & is_region & on_first_day]
    national = turnout[turnout["vote"] == before.code]
    both = {
        "rural": rural.set_index("place_id")["value"],
        "national": national.set_index("place_id")["value"],
    }
    return pd.DataFrame(both).dropna()


def published_errors(context: pd.DataFrame, index: str) -> pd.DataFrame:
    """Return an index with the standard errors that its producer publishes.

    Parameters
    ----------
    context : pandas.DataFrame
        As `load_context(since=2012)` returns it.
    index : str
        One of the Worldwide Governance Indicators (their standard errors are published) or
        "cpi_score" (its 90 % interval is published; half its width over 1.645 is the standard
        error).

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
    columns = ["estimate", "se", "low", "high"]
    if index in wide and error != index and error in wide:
        estimate, se = wide[index], wide[error]
        low, high = estimate - _Z90 * se, estimate + _Z90 * se
    elif {index, *bounds} <= set(wide):
        estimate, low, high = wide[index], wide[bounds[0]], wide[bounds[1]]
        se = (high - low) / (2 * _Z90)
    else:
        return pd.DataFrame(columns=columns, index=wide.index[:0], dtype=float)
    table = pd.DataFrame({"estimate": estimate, "se": se, "low": low, "high": high})
    return table[columns].dropna()


def beside_neighbours(context: pd.DataFrame, index: str, *, language: str = "en") -> pd.DataFrame:
    """Return Kazakhstan beside seven countries in the last year with published standard errors.

    Parameters
    ----------
    context : pandas.DataFrame
        As `load_context(since=2012)` returns it.
    index : str
        As in `published_errors`.
    language : {"en", "kk", "ru"}
        Of the names of countries.

    Returns
    -------
    pandas.DataFrame
        estimate, se, low, high (90 %) and year by name, Kazakhstan first; empty if it has no
        published error.

    Examples
    --------
    >>> from analysis import load_context
    >>> table = beside_neighbours(load_context(since=2012), "cpi_score").round(2)
    >>> table.iloc[:2][["estimate", "se", "year"]].values.tolist()
    [[39.0, 3.19, 2023.0], [47.0, 2.54, 2023.0]]
    """
    table = published_errors(context, index).reset_index()
    is_nation = table["place_id"] == NATION
    last = table.loc[is_nation, "period_end"].max()
    is_last = table["period_end"] == last
    of_last_year = table[is_last]
    by_place = of_last_year.set_index("place_id")
    others = [country for country in COUNTRIES if country != NATION]
    rows = by_place.reindex([NATION, *others]).dropna()
    places = context.drop_duplicates("place_id")
    names = places.set_index("place_id")[f"place_{language}"]
    years = rows["period_end"].dt.year if len(rows) else 0
    dated = rows.assign(year=years)
    columns = dated.drop(columns="period_end")
    return columns.rename(index=names)
