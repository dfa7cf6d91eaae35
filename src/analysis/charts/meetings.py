"""Charts of report meetings and receptions."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart, joined, nothing, told
from analysis.charts.frames import MANDATES, MEETINGS, of_indicator
from analysis.charts.parts import (
    QUARTERS,
    categories,
    count_label,
    counts_from_zero,
    label_point,
    label_points,
    nothing_here,
    numbers,
    percents,
    share_axis,
    year_axis,
)
from analysis.charts.style import BLUE, GREY, INK, NARROW_ROW, ORANGE, PALE_GREY, SMALL_LABEL, Look
from analysis.derive.gaps import join_sources
from analysis.derive.meetings import distinct_events, halves_of_2022
from analysis.locale import number, percent, text
from analysis.reference import place_name
from analysis.reference.places import NATION

_YEAR = 2022  # the only year with national totals
_STEPS = ("meetings_held", "meeting_questions_raised", "meeting_questions_resolved")
_HOLDERS = ("akims_all_levels", "ministers")
_OFFICES = ("region", "city_of_republican_significance", "district", "rural")
_SHADES = {1: "#C6DBEF", 2: "#6BAED6", 4: BLUE}  # by meetings required a year
_WHITE_ON = 4
_LAW_SINCE, _LAW_UNTIL, _LAW_YEARS = "2020-01-01", "2026-12-31", range(2020, 2027)
_RECEIVED_SINCE, _RECEIVED_UNTIL = "2021-12-01", "2026-06-01"
_RECEIVED_YEARS = range(2022, 2027)
_WHOLE_YEAR = 360  # days
_SPAN_ROW, _LABELS_TURN = 0.27, "2024-06-01"  # from here numbers stand left of their span
_SPAN: Look = {"color": BLUE, "height": 0.62, "edgecolor": BLUE, "lw": 1.6}
_COMPUTED = "computed"


def _in_year(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    begins = frame["period_start"] == first
    ends = frame["period_end"] == last
    return frame[begins & ends]


@chart(MEETINGS)
def plot_meetings_2022(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw meetings held, questions raised and resolved in 2022.

    Akims and ministers have scales of their own.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_meetings_2022(load_meetings()).title
    'By their own count akims held 28,300 meetings and resolved 76% of 63,000 questions'
    """
    year = _in_year(frame, _YEAR)
    is_step = year["indicator"].isin(_STEPS) & (year["place_id"] == NATION)
    rows = year[is_step & year["breakdown_value"].isin(_HOLDERS)]
    if rows.empty:
        return nothing(rows)
    panels = canvas.panels(height=3.6, columns=len(_HOLDERS))[0]
    akims, ministers = (
        _draw_steps(axes, rows, holder, colour, language)
        for axes, holder, colour in zip(panels, _HOLDERS, (BLUE, ORANGE), strict=True)
    )
    panels[1].tick_params(labelleft=canvas.is_narrow)
    panel = rows["breakdown_value"].map(lambda holder: text(holder, language))
    label = rows["indicator"].map(lambda step: text(step, language))
    drawn = rows.assign(panel=panel, label=label)
    finding = _resolved_of_raised(rows, language)
    return told(rows, drawn=drawn, finding=finding, akims=akims, ministers=ministers)


def _resolved_of_raised(rows: pd.DataFrame, language: str) -> str:
    """Return what share of the questions raised with akims they say they resolved."""
    is_akims = rows["breakdown_value"] == _HOLDERS[0]
    counts = rows[is_akims].set_index("indicator")["value"]
    if not set(_STEPS) <= set(counts.index):
        return ""
    meetings, raised, resolved = counts[list(_STEPS)]
    share = resolved / raised
    return text(
        "meetings_2022_finding",
        language,
        meetings=number(meetings, language),
        raised=number(raised, language),
        share=percent(share, language, digits=0),
    )


def _draw_steps(axes: Axes, rows: pd.DataFrame, holder: str, colour: str, language: str) -> str:
    """Draw the steps of one kind of holder and return them in words."""
    name = text(holder, language)
    axes.set_title(name, size=9.5, loc="left")
    is_own = rows["breakdown_value"] == holder
    own = rows[is_own].set_index("indicator")["value"]
    values = own.reindex(list(_STEPS)).dropna()
    if values.empty:
        nothing_here(axes, language)
        return text("no_data", language)
    names = [text(step, language) for step in values.index]
    counts = numbers(values, language)
    axes.barh(names, values, color=colour, height=0.6)
    label_points(axes, values, counts, offset=5)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.locator_params(axis="x", nbins=3)
    counts_from_zero(axes, values, language, room=1.45)
    return joined(names, counts)


@chart(MEETINGS)
def plot_questions_resolved(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the shares of questions resolved in 2022, those of all akims by half-year.

    The first half (hollow) is the year less the second half; regions and ministers are as printed.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_questions_resolved(load_meetings()).title[:68]
    'Akims say 99% of questions were resolved in the second half of 2022,'
    """
    akims = _akims_in_halves(frame, language)
    rows = pd.concat([_printed_shares(frame, language), akims])
    if rows.empty:
        return nothing(rows)
    rows = rows.sort_values("value", ignore_index=True)
    axes = canvas.axes(height=1.9 + NARROW_ROW * len(rows))
    names = rows["label"].tolist()
    shares = [percent(value, language, digits=0) for value in rows["value"]]
    lines = range(len(rows))
    axes.hlines(lines, 0, rows["value"], color=PALE_GREY, lw=1.2)
    for position, row in enumerate(rows.itertuples()):
        face = "white" if row.series == _COMPUTED else BLUE
        axes.plot(row.value, position, "o", mfc=face, mec=BLUE, mew=1.6, ms=8)
    label_points(axes, rows["value"], shares)
    axes.set_yticks(lines, names)
    axes.set_ylim(-0.5, len(rows) - 0.5)
    axes.grid(visible=False, axis="y")
    axes.set_xlim(0, 1.15)
    axes.set_xticks(QUARTERS)
    share_axis(axes, language)
    values = joined(names[::-1], shares[::-1])
    series = [text(f"share_{kind}", language) for kind in rows["series"]]
    finding = _halves_in_words(akims, language)
    return told(rows, drawn=rows.assign(series=series), finding=finding, values=values)


def _printed_shares(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the shares that sources print for the year, but that of the nation's akims."""
    year = _in_year(frame, _YEAR)
    resolved = of_indicator(year, "meeting_questions_resolved_share")
    holders = resolved["breakdown_value"]
    is_akims_of_nation = (resolved["place_id"] == NATION) & (holders == _HOLDERS[0])
    rows = resolved[holders.isin(_HOLDERS) & ~is_akims_of_nation]
    names = []
    for row in rows.itertuples():
        place = getattr(row, f"place_{language}")
        holder = text(row.breakdown_value, language)
        names.append(f"{place}: {holder}")
    return rows.assign(label=names, series="as_printed")


def _akims_in_halves(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Return the shares of all akims in the halves of the year, computed from their counts."""
    is_counted = frame["indicator"].isin(_STEPS[1:]) & (frame["place_id"] == NATION)
    is_akims = frame["breakdown_value"] == _HOLDERS[0]
    counts = frame[is_counted & is_akims & (frame["period_end"] == f"{_YEAR}-12-31")]
    if counts.groupby("indicator")["period_start"].nunique().tolist() != [2, 2]:
        return counts.iloc[:0].assign(label="", series="")
    halves = halves_of_2022(frame)
    sources = join_sources(counts["sources"])
    common = counts.iloc[0][["indicator", "place_id", "publishers", "published"]]
    table = pd.DataFrame([common] * len(halves)).assign(period=halves.index)
    names = [text(f"akims_in_{period}", language) for period in halves.index]
    return table.assign(
        indicator="meeting_questions_resolved_share",
        label=names,
        value=halves["share"].to_numpy(),
        count=halves["resolved"].to_numpy(),
        total=halves["raised"].to_numpy(),
        unit="share",
        series=[_COMPUTED if period == "first_half" else "of_counts" for period in halves.index],
        sources=sources,
    )


def _halves_in_words(akims: pd.DataFrame, language: str) -> str:
    if akims.empty:
        return ""
    shares = akims["value"]
    written = percents(shares, language, digits=0)
    words = dict(zip(akims["period"], written, strict=True))
    return text("questions_resolved_finding", language, **words)


@chart(MANDATES)
def plot_required_meetings(canvas: Canvas, mandates: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw the number of meetings the law requires by level of akim over time.

    How many were held does not stand beside it: in how many places they are due was not found.

    Parameters
    ----------
    mandates : pandas.DataFrame
        As `load_mandates()` returns it.

    Examples
    --------
    >>> from analysis import load_mandates
    >>> plot_required_meetings(load_mandates()).title
    'Since 2024 district akims must hold 2 meetings a year in each rural district, 4 before'
    """
    rows = mandates.sort_values(["office", "valid_from"])
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=3.8)
    for row in rows.itertuples():
        _draw_duty(axes, row, language)
    axes.set_yticks(range(len(_OFFICES)), [text(f"office_{o}", language) for o in _OFFICES])
    axes.invert_yaxis()
    year_axis(axes, _LAW_YEARS, first=_LAW_SINCE, last=_LAW_UNTIL)
    axes.grid(visible=False, axis="y")
    district = rows[rows["office"] == "district"]
    steps = " → ".join(str(n) for n in district["meetings_per_year"])
    drawn = rows.assign(
        label=[text(f"office_{office}", language) for office in rows["office"]],
        value=rows["meetings_per_year"].astype("float"),
        unit="meetings required per year",
        period_start=rows["valid_from"],
        period_end=rows["valid_to"],
    )
    return told(rows, drawn=drawn, finding=_last_change(district, language), district=steps)


def _last_change(duties: pd.DataFrame, language: str) -> str:
    """Return how the number required of district akims changed last."""
    known = duties.dropna(subset=["meetings_per_year"])
    if len(known) <= 1:
        return ""
    last, now = known.iloc[-2], known.iloc[-1]
    before, required = last["meetings_per_year"], now["meetings_per_year"]
    if before == required:
        return ""
    return text(
        "required_meetings_finding",
        language,
        before=int(before),
        now=int(required),
        year=now["valid_from"].year,
    )


def _draw_duty(axes: Axes, row: Any, language: str) -> None:
    until = pd.Timestamp(_LAW_UNTIL) if pd.isna(row.valid_to) else row.valid_to
    n = None if pd.isna(row.meetings_per_year) else int(row.meetings_per_year)
    y, width = _OFFICES.index(row.office), until - row.valid_from
    face = "white" if n is None else _SHADES.get(n, BLUE)
    edge: Look = {"edgecolor": GREY, "lw": 0.8}
    axes.barh(y, width, left=row.valid_from, height=0.62, color=face, **edge)
    ink = "white" if n is not None and n >= _WHITE_ON else INK
    look: Look = {"weight": "normal", "size": 8} if n is None else {"weight": "bold", "size": 9}
    label = text("no_data", language) if n is None else str(n)
    middle: Look = {"ha": "center", "va": "center", "color": ink}
    axes.text(row.valid_from + width / 2, y, label, **middle, **look)


@chart(MEETINGS)
def plot_receptions(canvas: Canvas, frame: pd.DataFrame, *, language: str = "en") -> Told:
    """Draw each published count of people received in a region as the days that it covers.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `load_meetings()` returns it.

    Examples
    --------
    >>> from analysis import load_meetings
    >>> plot_receptions(load_meetings()).title
    '16 counts of people received were found for 7 regions: 8 of one day, 3 of a whole year'
    """
    received = frame[(frame["indicator"] == "citizens_received") & (frame["place_id"] != NATION)]
    events = distinct_events(received[received["breakdown"] != "outcome"])
    rows = events.sort_values(["region_id", "period_start", "value"], ignore_index=True)
    if rows.empty:
        return nothing(rows)
    axes = canvas.axes(height=1.9 + _SPAN_ROW * len(rows))
    lines, lasts = range(len(rows)), rows["period_end"] + pd.Timedelta(days=1)
    axes.barh(lines, lasts - rows["period_start"], left=rows["period_start"], **_SPAN)
    counts = [count_label(row, language) for row in rows.itertuples()]
    middle = pd.Timestamp(_LABELS_TURN)
    for line, (last, count) in enumerate(zip(lasts, counts, strict=True)):
        side, offset = ("left", 5) if last < middle else ("right", -5)
        start = last if last < middle else rows["period_start"][line]
        label_point(axes, (start, line), count, offset=offset, ha=side, size=SMALL_LABEL)
    names = [place_name(region, language) for region in rows["region_id"]]
    is_first = ~rows["region_id"].duplicated()
    shown = [name if first else "" for name, first in zip(names, is_first, strict=True)]
    categories(axes, shown)
    for line in rows.index[is_first]:
        axes.axhline(line - 0.5, color=PALE_GREY, lw=0.8)
    year_axis(axes, _RECEIVED_YEARS, first=_RECEIVED_SINCE, last=_RECEIVED_UNTIL)
    axes.grid(visible=True, axis="x")
    most = number(rows["value"].max(), language)
    n, regions_found = str(len(rows)), str(is_first.sum())
    finding = _mostly_of_days(rows, language)
    drawn = rows.assign(label=names)
    return told(rows, drawn=drawn, finding=finding, n=n, regions=regions_found, most=most)


def _mostly_of_days(rows: pd.DataFrame, language: str) -> str:
    """Return how many of the counts are of single days and how many of whole years."""
    length = rows["period_end"] - rows["period_start"]
    days = length.dt.days + 1
    is_day = days == 1
    is_year = days > _WHOLE_YEAR
    return text(
        "receptions_finding",
        language,
        n=len(rows),
        regions=rows["region_id"].nunique(),
        day=int(is_day.sum()),
        year=int(is_year.sum()),
    )
