"""The gate for personal data: whatever is shown or written passes here.

What the allow-list of columns let through is looked at value by value. Numbers and addresses of
persons are found by their form, in any spelling; names by patronymics, initials, surnames and a
list of given names. A value that no rule finds may still be a person: so a value of an open
category that fewer rows
than `rare` carry is written as "other" unless a vocabulary has it (k-anonymity).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from analysis.records.reading.values import pattern
from analysis.records.reading.vocabulary import given_names, is_term
from analysis.records.schemas import Column, Schema
from analysis.reference.names import latin

# A column with a greater share of hits is dropped as a whole; with fewer, the cells are hidden.
COLUMN_SHARE = 0.01
# A value of an open category that fewer rows carry is written as OTHER.
RARE = 5
OTHER = "other"
LONGEST_TERM = 200
_MOST_SHOWN = 300
_SHORTEST_TELLING = 9
_LETTER = r"[^\W\d_]"
_SEPARATORS = r"[\s\-‐‑‒–—―−./\\|_,:;·•*()\[\]]"
_BETWEEN_DIGITS = re.compile(rf"(?<=\d){_SEPARATORS}{{1,4}}(?=\d)")
_DATE = re.compile(
    r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})\b"
)
_AT = r"\s*(?:@|\(at\)|\[at\]|\{at\}|<at>|\(а\)|\bat\b|_at_|\(собака\)|\bсобака\b)\s*"
_DOT = r"\s*(?:\.|\(dot\)|\[dot\]|\bdot\b|_dot_|\(точка\)|\bточка\b)\s*"
_EMAIL = re.compile(rf"[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}\w{{2,}}", re.I)
_HANDLE = re.compile(
    r"(?<![\w@])@[^\W\d][\w.]{2,}"
    r"|\b(?:t\.me|wa\.me|vk\.com|instagram\.com|facebook\.com|ok\.ru|tiktok\.com)\s*/\s*\S+"
    r"|\b(?:mailto|tg|telegram|телеграм|insta|instagram|инстаграм|vk|вк|skype|facebook|фейсбук)"
    r"\s?[:/]\s?[a-z]\S{2,}",
    re.I,
)
_PHONE = re.compile(
    r"(?<!\d)(?:\+?7|8)[\s\-()]*7(?:[\s\-()]*\d){9}(?!\d)|\+\d(?:[\s\-()]*\d){9,13}(?!\d)"
    r"|\(\d{3}\)\s?\d{3}[-. ]\d{4}(?!\d)|(?<![\d-])\d{3}[-. ]\d{3}[-. ]\d{4}(?!\d)"
)
_CALLED = re.compile(
    r"(?<!\w)(?:тел|моб|сот|факс|tel|mob|phone|whatsapp|ватсап)\w*\W{0,4}\+?\d[\d\s\-–().]{3,}",
    re.I,
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[\s\-]?[A-Z0-9]){11,30}(?![A-Z0-9])", re.I)
_PLATE = re.compile(
    r"(?<!\w)\d{2}\s?KZ\s?\d{3}\s?[A-Z]{2,3}(?!\w)|"
    r"(?<!\w)(?:\d{3}[\s\-]?[A-ZА-Я]{2,3}[\s\-]?\d{2}|[A-ZА-Я][\s\-]?\d{3}[\s\-]?[A-ZА-Я]{2,3}(?:[\s\-]?\d{2,3})?)(?!\w)",
    re.I,
)
_DOCUMENT = re.compile(
    r"(?<!\w)(?:паспорт\w*|удостоверени\w*|уд\.?\s?л(?:ич)?\w*|удост\w*|куәлі\w*|passport"
    r"|id\s?card|identity card|doc)\W{0,6}(?:№|no|n|nr)?\W{0,3}[A-ZА-Я]{0,2}\s?\d{5,}"
    r"|(?<!\w)[A-ZА-Я]{1,2}\s?\d{7,9}(?!\w)",
    re.I,
)
_COORDINATES = re.compile(
    r"-?\d{1,3}[.,]\d{3,}\s*°?\s*[NSEWСЮВЗ]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,}|\d{1,3}\s?°\s?\d", re.I
)
_FLAT = re.compile(
    r"(?<!\w)(?:кв|квартира|пәтер|пат|apt|apartment|flat|unit|kv|pater|suite)\.?\s*(?:№|#)?\s*\d+"
    r"|(?<!\w)(?:үй|дом|д|uy|house|dom)\.?\s*(?:№|#)?\s*\d+\s*[,/\-]",
    re.I,
)
_STREET = re.compile(
    r"(?<!\w)(?:ул|улица|көшесі|көш|пр|просп|проспект|даңғылы|мкр|мкрн|микрорайон"
    r"|шағын аудан\w*|пер|переулок|тұйығы|street|str|avenue|ave|koshesi)"
    r"\.?(?!\w)[^,;]{0,40}?[\s,]+(?:(?:д|дом|үй)\.?\s*)?\d+\s*[а-яa-z]?(?:\s*[-/,]\s*\d+)?\s*$"
    r"|[^,;]{3,40}\s(?:көшесі|көш\.|street|avenue|даңғылы|koshesi)[\s,]+\d+",
    re.I,
)
_HOUSE_AND_FLAT = re.compile(
    rf"^(?:{_LETTER}+\.?[\s-]*){{1,3}}\s\d{{1,3}}{_LETTER}?\s?[-/]\s?\d{{1,3}}$"
)
_PATRONYMIC = re.compile(
    r"\w{2,}(?:ович|евич|ёвич|овна|евна|ұлы|қызы)(?:а|у|ом|е|ой|ы)?\b"
    r"|\b\w{3,}(?:ovich|evich|ovna|evna|uly|kyzy|qyzy|ūly|úly|ulı|qızı|ұлы)\b|\b\w{3,}инична\b"
    r"|\w{3,}\s(?:ұлы|қызы|улы|кызы|uly|kyzy|qyzy)\b|\w{3,}(?:кызы|(?<![ао])улы)\b"
)
_TITLED_PERSON = re.compile(
    r"(?<!\w)(?i:гр|г-н|г-жа|гражданин\w*|гражданк\w*|господин\w*|госпож\w*|mr|mrs|ms)\.?\s+[A-ZА-ЯЁ]\w{2,}"
    r"|(?<!\w)\w{3,}\s+(?i:мырза|ханым)(?!\w)"
)
# Letters one by one with spaces between them, as words are written so that no search finds them.
_SPACED = re.compile(rf"(?<!\w)(?:{_LETTER}\s){{4,}}")
_LETTER_O = re.compile(r"(?<=\d)[oо]+(?=\d)", re.I)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_BEFORE = r"(?<!им\. )(?<!имени )(?<!им\.)(?<!ул\. )(?<!улица )(?<!атындағы )"
_AFTER_SURNAME = re.compile(
    rf"(?<!\w)({_LETTER}{{3,}}(?:-{_LETTER}{{2,}})?)[\s,]+{_LETTER}\s?\.\s*(?:{_LETTER}\s?\.?(?!\w)|$)"
)
_BEFORE_SURNAME = re.compile(rf"{_NOT_BEFORE}(?<!\w){_LETTER}\.\s*{_LETTER}\.\s*{_LETTER}{{3,}}")
_ONE_BEFORE = re.compile(rf"{_NOT_BEFORE}(?<!\w){_LETTER}\.\s*({_LETTER}{{3,}})(?!\w)")
_BARE_INITIALS = re.compile(rf"(?<!\w)({_LETTER}{{3,}})\s+{_LETTER}\s?{_LETTER}?$")
_NO_SURNAME = frozenset(
    [
        "имени",
        "улица",
        "школа",
        "атындағы",
        "проспект",
        "школы",
        "лицей",
        "гимназия",
        "город",
        "отдел",
        "street",
        "school",
        "группа",
        "класс",
        "литер",
        "корпус",
        "блок",
        "том",
        "часть",
        "пункт",
    ]
)
_INSTITUTION = re.compile(
    r"\b(?:county|park|school|street|avenue|road|department|office|city|town|village|district|hospital|university|church|cent(?:er|re)|bridge|"
    r"beach|hill|lake|river|square|station|bureau|division|court|library|район\w*|област\w*|город\w*|школ\w*|больниц\w*|парк|улиц\w*|округ\w*|"
    r"аудан\w*|облыс\w*|акимат\w*|әкімд\w*|управлен\w*|отдел\w*|министерств\w*|департамент\w*|комитет\w*|басқарма\w*|бөлім\w*|қала\w*|ауыл\w*)\b"
)
_TITLED = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)?")
_SURNAME = re.compile(
    r"\w{2,}(?:ов|ова|ев|ева|ёв|ёва|ин|ина|баев|баева|беков|бекова|ский|ская|енко|анов|анова|[oe]v|[oe]va|bayev|bekov|sky|skaya|enko)$"
)
# Endings that surnames have and hardly any other word.
_SURE_SURNAME = re.compile(
    r"\w{2,}(?:баев|беков|ханов|манов|жанов|галиев|алиев|[oe]va|bayev|bekov)а?$|\w{4,}(?:ова|ева)$"
)
_SPEECH = re.compile(
    r"\b(?:прошу|просим|помогите|уважаем\w+|пожалуйста|обращаюсь|жалуюсь|сұраймын|сұраймыз|өтінемін|өтінеміз|құрметті|көмектесіңіз|"
    r"please|dear sir|i am writing|help me|у меня|мой сосед|моего|моей|мою|менің|мені"
    r"|my \w+|мой \w+|моя \w+|болею|болеет|диагноз\w*)\b"
)
_COMPANY_NUMBER = re.compile(r"(?<!\w)(?:бин|бсн|bin)\W", re.I)
_IIN_LENGTH, _PHONE_LENGTHS, _CARD_LENGTHS = 12, (10, 11), range(13, 20)
_LENGTHS_OF_IIN = range(_SHORTEST_TELLING, _IIN_LENGTH + 1)
# The parts of an individual identification number; with this remainder the other weights are used.
_MONTHS, _DAYS, _CENTURIES = range(1, 13), range(1, 32), range(1, 7)
_WEIGHTS, _SECOND_WEIGHTS = range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
_SECOND_WEIGHTS_FROM = 10
_MOST_DIGIT = 9
# An account has so many digits; a name has so many words.
_DIGITS_OF_ACCOUNT, _WORDS_OF_NAME, _WORDS_OF_SHORT_NAME = 6, range(2, 5), range(2, 4)
# Words of file names that are too short to be a name, and columns too small to be judged.
_SHORT_WORD, _FEW_VALUES, _FEW_ROWS = 3, 3, 50
# A column is of one kind where half of its values are; text is longer than so many letters.
_MOST_OF_COLUMN, _LENGTH_OF_TEXT = 0.5, 25


def is_iin(digits: str) -> bool:
    """Check the date, the century digit and the check digit of an individual identification number.

    The rule is the one of the national register: weights 1 to 11, and 3 to 11, 1, 2 where the
    first sum leaves 10. A random number of twelve digits passes the check digit alone in one case
    of ten.

    Examples
    --------
    >>> is_iin("900101300017"), is_iin("900101300018")
    (True, False)
    """
    if not re.fullmatch(r"\d{12}", digits):
        return False
    month = int(digits[2:4])
    day = int(digits[4:6])
    century = int(digits[6])
    if month not in _MONTHS or day not in _DAYS:
        return False
    if century not in _CENTURIES:
        return False
    *numbers, last = map(int, digits)
    check = _weighted(numbers, _WEIGHTS)
    if check == _SECOND_WEIGHTS_FROM:
        check = _weighted(numbers, _SECOND_WEIGHTS)
    return check == last


def _weighted(numbers: list[int], weights: Iterable[int]) -> int:
    total = 0
    for number, weight in zip(numbers, weights, strict=True):
        total += number * weight
    return total % 11


def _is_card(digits: str) -> bool:
    """Check a number of a bank card by its last digit (Luhn)."""
    total = 0
    from_the_right = reversed(digits)
    for place, digit in enumerate(from_the_right):
        number = int(digit)
        if place % 2 == 1:
            number *= 2
        # The digits of a number of two digits are added up.
        if number > _MOST_DIGIT:
            number -= 9
        total += number
    return total % 10 == 0


def _number(text: str) -> str | None:
    """Return what a long number in a text is, whatever stands between its digits."""
    without_dates = _DATE.sub(" ", text)
    together = _BETWEEN_DIGITS.sub("", without_dates)
    for digits in re.findall(r"\d+", together):
        length = len(digits)
        if length in _CARD_LENGTHS and _is_card(digits):
            return "card"
        if length <= _IIN_LENGTH and length >= _SHORTEST_TELLING and is_iin(digits.zfill(12)):
            return "IIN"
        if length in _PHONE_LENGTHS and digits[0] in "78":
            return "telephone"
        if length >= _SHORTEST_TELLING and not _COMPANY_NUMBER.search(text):
            return "number"
    return None


def _address(text: str) -> str | None:
    for kind, rule in (
        ("e-mail", _EMAIL),
        ("handle", _HANDLE),
        ("telephone", _PHONE),
        ("telephone", _CALLED),
        ("coordinates", _COORDINATES),
        ("address", _FLAT),
        ("address", _STREET),
        ("address", _HOUSE_AND_FLAT),
        ("document", _DOCUMENT),
        ("plate", _PLATE),
    ):
        if rule.search(text):
            return kind
    iban = _IBAN.search(text)
    digits = sum(map(str.isdigit, iban[0])) if iban else 0
    return "account" if digits >= _DIGITS_OF_ACCOUNT else None


def _has_initials(text: str) -> bool:
    after = _AFTER_SURNAME.search(text)
    if after and after[1].casefold() not in _NO_SURNAME:
        return True
    if _BEFORE_SURNAME.search(text):
        return True
    for rule in (_ONE_BEFORE, _BARE_INITIALS):
        found = rule.search(text)
        if found and _SURNAME.search(found[1].casefold()):
            return True
    return False


def _is_name(text: str, *, place: bool) -> bool:
    folded = text.casefold()
    if _PATRONYMIC.search(folded) or _has_initials(text):
        return True
    if _TITLED_PERSON.search(text) or _SPACED.search(text):
        return True
    if place or _INSTITUTION.search(folded):
        return False
    words = _TITLED.findall(text)
    return _are_words_of_name(text, words)


def _are_words_of_name(text: str, words: list[str]) -> bool:
    """Return whether all words of a text are a given name and a surname, in any order."""
    if len(words) not in _WORDS_OF_NAME:
        return False
    letters = sum(map(len, words))
    between = len(words) - 1
    whole = letters + between
    if whole != len(text.strip()):
        return False
    given = [_is_given_name(word) for word in words]
    if all(given):
        return True
    capitals = all(word[0].isupper() for word in words)
    if capitals and any(map(_is_sure_surname, words)):
        return True
    named = capitals or any(map(_is_surname, words))
    return named and any(given)


def _is_given_name(word: str) -> bool:
    known = given_names()
    as_written = word.casefold()
    in_latin = latin(word)
    return as_written in known or in_latin in known


def _is_sure_surname(word: str) -> bool:
    found = _SURE_SURNAME.search(word.casefold())
    return found is not None


def _is_surname(word: str) -> bool:
    found = _SURNAME.search(word.casefold())
    return found is not None


def _may_be_name(text: str) -> bool:
    """Return whether two or three words with capitals may be a name: telling for a column only."""
    words = text.split()
    if len(words) not in _WORDS_OF_SHORT_NAME:
        return False
    titled = all(map(_is_titled, words))
    if not titled or not any(map(_is_surname, words)):
        return False
    folded = text.casefold()
    return not _INSTITUTION.search(folded)


def _is_titled(word: str) -> bool:
    first = word[:1]
    letters = word.isalpha()
    return letters and first.isupper()


@lru_cache(maxsize=65536)
def find(text: str, *, place: bool = False, public: bool = False) -> str | None:
    """Return what kind of personal data a term holds, or None.

    A place may be named after a person; where names are public, only numbers and addresses of
    persons are looked for.

    Examples
    --------
    >>> find("Дороги"), find("Иванов Иван Иванович"), find("a (at) b.kz"), find("701.123–45–67")
    (None, 'name', 'e-mail', 'telephone')
    """
    text = _plainly(text)
    if public:
        return _public_find(text)
    found = _address(text) or _number(text)
    if found:
        return found
    if _is_name(text, place=place):
        return "name"
    long = len(text) > LONGEST_TERM
    return "free text" if long or _SPEECH.search(text.casefold()) else None


def _plainly(text: str) -> str:
    """Return a text without what hides a value: letters in full width, unseen marks, O for 0."""
    usual = unicodedata.normalize("NFKC", text)
    seen = _UNSEEN.sub("", usual)
    return _LETTER_O.sub(_zeros, seen)


def _zeros(found: re.Match[str]) -> str:
    length = len(found[0])
    return "0" * length


def _public_find(text: str) -> str | None:
    if _EMAIL.search(text):
        return "e-mail"
    if _PHONE.search(text):
        return "telephone"
    found = _number(text)
    return found if found in ("IIN", "card") else None


def holds_iin(values: Iterable[str]) -> bool:
    """Decide by the column whether numbers are IINs: at least half are, leading zeros given back.

    Examples
    --------
    >>> holds_iin(["900101300017", "90101300016"]), holds_iin(["900101300018", "900101300019"])
    (True, False)
    """
    bare = [_bare_number(value) for value in values if value]
    if not bare:
        return False
    hits = sum(map(_is_short_iin, bare))
    return hits >= _MOST_OF_COLUMN * len(bare)


def _bare_number(text: str) -> str:
    """Return a number without separators, and without the point that spreadsheets put behind."""
    tidy = text.strip()
    whole = re.sub(r"\.0+$", "", tidy)
    return re.sub(_SEPARATORS, "", whole)


def _is_short_iin(digits: str) -> bool:
    """Return whether a number is an IIN, of which a spreadsheet may have cut leading zeros."""
    if len(digits) not in _LENGTHS_OF_IIN:
        return False
    whole = digits.zfill(_IIN_LENGTH)
    return is_iin(whole)


@dataclass(frozen=True)
class Guard:
    """The gate of one data set.

    Parameters
    ----------
    schema : Schema
    rare : int
        A value of an open category that fewer rows carry is written as "other"; 1 lets all through.
    known : callable
        Says whether a value of a column is of a vocabulary, and so passes however rare.
    """

    schema: Schema
    rare: int = RARE
    known: Callable[[str, str], bool] = field(default=lambda column, value: is_term(value))

    def header(self, text: str) -> str:
        """Return a header for people; of one that is personal itself only what it looks like."""
        words = " ".join(text.split())
        short = words[:_MOST_SHOWN]
        personal = find(short, public=self.schema.public)
        if personal:
            return f"[{pattern(short)}]"
        return short

    def value(self, text: str, column: Column) -> str | None:
        """Return why a value must not pass, or None."""
        public = self.schema.public
        is_place = column.kind == "place"
        return find(text, place=is_place, public=public)

    def may_show(self, text: str, column: Column, count: int) -> bool:
        """Return whether a value may be printed or put into a mapping file."""
        common = count >= self.rare
        if not common and not self.schema.public:
            common = self.known(column.name, text)
        if not common:
            return False
        reason = self.value(text, column)
        return reason is None

    def file_name(self, name: str, number: int) -> str:
        """Return a name of a file or sheet as it is written: whole if all its words are known."""
        digits = sum(map(str.isdigit, name))
        words = re.findall(rf"{_LETTER}+|\d+", name)
        plain = all(map(_is_plain, words))
        if plain and digits < _SHORTEST_TELLING:
            personal = find(name)
            if not personal:
                return name
        ending = re.search(r"\.[a-z]{2,7}$", name.casefold())
        if ending is None:
            return f"file {number}"
        return f"file {number}{ending[0]}"

    def sample(self, values: list[str], column: Column) -> str | None:
        """Return why a column must be dropped by its first rows, or None."""
        if column.kind in ("count", "key"):
            return self.numbers(values)
        open_terms = column.kind == "category" and not column.codes
        if column.name == "candidate":
            open_terms = False
        if not open_terms and column.kind not in ("body", "place"):
            return None
        counts = Counter(values)
        return self.column(counts, column)

    def numbers(self, values: Iterable[str]) -> str | None:
        """Return why a column of numbers or keys must be dropped, or None."""
        values = list(values)
        if holds_iin(values):
            return "IIN"
        stripped = [value.strip() for value in values]
        most = _MOST_OF_COLUMN * len(values)
        for kind, rule in (("telephone", _PHONE), ("e-mail", _EMAIL)):
            hits = [value for value in stripped if rule.fullmatch(value)]
            if hits and len(hits) >= most:
                return kind
        return None

    def column(self, counts: Mapping[str, int], column: Column) -> str | None:
        """Return why a column of terms must be dropped, from its values and their counts."""
        found = self.cells(counts, column)
        total = sum(counts.values())
        hit = sum(counts[value] for value in found)
        if hit > COLUMN_SHARE * total:
            worst = max(found, key=lambda value: counts[value])
            return found[worst]
        if self.schema.public:
            return None
        if column.kind != "place" and _are_names(counts):
            return "name"
        if self._is_text(counts, total):
            return "free text"
        return None

    def _is_text(self, counts: Mapping[str, int], total: int) -> bool:
        if not self.schema.person_level:
            return False
        if total < _FEW_ROWS:
            return False
        different = len(counts)
        many = different > _MOST_OF_COLUMN * total
        length = sum(map(len, counts))
        return many and length > _LENGTH_OF_TEXT * different

    def cells(self, counts: Mapping[str, int], column: Column) -> dict[str, str]:
        """Return the values that must not pass, with the reason.

        What many rows say in the same words is no free text of one person.
        """
        found = {}
        many = 2 * self.rare if self.rare > 1 else math.inf
        for value, count in counts.items():
            reason = self.value(value, column)
            if reason == "free text" and count >= many:
                continue
            if reason:
                found[value] = reason
        return found


def _are_names(values: Collection[str]) -> bool:
    if len(values) < _FEW_VALUES:
        return False
    names = sum(map(_may_be_name, values))
    return names >= _MOST_OF_COLUMN * len(values)


def _is_plain(word: str) -> bool:
    """Return whether a word of a file name may be told: it is short, known, or a year."""
    if len(word) <= _SHORT_WORD or is_term(word):
        return True
    year = re.fullmatch(r"(?:19|20)\d\d", word)
    return year is not None
