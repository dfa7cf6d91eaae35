"""A contact sheet holds every figure at the width asked for."""

from __future__ import annotations

import sys

from PIL import Image

from analysis import charts, gallery


def test_a_sheet_shows_the_figures_side_by_side(monkeypatch, tmp_path):
    few = {name: charts.FIGURES[name] for name in ("timeline", "tile_map", "required_found")}
    monkeypatch.setattr(sys.modules["analysis.gallery.sheet"], "FIGURES", few)
    path = gallery.contact_sheet(str(tmp_path / "sheet.png"), language="ru", width=200, columns=2)
    sheet = Image.open(path)
    assert sheet.width == 400
    assert sheet.crop((200, 0, 400, 50)).getextrema() != ((255, 255),) * 3
