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
    drawn = gallery.draw(_FIGURE, language=reference.front_language()).png()
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    picture.thumbnail((_SIZE[0] - _MARGIN, _SIZE[1] - _MARGIN))
    board = Image.new("RGB", _SIZE, "white")
    left, top = (_SIZE[0] - picture.width) // 2, (_SIZE[1] - picture.height) // 2
    board.paste(picture, (left, top))
    out = io.BytesIO()
    board.save(out, "PNG", optimize=True)
    return out.getvalue()
