"""A template that comes back: its stamp is read, its headings stand for what they say, its example is nobody."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from exchange.imports import keys
from exchange.imports.kit import vocabulary as words
from exchange.imports.problems import Reading
from exchange.imports.tables import Row, Table, text_of

HEADINGS = {
    "students": {heading: name for name, heading in words.STUDENT_HEADINGS.items()},
    "interns": {heading: name for name, heading in words.INTERN_HEADINGS.items()},
}


def as_written(table: Table, kind: str) -> None:
    """The columns of a template are what its headings say, whatever stands in them."""
    known = HEADINGS[kind]
    named = {known[column.heading] for column in table.columns if column.heading in known}
    for column in table.columns:
        if column.heading in known:
            column.field, column.how = known[column.heading], "heading"
        elif column.field in named:
            column.field, column.how = None, "none"


def is_example(row: Row) -> bool:
    """The row of the example, as long as nobody typed over its surname."""
    return text_of(row.cells.get("last_name")).startswith(words.EXAMPLE.strip())


def without_examples(tables: Iterable[Table]) -> int:
    """Takes examples out of the tables; how many there were."""
    count = 0
    for table in tables:
        people = [row for row in table.rows if not is_example(row)]
        count += len(table.rows) - len(people)
        table.rows = people
    return count


def read_keys(readings: Iterable[Reading]) -> None:
    """Puts the record that each row names by its hidden key among its values. Of two rows with one key the first has it:
    whoever copies a row to write somebody new under it copies the key as well."""
    seen: set[str] = set()
    for reading in readings:
        text = text_of(reading.row.cells.get("key"))
        if not text:
            continue
        public_id = keys.read(text)
        if public_id is None:
            reading.warn(
                "key", _("Скрытый ключ строки не от этого реестра: запись ищется по ИИН, документу и имени. Проверьте строку")
            )
        elif public_id not in seen:
            seen.add(public_id)
            reading.values["key"] = public_id
