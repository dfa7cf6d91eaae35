"""From gap to figure: letters that ask for what is not held, and what becomes of the answers."""

from __future__ import annotations

from analysis.requests.items import bodies, gaps, items
from analysis.requests.letters import (
    LANGUAGES,
    Applicant,
    Asked,
    Letter,
    letter,
    letters,
    write_letter,
    write_letters,
)

__all__ = [
    "LANGUAGES",
    "Applicant",
    "Asked",
    "Letter",
    "bodies",
    "gaps",
    "items",
    "letter",
    "letters",
    "write_letter",
    "write_letters",
]
