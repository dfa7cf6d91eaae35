"""Colours, marks and sizes that every chart shares."""

from __future__ import annotations

from typing import Any

Look = dict[str, Any]  # keyword arguments of matplotlib

PALE_BLUE = "#9CC4E4"
BLUE, ORANGE, GREEN, GREY, INK = "#0072B2", "#B45309", "#00785A", "#6B7280", "#1F2937"
LIGHT_GREY, PALE_GREY = "#9CA3AF", "#C9D1DB"
HOLLOW: Look = {"mfc": "white", "mec": ORANGE, "mew": 1.8}  # of a dot to compare with
MARKERS = {"as_printed": "o", "rounded": "s", "at_least": ">", "at_most": "<"}

WIDTH, PHONE_WIDTH, NARROW_WIDTH = 7.2, 4.8, 3.75  # inches; the last is 360 pixels of a screen
LEAST_NARROW = 8.25  # points: 11 pixels of a screen
HEADER, FOOTER = 0.95, 0.62  # inches kept for title and subtitle, and for the source line
ROW, NARROW_ROW = 0.42, 0.36  # inches a line of dots or bars takes
LABEL, SMALL_LABEL = 8.5, 8.0  # points

STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#E5E7EB",
    "svg.hashsalt": "governance-openness",
    "svg.fonttype": "none",
    "savefig.facecolor": "white",
}
