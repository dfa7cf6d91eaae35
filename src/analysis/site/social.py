"""The picture that social networks show beside a link to the site."""

from __future__ import annotations

import io

from PIL import Image

from analysis import gallery, reference

_SIZE = (1200, 630)  # pixels that networks ask for
_MARGIN = 40
_FIGURE = "coverage"


def social_picture() -> bytes:
    """Return what was found, as a PNG of the size that social networks ask for."""
    width, height = _SIZE
    chart = gallery.draw(_FIGURE, language=reference.front_language())
    drawn = io.BytesIO(chart.png())
    picture = Image.open(drawn).convert("RGB")
    picture.thumbnail((width - _MARGIN, height - _MARGIN))
    board = Image.new("RGB", _SIZE, "white")
    left = (width - picture.width) // 2
    top = (height - picture.height) // 2
    board.paste(picture, (left, top))
    out = io.BytesIO()
    board.save(out, "PNG", optimize=True)
    return out.getvalue()
