"""What the notebooks say: their texts in each language, and exercises with answers checked."""

from __future__ import annotations

from analysis.notebooks.exercises import check
from analysis.notebooks.stories import Words, ending, paragraphs, story, title

__all__ = ["Words", "check", "ending", "paragraphs", "story", "title"]
