"""What own records are made of: the columns that are read and written for each data set."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.errors import UnknownName

# Kind of a column -> physical type in the protected Parquet.
PHYSICAL = {
    "date": "DATE",
    "category": "VARCHAR",
    "count": "BIGINT",
    "key": "VARCHAR",
    "place": "VARCHAR",
    "body": "VARCHAR",
    "bool": "BOOLEAN",
}


@dataclass(frozen=True)
class Column:
    """One column: its name in the mapping, its kind, and how it is written.

    `codes` lists the allowed values of a category; a category without codes has an open vocabulary.
    `written` is the name in the output where it differs from the name in the input."""

    name: str
    kind: str
    codes: tuple[str, ...] = ()
    required: bool = False
    written: str = ""

    @property
    def output(self) -> str:
        """Return the name of the column where it is written."""
        if self.written:
            return self.written
        return self.name


@dataclass(frozen=True)
class Schema:
    """The columns of a data set.

    `year_of` is the date that the partitions `year=...` go by. `identity` are the output columns
    that must be filled before two rows that agree in every column count as one: without them two
    different records may well agree. Rows are of persons where `person_level` is true, or, for
    meetings, where the kind is among `person_level_kinds`."""

    dataset: str
    columns: tuple[Column, ...]
    year_of: str
    identity: tuple[str, ...]
    person_level: bool
    person_level_kinds: tuple[str, ...] = ()

    @property
    def keyed(self) -> bool:
        """Whether a case has a number, under which a newer version of it is found."""
        for column in self.columns:
            if column.kind == "key" and column.output in self.identity:
                return True
        return False

    @property
    def public(self) -> bool:
        """Whether the names in it are published.

        Those of candidates and of polling stations are.
        """
        return self.dataset == "elections"

    def column(self, name: str) -> Column:
        """Return a column by its name in the mapping."""
        for column in self.columns:
            if column.name == name:
                return column
        known = [column.name for column in self.columns]
        raise UnknownName(f"column of {self.dataset}", name, known)

    def written(self) -> dict[str, str]:
        """Return output column -> physical type, in the order of the Parquet files.

        Examples
        --------
        >>> list(SCHEMAS["meetings"].written().items())[:3]
        [('date', 'DATE'), ('place', 'VARCHAR'), ('place_id', 'VARCHAR')]
        """
        types: dict[str, str] = {}
        for column in self.columns:
            types[column.output] = PHYSICAL[column.kind]
            if column.kind == "place":
                types["place_id"] = "VARCHAR"
        return types


TYPES = ("application", "complaint", "inquiry", "message", "proposal", "response")
OUTCOMES = (
    "clarified", "satisfied", "partly_satisfied", "refused", "redirected", "withdrawn",
    "not_considered", "terminated",
    "taken_into_account", "other",
)  # fmt: skip
STATES = ("in_progress", "suspended", "done", "withdrawn", "redirected", "other")
LEVELS = ("national", "region", "city", "district", "town", "rural_district")
MEETING_KINDS = ("report_meeting", "open_door_day", "reception", "public_council", "other")
HOLDERS = ("akim", "deputy_akim", "head_of_body", "other")

SCHEMAS = {
    "appeals": Schema(
        dataset="appeals",
        columns=(
            Column("registration_number", "key", written="appeal_key"),
            Column("registered", "date", required=True),
            Column("deadline", "date"),
            Column("finished", "date"),
            Column("type", "category", codes=TYPES),
            Column("topic", "category"),
            Column("body", "body"),
            Column("executing_body", "body"),
            Column("place", "place"),
            Column("channel", "category"),
            Column("applicant_kind", "category", codes=("individual", "organisation")),
            Column("language", "category", codes=("kk", "ru", "en", "other")),
            Column("outcome", "category", codes=OUTCOMES),
            Column("state", "category", codes=STATES),
            Column("prolonged", "count"),
            Column("repeat_of", "key"),
            Column("redirected_from", "key"),
            Column("simulated", "bool"),
        ),
        year_of="registered",
        identity=("appeal_key",),
        person_level=True,
    ),
    "meetings": Schema(
        dataset="meetings",
        columns=(
            Column("date", "date", required=True),
            Column("place", "place"),
            Column("level", "category", codes=LEVELS),
            Column("kind", "category", codes=MEETING_KINDS),
            Column("held_by", "category", codes=HOLDERS),
            Column("participants", "count"),
            Column("questions", "count"),
            Column("resolved", "count"),
            Column("broadcast", "bool"),
            Column("simulated", "bool"),
        ),
        year_of="date",
        identity=("place", "participants", "questions"),
        person_level=False,
        person_level_kinds=("reception",),
    ),
    "elections": Schema(
        dataset="elections",
        columns=(
            Column("date", "date", required=True),
            Column("place", "place"),
            Column("station", "category"),
            Column("office", "category"),
            Column("listed", "count"),
            Column("voted", "count"),
            Column("against_all", "count"),
            Column("invalid", "count"),
            Column("candidates", "count"),
            Column("candidate", "category"),
            Column("votes", "count"),
            Column("simulated", "bool"),
        ),
        year_of="date",
        identity=("station", "listed"),
        person_level=False,
    ),
}


def schema(dataset: str) -> Schema:
    """Return the schema of a data set.

    Raises
    ------
    UnknownName
        If there is no such data set.

    Examples
    --------
    >>> schema("appeals").year_of
    'registered'
    """
    if dataset not in SCHEMAS:
        raise UnknownName("data set of records", dataset, SCHEMAS)
    return SCHEMAS[dataset]
