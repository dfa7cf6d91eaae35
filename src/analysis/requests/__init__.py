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
from analysis.requests.rounds import read_round, start_round, status
from analysis.requests.simulation import simulate_round
from analysis.requests.terms import term_end

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
    "read_round",
    "simulate_round",
    "start_round",
    "status",
    "term_end",
    "write_letter",
    "write_letters",
]
