"""All figures of a language on one picture, to look at them together."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

from analysis.files import write_whole
from analysis.gallery.registry import FIGURES, draw

_DPI = 160
_PHONE = 360  # pixels


def contact_sheet(
    path: Path | str, *, language: str = "en", width: int = 720, columns: int = 3
) -> Path:
    """Write all figures of a language on one picture, each `width` pixels wide.

    Parameters
    ----------
    path : Path or str
        The PNG to write.
    language : {"en", "kk", "ru"}
    width : int
        Width of a figure; 360 is that of a phone, and shows the drawings made for it.
    columns : int
        Figures side by side.

    Returns
    -------
    Path
        The file written.
    """
    pictures = [_picture(name, language, width) for name in FIGURES]
    piles = [pictures[i::columns] for i in range(columns)]
    heights = [_height(pile) for pile in piles]
    size = (width * columns, max(heights))
    sheet = Image.new("RGB", size, "white")
    for column, pile in enumerate(piles):
        left, top = column * width, 0
        for picture in pile:
            sheet.paste(picture, (left, top))
            top += picture.height
    out = io.BytesIO()
    sheet.save(out, "PNG")
    path = Path(path)
    write_whole(path, out.getvalue())
    return path


def _height(pile: list[Image.Image]) -> int:
    heights = [picture.height for picture in pile]
    return sum(heights)


def _picture(name: str, language: str, width: int) -> Image.Image:
    chart = draw(name, language=language)
    shown = (chart.narrow() or chart) if width <= _PHONE else chart
    drawn = Image.open(io.BytesIO(shown.png(dpi=_DPI)))
    scale = width / drawn.width
    height = round(drawn.height * scale)
    return drawn.resize((width, height), Image.Resampling.LANCZOS)
