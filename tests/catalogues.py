"""What a translator needs beside each message: where it stands, and what the English says.

`python tests/catalogues.py` writes both into the Kazakh and the Russian catalogue; a test compares.
"""

from __future__ import annotations

import re
from pathlib import Path

from analysis.locale import read_catalogue

FOLDER = Path(__file__).parents[1] / "src" / "analysis" / "locale"
LANGUAGES = ("kk", "ru")
# What the beginning or the end of a key says of the place where its message stands.
PLACES = (
    (r"_title$", "title of a chart"),
    (r"_sub$", "line under the title of a chart"),
    (r"_alt$", "alternative text of a chart: whole sentences"),
    (r"^indicator_", "name of an indicator, as a row of a table"),
    (r"^value_|^t_", "name of a part, such as a topic, a body or a channel"),
    (r"^breakdown_|^measure_|^unit_|^stage_|^register_|^term_", "name of a code of the data"),
    (r"^stats_", "sentence that states a statistical result"),
    (r"^rec_|^own_|^about_", "chart or table of own records"),
    (r"^ing_|^doubt_|^disclosure_", "line that a command prints"),
    (r"^dictionary_", "data dictionary"),
    (r"^site_|^back_to_site|^search_", "front page of the site"),
    (r"^section_|^h_", "heading of a report"),
    (r"^kf_|^op_|^item_", "short label, lower case within a line"),
    (r"^q_|^request_|^letter_", "letter to a state body"),
    (r"^col_", "heading of a column"),
    (r"", "report or chart"),
)
_KEY = re.compile(r'^msgid "(.+)"$', re.MULTILINE)


def where(key: str) -> str:
    """Return where the message of a key stands."""
    return next(place for pattern, place in PLACES if re.search(pattern, key))


def english() -> dict[str, str]:
    """Return the English text of each message, one plural form of those that have several."""
    said = {}
    for message in read_catalogue("en"):
        key = message.id[0] if message.pluralizable else message.id
        said[key] = message.string[-1] if message.pluralizable else message.string
    return said


def commented(catalogue: str, said: dict[str, str]) -> str:
    """Return the text of a catalogue with place and English of each of its messages."""
    return "\n\n".join(_block(block, said) for block in catalogue.strip("\n").split("\n\n")) + "\n"


def _block(block: str, said: dict[str, str]) -> str:
    key = _KEY.search(block)
    if key is None or key[1] not in said:
        return block
    lines = [line for line in block.split("\n") if not line.startswith(("#. English:", "msgctxt "))]
    first = next(i for i, line in enumerate(lines) if line.startswith("msgid "))
    told = [f"#. English: {said[key[1]]}", f'msgctxt "{where(key[1])}"']
    return "\n".join([*lines[:first], *told, *lines[first:]])


if __name__ == "__main__":
    for language in LANGUAGES:
        path = FOLDER / f"{language}.po"
        path.write_text(commented(path.read_text("utf-8"), english()), "utf-8")
        print(f"wrote {path}")
