"""A row of a roster as an order: what happened to a student, by which paper, since when."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask_babel import gettext as _

from exchange.imports import vocabulary, vocabulary_events
from exchange.imports.problems import Reading
from exchange.imports.reading import plain, read_date
from exchange.imports.vocabulary_events import ELSEWHERE, ENROLMENT, Movement
from exchange.imports.vocabulary_text import plain as words_of
from exchange.reference import classifiers
from exchange.students import order_kinds, rules

# What tells who a row of an order speaks of; the rest of a card need not be there.
IDENTITY = ("key", "iin", "passport")
NAMED = ("last_name", "first_name", "born")
OWN_PAPER = ("event_order", "event_order_number", "event_order_date")
PLAIN_PAPER = ("order", "order_number", "order_date")
REINSTATEMENT = "reinstatement"


def read(reading: Reading, today: dt.date) -> bool:
    """Whether the row brings an order; then `event` among its values says what the order does."""
    told = plain(reading.row.cells.get("event"))
    movement = vocabulary_events.movement(told) if told else _by_status(reading)
    if movement is None:
        if told and vocabulary.status(told) != "studying":
            reading.remark(
                "event",
                _(
                    "Не нашли движение «%(text)s». Напишите, например, «отчислен», «выпущен» или «переведён на 3 курс»",
                    text=told,
                ),
            )
        return False
    if movement.type_code == ENROLMENT:
        return False
    if movement.type_code == ELSEWHERE:
        reading.remark(
            "event",
            _("«%(text)s»: этот приказ вносят в карточке студента, не списком. Уберите строку", text=told or _status(reading)),
        )
        return False
    number, signed = _paper(reading, today)
    if number and signed is not None:
        _say(reading, movement, number, signed, today)
    return True


def _status(reading: Reading) -> str:
    return plain(reading.row.cells.get("status"))


def _by_status(reading: Reading) -> Movement | None:
    """A word of state is a movement where an order stands beside it: who is on leave, is so by an order that nobody named."""
    text = _status(reading)
    movement = vocabulary_events.movement(text) if text else None
    if movement is None or movement.type_code in (ENROLMENT, ELSEWHERE):
        return None
    if _filled(reading, OWN_PAPER):
        return movement
    status = classifiers.statuses().get(vocabulary.status(text) or "")
    is_plain = movement.type_code == "course_transfer" or (status is not None and not status.in_contingent)
    return movement if is_plain and _filled(reading, _plain_paper(reading)) else None


def _filled(reading: Reading, names: tuple[str, ...]) -> bool:
    return any(plain(reading.row.cells.get(name)) for name in names)


def _plain_paper(reading: Reading) -> tuple[str, ...]:
    """Columns of an order that do not say that it is the one of enrolment."""
    columns = reading.row.columns
    return tuple(
        name
        for name in PLAIN_PAPER
        if name in columns and not vocabulary_events.OF_ENROLMENT.search(words_of(columns[name].heading))
    )


def _paper(reading: Reading, today: dt.date) -> tuple[str, dt.date | None]:
    """Number and date of the order, from the columns of movements or from plain ones; what is missing is remarked."""
    cells = reading.row.cells
    own = any(name in reading.row.columns for name in OWN_PAPER)
    joined, numbered, dated = OWN_PAPER if own else PLAIN_PAPER
    known = OWN_PAPER if own else _plain_paper(reading)
    number, signed = (plain(cells.get(numbered)) if numbered in known else ""), None
    for text in (plain(cells.get(joined)) if joined in known else "", number):
        found = vocabulary.order(text) if text else None
        if found is not None and isinstance(found.date, dt.date):
            number, signed = found.number or number, found.date
        elif found is not None and not number:
            number = found.number or ""
    if dated in known and plain(cells.get(dated)):
        signed = _day(reading, dated, "event_order_date", today) or signed
    number = re.sub(r"^№\s*", "", number)[:60]
    if not number:
        reading.remark("event_order_number", _lacking(_("Номер приказа не указан"), known))
    if signed is None:
        reading.remark("event_order_date", _lacking(_("Дата приказа не указана"), known))
    return number, signed


def _lacking(what: str, known: tuple[str, ...]) -> str:
    if known:
        return _("%(what)s. Введите значение в столбец приказа", what=what)
    return _("%(what)s. Добавьте столбцы «№ приказа о движении», «Дата приказа о движении» и «С какого числа»", what=what)


def _day(reading: Reading, column: str, field: str, today: dt.date) -> dt.date | None:
    """A day of a cell, or a remark in the words of the forms."""
    kept = reading.values.get(column)
    found = read_date(reading, column, today=today)
    typed = reading.values.pop(column, "")
    if kept is not None:
        reading.values[column] = kept
    if found is None and typed:
        reading.remark(field, _("«%(text)s» не похоже на дату. Введите её, например 27.8.2026", text=typed))
    return found


def _say(reading: Reading, movement: Movement, number: str, signed: dt.date, today: dt.date) -> None:
    cells = reading.row.cells
    effective = _day(reading, "event_on", "event_on", today) if plain(cells.get("event_on")) else None
    if effective is None and not any(p.field == "event_on" for p in reading.problems):
        effective = signed
        reading.warn(
            "event", _("С какого числа действует приказ, не указано: принята дата приказа %(day)s", day=f"{signed:%d.%m.%Y}")
        )
    if effective is None:
        return
    fields = {name: value for name, value in _fields(reading, movement, today).items() if value not in (None, "", False)}
    kind = order_kinds.KINDS[movement.type_code]
    reading.values["event"] = {
        "type": movement.type_code, "event": order_kinds.event_of(kind, fields), "number": number,
        "signed_on": signed.isoformat(), "effective_on": effective.isoformat(), "fields": fields,
        "is_next": movement.type_code == "course_transfer" and "course" not in fields,
    }  # fmt: skip


def _fields(reading: Reading, movement: Movement, today: dt.date) -> dict[str, Any]:
    """What the order sets, as the form of the page would keep it."""
    cells, values = reading.row.cells, reading.values
    kind = movement.type_code
    said = " ".join(text for text in (plain(cells.get("event")) or _status(reading), plain(cells.get("event_ground"))) if text)
    study = {
        "course": movement.course or (int(values["course"]) if values.get("course") else None),
        "group_name": plain(cells.get("group"))[:40],
    }  # fmt: skip
    if kind == "expulsion":
        code = vocabulary_events.ground(said)
        ground = classifiers.expulsion_grounds().get(code)
        return {
            "ground": code, "initiative": ground.initiative if ground else "",
            "explanation": plain(cells.get("event_ground"))[:400] if code in rules.NEEDS_WORDS else "",
        }  # fmt: skip
    if kind == "graduation":
        return {"honours": movement.is_honoured or vocabulary_events.is_honoured(said)}
    if kind in ("academic_leave", "maternity_leave"):
        until = _day(reading, "event_until", "event_until", today) if plain(cells.get("event_until")) else None
        ground_words = plain(cells.get("event_ground")) or said
        return {
            "leave_ground": vocabulary_events.leave_ground(ground_words) if kind == "academic_leave" else "",
            "until": until.isoformat() if until else None,
        }  # fmt: skip
    if kind in ("course_transfer", "leave_return", REINSTATEMENT):
        return study
    if kind == "funding_transfer":
        return {"funding_code": movement.funding or values.get("funding")}
    if kind == "program_transfer":
        coded = {f"{name}_code": values.get(name) for name in ("programme", "level", "form")}
        return {**coded, **study}
    return {}


def forgive(reading: Reading, errors: dict[Any, Any]) -> dict[Any, Any]:
    """Faults of the form that matter to an order: of what stands in the row. Who it is of must be plain."""
    values = reading.values
    kept = {name: said for name, said in errors.items() if name and values.get(name)}
    if not any(values.get(name) for name in IDENTITY) and not all(values.get(name) for name in NAMED):
        kept["iin"] = [_("По строке не узнать студента. Добавьте ИИН или номер документа")]
    return kept
