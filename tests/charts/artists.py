"""Read from the artists of a chart what it shows, and from its data what it should show.

Each reader returns two multisets of marks: those found in the picture, by the label that a reader
of the chart sees at their place, and those that the data beside the chart list.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.collections import LineCollection, PathCollection, PolyCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.dates import date2num

from analysis.derive.comparisons import WITH_ERRORS
from analysis.locale import number, percent, text
from analysis.reference import tiles

BLUE, PALE_BLUE = "#0072B2", "#9CC4E4"
RANGES = ("rural_turnout_2021", "distances")


def words(label):
    """A label without its line breaks."""
    return re.sub(r"[\s,]+", " ", str(label)).strip()


def near(value):
    """A coordinate, equal for numbers that are the same but for rounding."""
    return None if pd.isna(value) else float(f"{float(value):.8g}")


def ticks(axes, axis="y"):
    """The label at each place of an axis."""
    each = axes.yaxis if axis == "y" else axes.xaxis
    labels = [words(label.get_text()) for label in each.get_ticklabels()]
    return dict(zip(map(near, each.get_ticklocs()), labels, strict=True))


def panels(chart):
    """Each plot with its title; a single plot has none in the data."""
    shown = [axes for axes in chart.axes if axes.axison or axes.has_data() or axes.texts]
    alone = len(shown) == 1
    # A name may be broken after its hyphen.
    titles = [words(axes.get_title(loc="left")).replace("- ", "-") for axes in shown]
    return [("" if alone else title, axes) for title, axes in zip(titles, shown, strict=True)]


def lines_of_dots(axes):
    return [line for line in axes.lines if line.get_marker() not in ("None", "", None)]


def points(axes):
    """Every dot, of lines and of scatters."""
    for line in lines_of_dots(axes):
        yield from zip(line.get_xdata(orig=False), line.get_ydata(orig=False), strict=True)
    for drawn in axes.collections:
        if isinstance(drawn, PathCollection):
            yield from np.ma.filled(drawn.get_offsets(), np.nan).tolist()


def bars(axes):
    for drawn in axes.containers:
        if isinstance(drawn, BarContainer):
            for bar in drawn.patches:
                yield bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2, drawn


def segments(axes):
    for drawn in axes.collections:
        if isinstance(drawn, LineCollection):
            for (x0, y0), (x1, y1) in drawn.get_segments():
                yield near(x0), near(y0), near(x1), near(y1)


def listed(chart):
    """The rows of the data that have a label, with a panel and a series each."""
    data = chart.data()
    for column in ("panel", "series"):
        data[column] = data[column].map(words) if column in data else ""
    return data[data["label"] != ""].assign(label=lambda d: d["label"].map(words))


def rows(chart):
    """Dots or bars: the value on the horizontal axis, the label on the vertical one."""
    data = listed(chart)
    special = chart.key in ("rural_turnout_2021", "akims_elected")
    lone = {words(text(key, chart.language)) for key in ("nation", "posts")}
    lone |= set(data[data["place_id"] == "KZ"]["label"]) if chart.key == RANGES[0] else set()
    is_dot = ~data["label"].isin(lone) if special else pd.Series(True, data.index)
    dots = data[is_dot & data["value"].notna()]
    wanted = Counter(zip(dots["panel"], dots["label"], dots["value"].map(near), strict=True))
    found, ends = Counter(), []
    names = ticks(chart.axes[0])
    for panel, axes in panels(chart):
        marks = [(x, y) for x, y in points(axes) if not pd.isna(x)]
        marks += [(x + width, y) for x, width, y, _ in bars(axes)]
        found.update((panel, names.get(near(y)), near(x)) for x, y in marks)
        ends += [(panel, names.get(y0), x0, x1) for x0, y0, x1, y1 in segments(axes) if y0 == y1]
    check_ends(chart, dots, ends, wanted, found)
    if special:
        lone_lines(chart, data[~is_dot], wanted, found)
    return found, wanted


def check_ends(chart, dots, ends, wanted, found):
    """Lines end at the low and high of their label, or at values, or begin at zero."""
    if chart.key in RANGES:
        both = zip(dots["panel"], dots["label"], dots["low"], dots["high"], strict=True)
        wanted.update((panel, label, near(low), near(high)) for panel, label, low, high in both)
        found.update(ends)
        return
    known = {(p, label, near(v)) for p, label, v in dots[["panel", "label", "value"]].values}
    for panel, label, *xs in ends:
        for x in xs:
            if x != 0 and x is not None and (panel, label, x) not in known:
                found[("a line ends at no value", panel, label, x)] += 1


def lone_lines(chart, data, wanted, found):
    """The nation, or the number of posts, as a line or band across the plot."""
    axes = chart.axes[0]
    across = [line for line in axes.lines if line.get_marker() in ("None", "", None)]
    if chart.key == "akims_elected":
        wanted["posts", near(data["low"].min()), near(data["high"].max())] += 1
        for band in axes.patches:
            found["posts", near(band.get_x()), near(band.get_x() + band.get_width())] += 1
        return
    wanted.update(("nation", near(value)) for value in data["value"])
    found.update(("nation", near(line.get_xdata()[0])) for line in across)


def stacked(chart):
    """Bars one after another: the width is the value, the series the name of the bars."""
    data, axes = listed(chart), chart.axes[0]
    wanted = Counter(zip(data["label"], data["series"], data["value"].map(near), strict=True))
    names, ends, found = ticks(axes), {}, Counter()
    for left, width, y, drawn in bars(axes):
        label = names.get(near(y))
        found[label, words(drawn.get_label()), near(width)] += 1
        if left != ends.get(label, 0):
            found["a bar does not begin where the last ended", label] += 1
        ends[label] = left + width
    return found, wanted


def columns(chart):
    """Dots: the value on the vertical axis, the label on the horizontal one."""
    data, axes = listed(chart), chart.axes[0]
    names = ticks(axes, "x")
    found = Counter((names.get(near(x)), near(y)) for x, y in points(axes))
    return found, Counter(zip(data["label"], data["value"].map(near), strict=True))


def texts_at(axes):
    return {
        (near(t.get_position()[0]), near(t.get_position()[1])): t.get_text() for t in axes.texts
    }


def gaps(chart):
    """A table of colours with a number in each cell."""
    data, axes = listed(chart), chart.axes[0]
    across, down = ticks(axes, "x"), ticks(axes)
    votes = list(dict.fromkeys(data["vote"]))
    cells, written = np.ma.filled(axes.images[0].get_array().astype(float), np.nan), texts_at(axes)
    found = Counter()
    for (row, column), value in np.ndenumerate(cells):
        label, vote = down.get(near(row)), votes[column] if near(column) in across else None
        found[label, vote, near(value), written.get((near(column), near(row)))] += 1
    extent = [near(edge) for edge in axes.images[0].get_extent()]
    found["extent", *extent] += 1
    wanted = Counter({("extent", -0.5, near(len(votes) - 0.5), near(len(down) - 0.5), -0.5): 1})
    marks = {"not_found": "–", "no_region": "×"}
    for row in data.itertuples():
        value = near(row.value)
        said = marks.get(row.status) or number(round(row.value), chart.language).replace("-", "−")
        wanted[row.label, row.vote, value, said] += 1
    return found, wanted


def heat(chart):
    """A table of shades with the years found in each cell."""
    data, axes = listed(chart), chart.axes[0]
    heads = [words(label.get_text()) for label in axes.get_xticklabels()]
    names = [words(label.get_text()) for label in axes.get_yticklabels()]
    (mesh,) = [c for c in axes.collections if isinstance(c, QuadMesh)]
    shades, written = np.asarray(mesh.get_array()).reshape(len(names), len(heads)), texts_at(axes)
    found = Counter(
        (names[row], heads[column], near(shade), written[column + 0.5, row + 0.5])
        for (row, column), shade in np.ndenumerate(shades)
    )
    wanted = Counter()
    for row in data.itertuples():
        said = f"{row.count}/{row.total}" if row.count else ("–" if row.total else "×")
        (head,) = [head for head in heads if head.startswith(f"{row.panel} ")]
        wanted[row.label, head, 0.0 if pd.isna(row.value) else near(row.value), said] += 1
    return found, wanted


def spans(chart):
    """Bars over the days that a count covers, each with its number beside it."""
    data, axes = listed(chart), chart.axes[0]
    names = [words(label.get_text()) for label in axes.get_yticklabels()]
    for line in range(1, len(names)):
        names[line] = names[line] or names[line - 1]
    beside = {near(note.xy[1]): note.get_text() for note in axes.texts}
    found = Counter(
        (names[round(y)], near(left), near(left + width), beside.get(near(y)))
        for left, width, y, _ in bars(axes)
    )
    wanted = Counter()
    for row in data.itertuples():
        said = number(row.value, chart.language)
        if row.precision == "at_least":
            said = text("at_least", chart.language, value=said)
        days = near(date2num(row.period_start)), near(date2num(row.period_end) + 1)
        wanted[row.label, *days, said] += 1
    return found, wanted


def hours(chart):
    """Dots at the hours of a day in several plots, at the close and after counting."""
    data, found, wanted = listed(chart), Counter(), Counter()
    beside = {text("at_close", chart.language): 21.5, text("result", chart.language): 23.0}
    for row in data.itertuples():
        when = beside.get(row.label) or float(row.label.split(":")[0])
        wanted[row.panel, when, near(row.value)] += 1
    for panel, axes in panels(chart):
        found.update((panel, near(x), near(y)) for x, y in points(axes))
        drawn = {(near(x), near(y)) for x, y in points(axes) if x <= 21.5}
        joined = [line for line in axes.lines if line.get_marker() in ("", "None")]
        for line in joined:
            for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
                if (near(x), near(y)) not in drawn:
                    found["a line passes through no dot", panel, near(x), near(y)] += 1
    return found, wanted


def pairs(chart):
    """Two lists in each plot: the name of a dot's list is in the legend."""
    data, found = listed(chart), Counter()
    names = ticks(chart.axes[0])
    for number_of, axes in enumerate(chart.axes):
        for line in lines_of_dots(axes):
            for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
                found[number_of, words(line.get_label()), names.get(near(y)), near(x)] += 1
    order = {panel: place for place, panel in enumerate(dict.fromkeys(data["panel"]))}
    wanted = Counter(
        (order[row.panel], row.series, row.label, near(row.value)) for row in data.itertuples()
    )
    return found, wanted


def statuses(chart):
    """A table of marks: the status is the mark."""
    data, axes = listed(chart), chart.axes[0]
    down, places = ticks(axes), sorted(map(near, axes.get_xticks()))
    cells = list(dict.fromkeys(zip(data["item"], data["year"], strict=True)))
    at = dict(zip(places, cells, strict=True))
    found = Counter()
    for line in lines_of_dots(axes):
        kind = {".": "not_found", "x": "not_applicable"}.get(line.get_marker())
        faces = {BLUE: "final", PALE_BLUE: "closing", "white": "partial"}
        status = kind or faces[line.get_markerfacecolor()]
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
            found[down.get(near(y)), *at.get(near(x), (None, None)), status] += 1
    return found, Counter(
        data[["label", "item", "year", "status"]].itertuples(index=False, name=None)
    )


def tile_map(chart):
    """Tiles: where each lies, its colour, and the share written on it."""
    data, axes = listed(chart), chart.axes[0]
    scale, written = colormaps["Blues"], texts_at(axes)
    known = np.sort(data["value"].dropna())
    first, third = np.quantile(known, [0.25, 0.75])
    low = known[known >= first - 1.5 * (third - first)].min()
    high = known[known <= third + 1.5 * (third - first)].max()
    faces = {(near(p.get_x()), near(p.get_y())): to_hex(p.get_facecolor()) for p in axes.patches}
    found, wanted = Counter(), Counter()
    for (x, y), face in faces.items():
        found[x, y, face, written.get((near(x + 0.47), near(y + 0.73)))] += 1
    for row in data.itertuples():
        x, y = tiles()[row.place_id]
        is_known = not pd.isna(row.value)
        along = np.clip((row.value - low) / (high - low), 0, 1) if is_known else 0
        face = to_hex(scale(0.1 + 0.8 * along)) if is_known else "#ffffff"
        said = percent(row.value, chart.language) if is_known else "–"
        wanted[near(x), near(y), face, said] += 1
        # A name may be broken after its hyphen.
        name = words(written.get((near(x + 0.47), near(y + 0.34)), "")).replace("- ", "-")
        if not name or name not in row.label:
            found["a tile has another name", row.label, name] += 1
    sizes = {(near(p.get_width()), near(p.get_height())) for p in axes.patches}
    found.update(("size", *size) for size in sizes)
    wanted["size", 0.94, 0.94] += 1
    return found, wanted


def timeline(chart):
    """Steps in order of time, each written beside its dot."""
    data, axes = listed(chart), chart.axes[0]
    written = {(near(date2num(t.xy[0])), near(t.xy[1])): words(t.get_text()) for t in axes.texts}
    found = Counter()
    for x, y in points(axes):
        said = written.pop((near(x), near(y)), "")
        found[near(x), said.split(": ", 1)[-1]] += 1
    found.update(written.values())
    stems = [(x0, y0) for x0, y0, x1, _ in segments(axes) if x0 == x1]
    if stems != [(near(x), near(y)) for x, y in points(axes)]:
        found["stems lead elsewhere"] += 1
    dates = map(near, date2num(pd.to_datetime(data["date"])))
    return found, Counter(zip(dates, data["label"], strict=True))


def duties(chart):
    """Bars on an axis of time with the number required in each."""
    data, axes = listed(chart), chart.axes[0]
    down, found, wanted = ticks(axes), Counter(), Counter()
    written = {
        (near(date2num(t.get_position()[0])), near(t.get_position()[1])): t.get_text()
        for t in axes.texts
    }
    for left, width, y, _ in bars(axes):
        said = written.pop((near(left + width / 2), near(y)), None)
        found[down.get(near(y)), near(left), near(left + width), said] += 1
    found.update(written.values())
    last = pd.Timestamp("2026-12-31")
    for row in data.itertuples():
        start, end = row.period_start, last if pd.isna(row.period_end) else row.period_end
        said = text("no_data", chart.language) if pd.isna(row.value) else str(int(row.value))
        wanted[row.label, near(date2num(start)), near(date2num(end)), said] += 1
    return found, wanted


def courses(chart):
    """Lines over time in several plots, and the band of a published interval."""
    data, found, wanted = listed(chart), Counter(), Counter()
    when = [near(day) for day in date2num(data["period_end"])]
    wanted.update(zip(data["panel"], when, data["value"].map(near), strict=True))
    bounds = set()
    for row, day in zip(data.itertuples(), when, strict=True):
        bounds |= {(row.panel, day, near(row.low)), (row.panel, day, near(row.high))}
    has_band = {}
    for panel, axes in panels(chart):
        found.update((panel, near(x), near(y)) for x, y in points(axes))
        for band in axes.collections:
            if isinstance(band, PolyCollection):
                corners = [c for path in band.get_paths() for c in path.vertices.tolist()]
                has_band[panel] = len(corners)
                off = [c for c in corners if (panel, near(c[0]), near(c[1])) not in bounds]
                found.update(("a band ends at no bound", panel, near(x), near(y)) for x, y in off)
        for note in axes.texts:
            x, y = note.xy
            if (
                number(round(y, 2), chart.language).replace("-", "−") != note.get_text()
                or found[panel, near(date2num(x)), near(y)] == 0
            ):
                found["a number is written beside no such value", panel, note.get_text()] += 1
    for panel in set(data[data["indicator"].isin(WITH_ERRORS)]["panel"]):
        if not has_band.get(panel):
            found["no band", panel] += 1
    return found, wanted


READERS = {
    "disagreements": stacked,
    "turnout_spread": columns,
    "turnout_gaps": gaps,
    "required_found": heat,
    "coverage": statuses,
    "tile_map": tile_map,
    "receptions": spans,
    "turnout_day": hours,
    "turnout_day_regions": hours,
    "coinciding_lists": pairs,
    "timeline": timeline,
    "required_meetings": duties,
    "neighbours": courses,
}


def differences(chart):
    """What the picture shows and the data do not list, and the other way round."""
    found, wanted = READERS.get(chart.key, rows)(chart)
    return {"shown": dict(found - wanted), "listed": dict(wanted - found)}
