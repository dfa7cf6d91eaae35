"""What a picture in SVG draws, and where: to compare two pictures by their coordinates."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree

import numpy as np
from PIL import Image

HALF_PIXEL = 0.375  # points; a pixel is 0.75 points
_SHADES = 2  # of 255 by which the colours of two tables of cells may differ
_SVG = "{http://www.w3.org/2000/svg}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_COLOUR = re.compile(r"(?:fill|stroke): (#[0-9a-f]{6}|none)")
_CORNERS = 4
_NOWHERE = np.empty((0, 2))


@dataclass(frozen=True)
class Mark:
    """One thing that is drawn: what it is, its colours and words, and where its points lie."""

    kind: str
    colours: tuple[str, ...]
    words: str
    points: np.ndarray
    cells: np.ndarray | None = None


def read_drawing(svg: bytes) -> list[list[Mark]]:
    """Return the marks of a picture: first the words around the plots, then those of each plot.

    Coordinates of a plot are in points from the corner of its frame, and the frame is as large as
    it is drawn; a plot without axes is taken as it lies on the page.

    Parameters
    ----------
    svg : bytes
        A picture that `Chart.svg` returned.
    """
    root = ElementTree.fromstring(svg)
    figure = root.find(f".//{_SVG}g[@id='figure_1']")
    assert figure is not None
    around = []
    for text in _texts_around(figure):
        words = _words(text)
        around.append(Mark("text", (), words, _NOWHERE))
    drawn = [around]
    for group in figure:
        if group.get("id", "").startswith("axes_"):
            marks = list(_marks(group))
            drawn.append(marks)
    return drawn


def _texts_around(figure: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for group in figure:
        if group.get("id", "").startswith("text_"):
            yield from group.iter(f"{_SVG}text")


def _words(text: ElementTree.Element) -> str:
    parts = text.itertext()
    return "".join(parts).strip()


def _marks(plot: ElementTree.Element) -> Iterator[Mark]:
    corner, has_axes = _frame(plot)
    for group in plot:
        is_axis = group.get("id", "").startswith("matplotlib.axis")
        for element in _shown(group):
            mark = _mark(element)
            if mark is None:
                continue
            is_label = is_axis and mark.kind == "text"
            points = _NOWHERE if is_label else mark.points
            if has_axes and len(points):
                points = points - corner
            yield replace(mark, points=points)


def _frame(plot: ElementTree.Element) -> tuple[np.ndarray, bool]:
    """Return the lower left corner of a plot, and whether it has axes."""
    groups = [group.get("id", "") for group in plot]
    has_axes = any(name.startswith("matplotlib.axis") for name in groups)
    paths = plot.iter(f"{_SVG}path")
    first = next(paths, None)
    if first is None:
        return np.zeros(2), False
    outline = _pairs(first.get("d", ""))
    corners = outline[:_CORNERS]
    left = corners[:, 0].min()
    bottom = corners[:, 1].max()
    return np.array([left, bottom]), has_axes


def _shown(group: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Return the elements of a group without the shapes that are only defined in it."""
    if group.tag == f"{_SVG}defs":
        return
    yield group
    for child in group:
        yield from _shown(child)


def _mark(element: ElementTree.Element) -> Mark | None:
    kind = element.tag.removeprefix(_SVG)
    style = element.get("style", "")
    colours = tuple(_COLOUR.findall(style))
    if kind == "path":
        points = _pairs(element.get("d", ""))
        return Mark(kind, colours, "", points)
    if kind in ("use", "text"):
        words = _words(element) if kind == "text" else ""
        place = _place(element, "x", "y")
        return Mark(kind, colours, words, place)
    if kind == "image":
        corner = _place(element, "x", "y")
        size = _place(element, "width", "height")
        turned = element.get("transform", "")
        frame = np.vstack([corner, size])
        return Mark(kind, colours, turned, frame, _cells(element))
    return None


def _pairs(path: str) -> np.ndarray:
    numbers = [float(number) for number in _NUMBER.findall(path)]
    whole_pairs = len(numbers) // 2
    points = np.array(numbers[: 2 * whole_pairs])
    return points.reshape(-1, 2)


def _place(element: ElementTree.Element, *names: str) -> np.ndarray:
    numbers = []
    for name in names:
        number = element.get(name, "0")
        numbers.append(float(number))
    return np.array([numbers])


def _cells(image: ElementTree.Element) -> np.ndarray:
    _, _, encoded = image.get(_LINK, "").partition("base64,")
    content = base64.b64decode(encoded)
    picture = Image.open(io.BytesIO(content))
    return np.asarray(picture.convert("RGB"), dtype=int)


def drawing_differences(before: bytes, after: bytes) -> list[str]:
    """Return in what two pictures differ by more than half a pixel, a colour, a word or a mark.

    Parameters
    ----------
    before, after : bytes
        Pictures in SVG.

    Returns
    -------
    list of str
        Empty if they show the same.

    Examples
    --------
    >>> from analysis.gallery import draw
    >>> picture = draw("timeline").svg()
    >>> drawing_differences(picture, picture)
    []
    """
    old = read_drawing(before)
    new = read_drawing(after)
    if len(old) != len(new):
        return [f"{len(new) - 1} plots instead of {len(old) - 1}"]
    found = []
    pairs = zip(old, new, strict=True)
    for place, (was, now) in enumerate(pairs):
        where = f"plot {place}" if place else "title or source line"
        for said in _plot_differences(was, now):
            found.append(f"{where}: {said}")
    return found


def _plot_differences(was: list[Mark], now: list[Mark]) -> list[str]:
    if len(was) != len(now):
        return [f"{len(now)} marks instead of {len(was)}"]
    found = []
    for one, other in zip(was, now, strict=True):
        said = _differs(one, other)
        if said:
            found.append(said)
    return found


def _differs(was: Mark, now: Mark) -> str:
    if was.kind != now.kind or was.points.shape != now.points.shape:
        return f"another mark ({now.kind} instead of {was.kind})"
    if was.words != now.words:
        return f"“{now.words}” instead of “{was.words}”"
    if was.colours != now.colours:
        return f"a {was.kind} of another colour"
    moved = np.abs(was.points - now.points)
    distance = moved.max(initial=0)
    if distance > HALF_PIXEL:
        return f"a {was.kind} lies {distance:.1f} points away"
    if was.cells is not None and not _same_cells(was.cells, now.cells):
        return "cells of other colours"
    return ""


def _same_cells(was: np.ndarray, now: np.ndarray | None) -> bool:
    if now is None:
        return False
    if was.shape != now.shape:
        return False
    apart = np.abs(was - now)
    return apart.max() <= _SHADES
