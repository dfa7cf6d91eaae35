"""The second net: find persons, telephones, e-mail addresses and free text in what the allow-list let through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from analysis.records.reading.vocabulary import given_names
from analysis.reference.names import latin

# A column with more than this share of hits is dropped as a whole; with fewer, the rows are rejected.
COLUMN_SHARE = 0.01
LONGEST_TERM = 200
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\.\w+")
_PHONE = re.compile(
    r"(?<!\d)(?:\+?7|8)[\s\-()]*7(?:[\s\-()]*\d){9}(?!\d)|\+\d(?:[\s\-()]*\d){9,13}(?!\d)|\(\d{3}\)\s?\d{3}[-. ]\d{4}(?!\d)|"
    r"(?<![\d-])\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)"
)
_TWELVE = re.compile(r"(?<!\d)\d{6}[\s-]?\d{6}(?!\d)")
_PATRONYMIC = re.compile(
    r"\w{2,}(?:ович|евич|ёвич|овна|евна)\b|\w{3,}(?:ұлы|қызы)\b|\b\w{3,}(?:ovich|evich|ovna|evna|uly|kyzy|qyzy)\b|\b\w{3,}инична\b"
)
_INITIALS = re.compile(
    r"\b[А-ЯЁӘҒҚҢӨҰҮҺІA-Z][а-яёәғқңөұүһіa-z]+\s+[А-ЯЁӘҒҚҢӨҰҮҺІA-Z]\.\s?(?:[А-ЯЁӘҒҚҢӨҰҮҺІA-Z]\.|$)"
)
_INITIALS_FIRST = re.compile(
    r"(?<!им\. )(?<!имени )(?<!ул\. )\b[А-ЯЁӘҒҚҢӨҰҮҺІ]\.\s?(?:[А-ЯЁӘҒҚҢӨҰҮҺІ]\.\s?)?[А-ЯЁӘҒҚҢӨҰҮҺІ][а-яёәғқңөұүһі]+(?:ов|ова|ев|ева|ин|ина|ий|ая|баев|беков)\b"
)
_INSTITUTION = re.compile(
    r"\b(?:county|park|school|street|avenue|road|department|office|city|town|village|district|hospital|university|church|cent(?:er|re)|bridge|"
    r"beach|hill|lake|river|square|station|bureau|division|court|library|район|область|город|школа|больница|парк|улица|округ|аудан\w*|облыс\w*)\b"
)
_TITLED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")
_SURNAME = re.compile(
    r"\w{2,}(?:ов|ова|ев|ева|ин|ина|баев|баева|беков|бекова|ский|ская|енко|[oe]v|[oe]va)\b"
)
_SPEECH = re.compile(
    r"\b(?:прошу|просим|помогите|уважаем\w+|пожалуйста|обращаюсь|жалуюсь|сұраймын|сұраймыз|өтінемін|өтінеміз|құрметті|көмектесіңіз|"
    r"please|dear sir|i am writing|help me)\b"
)


def is_iin(digits: str) -> bool:
    """Check the date, the century digit and the check digit of an individual identification number.

    The rule is the one of the national register: weights 1 to 11, and 3 to 11, 1, 2 where the first sum leaves 10. A random
    number of twelve digits passes the check digit alone in one case of ten: decide by the column.

    Examples
    --------
    >>> is_iin("900101300017"), is_iin("900101300018")
    (True, False)
    """
    if not re.fullmatch(r"\d{12}", digits):
        return False
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= int(digits[6]) <= 6 and year >= 0):
        return False
    numbers = [int(digit) for digit in digits]
    check = sum(number * weight for number, weight in zip(numbers, range(1, 12), strict=False)) % 11
    if check == 10:
        weights = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
        check = sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11
    return check == numbers[11]


def _is_name(text: str, *, place: bool) -> bool:
    if (
        _PATRONYMIC.search(text.casefold())
        or _INITIALS.search(text)
        or _INITIALS_FIRST.search(text)
    ):
        return True
    words = _TITLED.findall(text)
    if (
        place
        or _INSTITUTION.search(text.casefold())
        or not 2 <= len(words) <= 4
        or sum(map(len, words)) + len(words) - 1 != len(text.strip())
    ):
        return False
    given = given_names()
    return all(word[0].isupper() for word in words) and any(
        {word.casefold(), latin(word)} & given for word in words
    )


def _may_be_name(text: str) -> bool:
    """Two or three words with capitals, one of them ending as surnames do: telling for a column, not for one value."""
    words = text.split()
    titled = 2 <= len(words) <= 3 and all(word[:1].isupper() and word.isalpha() for word in words)
    return (
        titled
        and bool(_SURNAME.search(text.casefold()))
        and not _INSTITUTION.search(text.casefold())
    )


def find(text: str, *, place: bool = False, public: bool = False) -> str | None:
    """Say what kind of personal data a term holds, or None.

    A place may be named after a person; where names are public, only numbers and addresses of persons are looked for.

    Examples
    --------
    >>> find("Дороги"), find("Иванов Иван Иванович"), find("a@b.kz"), find("8 (701) 123-45-67"), find("Прошу помочь")
    (None, 'name', 'e-mail', 'telephone', 'free text')
    """
    if "@" in text and _EMAIL.search(text):
        return "e-mail"
    if any(is_iin(re.sub(r"\D", "", found)) for found in _TWELVE.findall(text)):
        return "IIN"
    if _PHONE.search(text):
        return "telephone"
    if not public and _is_name(text, place=place):
        return "name"
    return (
        "free text"
        if not public and (len(text) > LONGEST_TERM or _SPEECH.search(text.casefold()))
        else None
    )


def holds_iin(values: Iterable[str]) -> bool:
    """Decide by the column whether numbers are IINs: at least half of the values are, leading zeros given back.

    Examples
    --------
    >>> holds_iin(["900101300017", "90101300016"]), holds_iin(["900101300018", "900101300019"])
    (True, False)
    """
    values = [re.sub(r"\.0+$", "", re.sub(r"[\s-]", "", value)) for value in values if value]
    hits = sum(is_iin(value.zfill(12)) for value in values if 9 <= len(value) <= 12)
    return bool(values) and hits >= 0.5 * len(values)


def judge_terms(
    counts: Mapping[str, int], *, person_level: bool, place: bool = False, public: bool = False
) -> tuple[str | None, dict[str, str]]:
    """Decide on a column of terms from its values and how often each is there.

    Returns
    -------
    tuple of (str or None, dict)
        The reason to drop the whole column, and each value that must not pass with its reason.
    """
    found = {
        value: reason for value in counts if (reason := find(value, place=place, public=public))
    }
    total = sum(counts.values())
    hit = sum(counts[value] for value in found)
    if hit > COLUMN_SHARE * total:
        worst = max(found, key=lambda value: counts[value])
        return found[worst], found
    if (
        not public
        and not place
        and len(counts) >= 3
        and sum(map(_may_be_name, counts)) >= 0.5 * len(counts)
    ):
        return "name", found
    many = len(counts) > 0.5 * total and total >= 50
    long = total and sum(len(value) for value in counts) > 25 * len(counts)
    if person_level and many and long:
        return "free text", found
    return None, found


def judge_numbers(values: Iterable[str]) -> str | None:
    """Return why a column of numbers or keys must be dropped, or None."""
    values = list(values)
    if holds_iin(values):
        return "IIN"
    for kind, test in (("telephone", _PHONE), ("e-mail", _EMAIL)):
        if values and sum(bool(test.fullmatch(value.strip())) for value in values) >= 0.5 * len(
            values
        ):
            return kind
    return None
