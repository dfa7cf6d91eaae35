"""Match the words of a file, in Kazakh (Cyrillic, Latin), Russian or English.

To columns and codes of the schema.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from analysis.reference.names import latin

SURE = 90.0
_SHORTEST_GUESSED = 6
UNSURE = 78.0


def plain(text: str) -> str:
    """Return words in plain Latin letters, digits and single spaces.

    Examples
    --------
    >>> plain("Дата регистрации (по системе), *")
    'data registratsii'
    """
    text = re.sub(r"\([^)]*\)", " ", text.casefold()).replace("№", " nomer ")
    text = text.replace("ý", "u").replace("ı", "i")  # у and и in the Latin alphabet of 2018
    return " ".join(re.sub(r"[^a-z0-9]+", " ", latin(text).replace("j", "zh")).split())


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files("analysis.records.reading").joinpath("words", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _headers(dataset: str) -> dict[str, str]:
    rows = [row for row in _rows("columns.csv") if row["dataset"] == dataset]
    named = {plain(name): row["column"] for row in rows for name in row["names"].split(";")}
    return named | {plain(row["column"]): row["column"] for row in rows}


@cache
def _codes(column: str) -> dict[str, str]:
    rows = [row for row in _rows("codes.csv") if row["column"] == column]
    named = {plain(name): row["code"] for row in rows for name in row["names"].split(";")}
    return named | {plain(row["code"]): row["code"] for row in rows}


@cache
def given_names() -> frozenset[str]:
    return frozenset(row["name"] for row in _rows("given_names.csv"))


@cache
def _short_places() -> dict[str, str]:
    rows = _rows("places.csv")
    return {plain(short): row["name"] for row in rows for short in row["names"].split(";")}


def find_short_place(text: str) -> str:
    """Return the full name of a place that is written by its first letters, else the text itself.

    Examples
    --------
    >>> find_short_place("ВКО"), find_short_place("Астана")
    ('Восточно-Казахстанская область', 'Астана')
    """
    return _short_places().get(plain(text), text)


_PLAIN_WORDS = (
    "export data report sheet list records appeals meetings elections complaints results table "
    "file обращения обращений выгрузка данные отчет лист жалобы встречи выборы итоги таблица "
    "реестр файл өтініштер деректер есеп парақ кездесулер сайлау кесте тізілім "
    "quarter month year квартал месяц год "
    "other басқа другое csv tsv json xlsx parquet"
)


@cache
def _terms() -> frozenset[str]:
    from analysis.locale import keys, text
    from analysis.reference import languages

    topics = {text(key, language) for key in keys("t_") for language in languages()}
    codes = {key.removeprefix("t_") for key in keys("t_")}
    listed = {
        name
        for table, column in (("codes.csv", "code"), ("columns.csv", "column"))
        for row in _rows(table)
        for name in (row[column], *row["names"].split(";"))
    }
    words = {word for name in listed for word in name.split()}
    return frozenset(
        plain(term) for term in {*topics, *codes, *listed, *words, *_PLAIN_WORDS.split()}
    )


def is_term(text: str) -> bool:
    """Return whether a word or a topic is of the vocabulary of the suite.

    Examples
    --------
    >>> is_term("Жалоба"), is_term("Смағұлов")
    (True, False)
    """
    return plain(text) in _terms()


@dataclass(frozen=True)
class Guess:
    """A schema column that a header may stand for.

    `score` is 100 where the words are in the synonym table.
    """

    column: str
    score: float


@lru_cache(maxsize=4096)
def guess_column(header: str, dataset: str) -> Guess | None:
    """Return the column of the schema that is nearest to a header, or None where nothing is near.

    Examples
    --------
    >>> guess_column("Тіркелген күні", "appeals")
    Guess(column='registered', score=100.0)
    >>> guess_column("Tirkelgen kúni", "appeals")
    Guess(column='registered', score=100.0)
    >>> guess_column("ФИО заявителя", "appeals") is None
    True
    """
    from rapidfuzz import fuzz, process

    words = plain(header)
    known = _headers(dataset)
    if not words or (_PERSON.search(words) and known.get(words) != "candidate"):
        return None
    if words in known:
        return Guess(known[words], 100.0)
    found = process.extractOne(
        words, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=UNSURE
    )
    return Guess(known[found[0]], min(float(found[1]), 99.0)) if found else None


# Headers of columns that hold a person, an address, a telephone or free text: they are never taken.
_PERSON = re.compile(
    r"\b(?:fio|familiia|imia|otchestvo|iin|telefon|tel|phone|e ?mail|pochta|poshta|adres|address|"
    r"mekenzhai\w*|aty zhoni|aty|tegi|zhsn|tekst|text|description|soderzhanie|opisanie|"
    r"kommentarii|comment|mazmuny|full name|first name|last name)\b"
)


def guess_code(value: str, column: str) -> str | None:
    """Return the code of a category that a value stands for, or None.

    Examples
    --------
    >>> guess_code("Қанағаттандырылды", "outcome")
    'satisfied'
    """
    from rapidfuzz import fuzz, process

    words = plain(value)
    known = _codes(column)
    if words in known:
        return known[words]
    if len(words) < _SHORTEST_GUESSED:
        return None
    found = process.extract(words, known.keys(), scorer=fuzz.ratio, score_cutoff=SURE, limit=5)
    codes = {known[name] for name, _, _ in found}
    return codes.pop() if len(codes) == 1 else None
