"""Recording what the groups send, names and citizenships from a day, documents, guardians. Numbers never reach the log."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.particulars.queries import CHANGING, Around, Change
from exchange.particulars.shown import Shown
from exchange.people import actions as people
from exchange.people import keeping
from exchange.people.actions import FACTS
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails
from exchange.students.actions import CARD, CONTACTS, Candidate, find_doubles, save_card
from exchange.students.models import Student, StudentDetails
from exchange.students.orders import names_said_after
from exchange.students.rules import today

# Numbers and third persons: the log says that they changed, not what they are.
SECRET = frozenset({
    "inn", "phone_kz", "messenger", "close_name", "close_relation", "close_phone", "prior_series", "prior_number",
    "contract_no", "quota_ref",
})  # fmt: skip
DETAILS = (
    "inn", "phone_kz", "messenger", "room", "close_name", "close_relation", "close_phone", "school", "school_year",
    "native_language", "russian_level", "compatriot",
)  # fmt: skip
GUARDIAN = ("name", "relation", "document", "phone", "since", "until")


def lock(session: Session, student: Student) -> None:
    """Two who change one card at once go one after the other. What else is compared and changed is read after the lock."""
    session.refresh(student, with_for_update={"key_share": True, "of": Student})


def save_group(session: Session, around: Around, values: dict[str, Any], *, iin_needs_check: bool = False) -> int:
    """Takes column -> value of one group; raises RuleBroken. Returns how many columns changed.

    Facts are corrected (superseded), the rest is edited. The caller has compared what was kept with what the form was opened
    with, under `lock`.
    """
    student, done = around.student, 0
    card = {name: value for name, value in values.items() if name in (*CONTACTS, *CARD)}
    person = {name: value for name, value in values.items() if name in FACTS}
    if values.get("iin"):
        person |= {"iin": values["iin"], "iin_needs_check": iin_needs_check}
    if card or person:
        done += len(save_card(session, student, card=card, person=person, version=student.version))
    own = {name: value for name, value in values.items() if name in DETAILS}
    if own:
        done += _edit(session, around, PersonDetails, own, "person:changed", "person_id", around.person.id)
    rest = {name: value for name, value in values.items() if name not in {*card, *person, *own}}
    if rest:
        done += _edit(session, around, StudentDetails, rest, "student:detailed", "student_id", student.id)
    return done


def _edit(session: Session, around: Around, model: Any, values: dict[str, Any], action: str, owner: str, key: int) -> int:
    shown = around.details if model is PersonDetails else around.more
    changed = {name: (getattr(shown, name), value) for name, value in values.items() if getattr(shown, name) != value}
    if not changed:
        return 0
    if model is PersonDetails:
        keeping.require_keeper(session, around.person.id)
        office = around.person.organisation_id
    else:
        office = around.student.organisation_id
    asked = sa.select(model).where(getattr(model, owner) == key, model.organisation_id == office)
    row = session.scalar(asked)
    if row is None:
        row = model(**{owner: key, "organisation_id": office})
        session.add(row)
    for name, (_before, after) in changed.items():
        setattr(row, name, after)
    touch(session, around.student)
    audit.record(
        session, action, around.student, before={name: _told(name, before) for name, (before, _) in changed.items()},
        after={name: _told(name, after) for name, (_, after) in changed.items()},
    )  # fmt: skip
    return len(changed)


def _told(name: str, value: Any) -> Any:
    if name in SECRET:
        return "•••" if value else ""
    return value.isoformat() if isinstance(value, dt.date) else value


def touch(session: Session, student: Student) -> None:
    """The card changed: whoever has it open will be told."""
    student.updated_at, student.updated_by_id = now(), actor_of(session).user_id
    session.flush()


# ------------------------------------------------------------------------------------------- names, citizenship from a day
def check_day(around: Around, what: str, day: dt.date, *, present: dt.date | None = None) -> None:
    """Raises RuleBroken: a change is after birth, not in the future, and one a day. `present`: the day it has now."""
    born = around.held[0].valid_from
    if day > today():
        raise RuleBroken("day", _("Дата должна быть не позже сегодняшней. Исправьте дату"))
    if day <= born:
        raise RuleBroken("day", _("Дата должна быть позже дня рождения, %(day)s. Исправьте дату", day=f"{born:%d.%m.%Y}"))
    for before, after in zip(around.held, around.held[1:], strict=False):
        if after.valid_from == day != present and any(getattr(before, n) != getattr(after, n) for n in CHANGING[what]):
            raise RuleBroken("day", _("С этого дня смена уже записана. Исправьте ту запись"))


def record_change(session: Session, around: Around, what: str, day: dt.date, said: dict[str, Any], ground: str) -> None:
    """From a day on the person has other names or another citizenship; without an order, so the ground is told."""
    check_day(around, what, day)
    before = next((facts for facts in reversed(around.held) if facts.valid_from <= day), around.held[0])
    if all(getattr(before, name) == value for name, value in said.items()):
        raise RuleBroken("", _("На эту дату записано то же самое. Измените значение или дату"))
    people.change_facts_from(session, around.person.id, day, said, now(), ground)
    touch(session, around.student)
    audit.record(session, "person:changed-from", around.student, change=what, effective_on=day, reason=ground)


def correct_change(
    session: Session, around: Around, change: Change, day: dt.date, said: dict[str, Any], ground: str
) -> None:  # fmt: skip
    """A change was entered wrongly: it is taken back and said rightly at one moment; what was known before stays known."""
    _require_no_order(change)
    check_day(around, change.what, day, present=change.day)
    moment = now()
    _take_back(session, around, change, moment)
    people.change_facts_from(session, around.person.id, day, said, moment, ground)
    touch(session, around.student)
    audit.record(
        session,
        "person:change-corrected",
        around.student,
        change=change.what,
        since=change.day,
        effective_on=day,
        reason=ground,
    )


def take_change_back(session: Session, around: Around, change: Change, reason: str) -> None:
    """A change never was: what held before goes on. The registry still knows what it said until now."""
    _require_no_order(change)
    if len(" ".join(reason.split())) < 10:
        raise RuleBroken("reason", _("Опишите причину: не меньше %(least)s знаков", least=10))
    _take_back(session, around, change, now())
    touch(session, around.student)
    audit.record(
        session, "person:change-taken-back", around.student, change=change.what, effective_on=change.day,
        reason=" ".join(reason.split()),
    )  # fmt: skip


def _take_back(session: Session, around: Around, change: Change, moment: dt.datetime) -> None:
    """A name that a later order says too stays from the day of that order on."""
    until = names_said_after(session, around.person.id, change.day)
    people.take_back_from(session, around.person.id, change.day, CHANGING[change.what], moment, until)


def _require_no_order(change: Change) -> None:
    if change.order is not None:
        raise RuleBroken("", _("Смену записал приказ %(number)s. Аннулируйте приказ на карточке", number=change.order.number))


# ------------------------------------------------------------------------------------------------------------- documents
def save_document(session: Session, around: Around, said: Shown, known: IdentityDocument | None = None) -> bool:
    """Adds a document or completes one; whether anything changed. A number that another person has is refused with the
    sentence; raises RuleBroken."""
    person = around.person
    keeping.require_keeper(session, person.id)
    document = said.document
    number = document.number or (known.number if known is not None else "")
    candidate = Candidate(
        0, around.student.organisation_id, documents=((document.type_code, number),), person_id=person.id
    )  # fmt: skip
    for double in find_doubles(session, [candidate]).get(0, ()):
        raise Taken("passport", double.sentence, double.public_id if double.is_own else "")
    taken = sa.select(IdentityDocument).where(
        IdentityDocument.person_id == person.id, IdentityDocument.type_code == document.type_code,
        IdentityDocument.number == number,
    )  # fmt: skip
    twin = session.scalar(taken)
    if twin is not None and twin is not known:
        raise RuleBroken("passport", _("Такой документ у студента уже внесён. Дополните ту запись"))
    is_new = known is None
    row = known or IdentityDocument(person_id=person.id, organisation_id=person.organisation_id)
    values = {
        "type_code": document.type_code, "number": number, "issued_by": document.issued_by, "issued_on": document.issued_on,
        "valid_until": document.valid_until,
    }  # fmt: skip
    changed = [name for name, value in values.items() if is_new or getattr(row, name) != value]
    if not changed and row.is_presented == said.is_presented:
        return False
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    session.flush()
    if said.is_presented or row.is_presented:
        people.present_document(session, person, row if said.is_presented else None)
    touch(session, around.student)
    audit.record(
        session, "person:document-added" if is_new else "person:document-changed", around.student, document=row.type_code,
        is_presented=row.is_presented,
    )  # fmt: skip
    return True


class Taken(RuleBroken):
    """A number belongs to somebody else; `public_id` is that card when it is one's own."""

    def __init__(self, field: str, message: Any, public_id: str) -> None:
        super().__init__(field, message)
        self.public_id = public_id


# -------------------------------------------------------------------------------------------------------------- guardians
def save_guardian(session: Session, around: Around, values: dict[str, Any], known: Guardian | None = None) -> bool:
    """Adds a guardian or changes one, `values` may leave out what stays; whether anything changed. Raises RuleBroken."""
    person: Person = around.person
    keeping.require_keeper(session, person.id)
    born = around.facts.birth_date
    if values["since"] < born:
        raise RuleBroken("since", _("Дата раньше дня рождения, %(day)s. Исправьте дату", day=f"{born:%d.%m.%Y}"))
    if values["until"] is not None and values["until"] < values["since"]:
        raise RuleBroken("until", _("Последний день раньше первого. Исправьте дату"))
    is_new = known is None
    row = known or Guardian(person_id=person.id, organisation_id=person.organisation_id)
    changed = [name for name in GUARDIAN if name in values and (is_new or getattr(row, name) != values[name])]
    if not changed:
        return False
    for name in changed:
        setattr(row, name, values[name])
    session.add(row)
    touch(session, around.student)
    audit.record(
        session, "person:guardian-added" if is_new else "person:guardian-changed", around.student, relation=row.relation,
        since=row.since,
    )  # fmt: skip
    return True
