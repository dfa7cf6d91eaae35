"""What the notebooks say: their texts in each language, and exercises with answers checked."""

from __future__ import annotations

from analysis.notebooks.exercises import check
from analysis.notebooks.stories import Folded, Words, ending, folded, paragraphs, story, title

__all__ = ["Folded", "Words", "check", "ending", "folded", "paragraphs", "story", "title"]
