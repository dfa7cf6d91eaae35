"""Match the words of a file to columns and codes of the schema.

They are in Kazakh (Cyrillic or Latin letters), Russian or English.
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
    outside = re.sub(r"\([^)]*\)", " ", text.casefold())
    spelled = outside.replace("№", " nomer ")
    spelled = spelled.replace("ý", "u").replace("ı", "i")  # у, и in the Latin alphabet of 2018
    letters = latin(spelled).replace("j", "zh")
    words = re.sub(r"[^a-z0-9]+", " ", letters)
    return " ".join(words.split())


def _rows(name: str) -> list[dict[str, str]]:
    folder = resources.files("analysis.records.reading") / "words"
    text = (folder / name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def _headers(dataset: str) -> dict[str, str]:
    rows = [row for row in _rows("columns.csv") if row["dataset"] == dataset]
    return _named(rows, "column")


def _named(rows: list[dict[str, str]], key: str) -> dict[str, str]:
    """Return name -> what it names; the key itself is a name as well, before all others."""
    named = {}
    for row in rows:
        for name in row["names"].split(";"):
            named[plain(name)] = row[key]
    for row in rows:
        named[plain(row[key])] = row[key]
    return named


@cache
def _codes(column: str) -> dict[str, str]:
    rows = [row for row in _rows("codes.csv") if row["column"] == column]
    return _named(rows, "code")


@cache
def given_names() -> frozenset[str]:
    """Return given names, in Cyrillic and Latin letters, of which a value may be one."""
    rows = _rows("given_names.csv")
    return frozenset(row["name"] for row in rows)


@cache
def _short_places() -> dict[str, str]:
    named = {}
    for row in _rows("places.csv"):
        for short in row["names"].split(";"):
            named[plain(short)] = row["name"]
    return named


def find_short_place(text: str) -> str:
    """Return the full name of a place that is written by its first letters, else the text itself.

    Examples
    --------
    >>> find_short_place("ВКО"), find_short_place("Астана")
    ('Восточно-Казахстанская область', 'Астана')
    """
    known = _short_places()
    short = plain(text)
    return known.get(short, text)


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

    terms = set(_PLAIN_WORDS.split())
    for key in keys("t_"):
        terms.add(key.removeprefix("t_"))
        terms |= {text(key, language) for language in languages()}
    for table, column in (("codes.csv", "code"), ("columns.csv", "column")):
        for row in _rows(table):
            names = [row[column], *row["names"].split(";")]
            terms.update(names)
            terms.update(word for name in names for word in name.split())
    return frozenset(map(plain, terms))


def is_term(text: str) -> bool:
    """Return whether a word or a topic is of the vocabulary of the suite.

    Examples
    --------
    >>> is_term("Жалоба"), is_term("Смағұлов")
    (True, False)
    """
    known = _terms()
    return plain(text) in known


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
    personal = _PERSON.search(words) and known.get(words) != "candidate"
    if not words or personal:
        return None
    if words in known:
        return Guess(known[words], 100.0)
    found = process.extractOne(
        words, known.keys(), scorer=fuzz.token_sort_ratio, score_cutoff=UNSURE
    )
    if not found:
        return None
    name, score, _ = found
    return Guess(known[name], min(float(score), 99.0))


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
