"""Recording and annulling orders: the ledger is folded anew, periods that changed are superseded, nothing is overwritten."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import now
from exchange.errors import RuleBroken
from exchange.people import actions as people
from exchange.people.queries import facts_on
from exchange.reference import classifiers
from exchange.students import ledger, rules
from exchange.students.ledger import Entry, Impossible, Period
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.order_kinds import NAMED
from exchange.students.registration import ALL_COLUMNS, Paper, join_orders, period_row

CANCEL_TYPE = "cancel"
# What makes two study periods one.
SAME = ("order_line_id", "valid_from", "valid_to", *ledger.STUDY_FIELDS, "status_code")


@dataclass(frozen=True)
class Foresight:
    """What an order would do: the entry, the periods before and after it."""

    entry: Entry
    before: list[Period]
    after: list[Period]

    def changes_day(self, day: dt.date) -> int:
        """By how many students the contingent of a day changes: -1, 0 or 1."""
        was, will = (ledger.period_on(told, day) for told in (self.before, self.after))
        return int(bool(will and will.in_contingent)) - int(bool(was and was.in_contingent))


def entries_by_student(session: Session, ids: Sequence[int]) -> dict[int, list[Entry]]:
    """The lines in force of each student: neither annulled nor annulling."""
    lines = session.execute(
        sa.select(OrderLine, Order.type_code, Order.number, Order.signed_on)
        .join(Order, Order.id == OrderLine.order_id)
        .where(OrderLine.student_id.in_(ids))
        .order_by(OrderLine.effective_on, OrderLine.id)
    ).all()
    annulled = {line.cancels_line_id for line, *_ in lines}
    found: dict[int, list[Entry]] = {key: [] for key in ids}
    for line, type_code, number, signed_on in lines:
        if line.id not in annulled and line.event != ledger.CANCEL:
            entry = Entry(line.event, line.effective_on, line.fields, line.id, type_code, number, signed_on)
            found[line.student_id].append(entry)
    return found


def entries_of(session: Session, student: Student) -> list[Entry]:
    """The lines in force of one student."""
    return entries_by_student(session, [student.id])[student.id]


def foresee(
    session: Session, student: Student, type_code: str, event: str, number: str, signed_on: dt.date, effective_on: dt.date,
    fields: dict[str, Any],
) -> Foresight:  # fmt: skip
    """What an order would do, without recording it. Raises RuleBroken with the sentence of the rule that refuses."""
    return foresee_from(entries_of(session, student), Entry(event, effective_on, fields, None, type_code, number, signed_on))


def foresee_from(lines: Sequence[Entry], entry: Entry) -> Foresight:
    """The same from the lines in force: pure, so that many are foreseen without asking for each."""
    _check(entry, lines)
    before = ledger.periods_from(lines)
    try:
        after = ledger.periods_from([*lines, entry])
    except Impossible as broken:
        if broken.entry is entry:
            raise
        raise RuleBroken(
            "effective_on",
            _(
                "Мешает более поздний документ: %(paper)s, действует с %(day)s. Аннулируйте его или измените дату",
                paper=broken.entry.paper,
                day=f"{broken.entry.effective_on:%d.%m.%Y}",
            ),
        ) from broken
    for period in after:
        if period.line is entry or period.valid_from > entry.effective_on:
            rules.check_study(period.facts)
    return Foresight(entry, before, after)


def _check(entry: Entry, lines: Sequence[Entry]) -> None:
    """The rules that hold for an order by itself."""
    rules.check_number(entry.number)
    if _type_of(entry.event) != entry.type_code:
        raise RuleBroken("", _("Такого вида приказа нет. Выберите приказ в карточке студента"))
    rules.check_dates(entry.signed_on or entry.effective_on, entry.effective_on, rules.today(), "signed_on", "effective_on")
    for line in lines:
        if (line.event, line.type_code, line.number, line.signed_on) == (
            entry.event, entry.type_code, entry.number, entry.signed_on,
        ):  # fmt: skip
            raise RuleBroken("", _("Уже в этом приказе, действует с %(day)s", day=f"{line.effective_on:%d.%m.%Y}"))
    if not lines:
        raise RuleBroken("", _("Зачисление аннулировано: приказы к этой записи не добавить. Внесите нового студента"))
    begun = min(line.effective_on for line in lines)
    if entry.effective_on < begun:
        day = f"{begun:%d.%m.%Y}"
        if entry.event in ("expel", "die", "transfer_out", "graduate"):
            raise RuleBroken(
                "effective_on", _("Дата отчисления должна быть не раньше зачисления — %(day)s. Исправьте дату", day=day)
            )
        raise RuleBroken("effective_on", _("Дата должна быть не раньше зачисления — %(day)s. Исправьте дату", day=day))
    fields = entry.fields
    if entry.event in rules.LONGEST:
        rules.check_end(entry.event, entry.effective_on, _as_day(fields.get("until")), fields.get("leave_ground"))
    if entry.event in ("transfer_out", "go_mobility") and not fields.get("host"):
        raise RuleBroken("host", rules.MISSING["host"])
    if entry.event in ("expel", "die"):
        rules.check_expulsion(entry.event, fields)
    if entry.event == "reinstate":
        left = next((line for line in reversed(ledger.in_order(lines)) if line.event == "expel"), None)
        if left is not None:
            rules.check_return(left.effective_on, entry.effective_on, left.fields.get("ground"))


def _as_day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _type_of(event: str) -> str | None:
    if event in ledger.WITHOUT_EFFECT:
        return event
    return next((line.order_type for line in classifiers.transitions() if line.event == event), None)


def record_order(
    session: Session, student: Student, type_code: str, event: str, number: str, signed_on: dt.date, effective_on: dt.date,
    fields: dict[str, Any],
) -> OrderLine:  # fmt: skip
    """Puts an order on file for a student and tells his study periods anew. Raises RuleBroken.

    An order that many share is joined by its number and date. A change of name holds for the person from its effective day.
    """
    _lock(session, student)
    told = foresee(session, student, type_code, event, number.strip(), signed_on, effective_on, fields)
    moment = now()
    paper = Paper(type_code, number.strip(), signed_on)
    order_id = join_orders(session, [(student.organisation_id, paper)], moment)[student.organisation_id, paper][0]
    line = _add_line(session, student, order_id, told.entry, moment)
    tell(session, [student], {student.id: told.after}, {student.id: line.id}, moment)
    if event == "name_change":
        names = {NAMED[name]: value for name, value in fields.items() if name in NAMED}
        people.change_facts_from(session, student.person_id, effective_on, names, moment)
    _touch(session, student, moment)
    audit.record(
        session, "order:recorded", student, kind=type_code, event=event, order=paper.number, signed_on=signed_on,
        effective_on=effective_on, **without_names(fields),
    )  # fmt: skip
    return line


@dataclass(frozen=True)
class Follower:
    """What a younger room says of an annulment. Both are given the annulled entries of each student by his id.

    `hinders` tells whose must stay, with the sentence; `follows` does what has to be done when the others are gone.
    """

    hinders: Callable[[Session, Mapping[int, Sequence[Entry]]], Mapping[int, Any]]
    follows: Callable[[Session, Mapping[int, Sequence[Entry]]], None]


_followers: dict[str, Follower] = {}


def hang_on_annulment(name: str, follower: Follower) -> None:
    """A room in which something follows from orders is asked before one is annulled, and told of it."""
    _followers[name] = follower


def hindered(session: Session, gone: Mapping[int, Sequence[Entry]]) -> dict[int, Any]:
    """Students whose order can't be annulled, for something outside of the record follows from it: id -> sentence."""
    return {key: sentence for one in _followers.values() for key, sentence in one.hinders(session, gone).items()}


def follow(session: Session, gone: Mapping[int, Sequence[Entry]]) -> None:
    """Tells the rooms that hang on it that these entries are annulled."""
    for one in _followers.values():
        one.follows(session, gone)


def annul_order(session: Session, line: OrderLine, number: str, signed_on: dt.date, reason: str) -> OrderLine:
    """Annuls what an order said of a student, by an order of cancellation; both stay on file. Raises RuleBroken.

    What was recorded later must still be possible without it. When the enrolment itself is annulled and nothing else is left,
    the record is told to be void from its first day.
    """
    student = session.get_one(Student, line.student_id)
    _lock(session, student)
    told = foresee_annulment(entries_of(session, student), {line.id}, number.strip(), signed_on, reason)
    for sentence in hindered(session, {student.id: told.gone}).values():
        raise RuleBroken("", sentence)
    entry = told.gone[0]
    moment = now()
    paper = Paper(CANCEL_TYPE, number.strip(), signed_on)
    order_id = join_orders(session, [(student.organisation_id, paper)], moment)[student.organisation_id, paper][0]
    added = _add_line(session, student, order_id, told.entry, moment, cancels=line.id)
    tell(session, [student], {student.id: told.after}, {student.id: added.id}, moment)
    take_names_back(session, student, told.gone, moment)
    follow(session, {student.id: told.gone})
    _touch(session, student, moment)
    audit.record(
        session, "order:annulled", student, order=entry.number, event=entry.event, effective_on=entry.effective_on,
        by=paper.number, signed_on=signed_on, reason=reason.strip(),
    )  # fmt: skip
    return added


@dataclass(frozen=True)
class Annulment(Foresight):
    """What an annulment would do: `gone` are the lines that it takes out of force."""

    gone: tuple[Entry, ...] = ()


def foresee_annulment(lines: Sequence[Entry], ids: Collection[int], number: str, signed_on: dt.date, reason: str) -> Annulment:
    """What it would do to annul these lines of one student, from all his lines in force. Raises RuleBroken."""
    gone = tuple(known for known in lines if known.id in ids)
    if not gone:
        raise RuleBroken("", _("Этот приказ уже аннулирован. Вернитесь в карточку: отмена стоит в ленте"))
    if not reason.strip():
        raise RuleBroken("reason", rules.MISSING["reason"])
    rules.check_signed(signed_on, rules.today())
    entry = gone[0]
    if entry.signed_on is not None and entry.event != ledger.STATE and signed_on < entry.signed_on:
        raise RuleBroken(
            "signed_on",
            _("Отменить приказ можно не раньше его даты — %(day)s. Исправьте дату", day=f"{entry.signed_on:%d.%m.%Y}"),
        )
    before = ledger.periods_from(lines)
    try:
        after = ledger.periods_from([known for known in lines if known.id not in ids])
    except Impossible as broken:
        raise RuleBroken("", _("Сначала аннулируйте более поздний документ: %(paper)s", paper=broken.entry.paper)) from broken
    cancel = Entry(ledger.CANCEL, entry.effective_on, {"reason": reason.strip()}, None, CANCEL_TYPE, number, signed_on)
    if not after:
        facts = ledger.periods_from([entry])[0].facts
        facts.pop("in_contingent")
        after = [Period(cancel, entry.effective_on, None, **{**facts, "status_code": "void"})]
    return Annulment(cancel, before, after, gone)


def take_names_back(session: Session, student: Student, gone: Sequence[Entry], moment: dt.datetime) -> None:
    """When a change of name is annulled, the former name holds again."""
    for entry in gone:
        if entry.event == "name_change":
            names = [NAMED[name] for name in entry.fields if name in NAMED]
            until = names_said_after(session, student.person_id, entry.effective_on)
            people.take_back_from(session, student.person_id, entry.effective_on, names, moment, until)


def names_said_after(session: Session, person_id: int, day: dt.date) -> dict[str, dt.date]:
    """Column of PersonFacts -> the first later day from which an order in force says the very name that holds on the day."""
    cancels = sa.orm.aliased(OrderLine)
    asked = (
        sa.select(OrderLine.effective_on, OrderLine.fields)
        .join(Student, Student.id == OrderLine.student_id)
        .outerjoin(cancels, cancels.cancels_line_id == OrderLine.id)
        .where(Student.person_id == person_id, OrderLine.event == "name_change", OrderLine.effective_on > day)
        .where(cancels.id.is_(None))
        .order_by(OrderLine.effective_on.desc())
    )
    held = facts_on(session, person_id, day)
    return {
        NAMED[name]: since for since, fields in session.execute(asked) for name, said in fields.items()
        if name in NAMED and held is not None and said == getattr(held, NAMED[name])
    }  # fmt: skip


def _lock(session: Session, student: Student) -> None:
    """Two who change one student at once go one after the other."""
    session.execute(sa.select(Student.id).where(Student.id == student.id).with_for_update(key_share=True)).one()


def _add_line(
    session: Session, student: Student, order_id: int, entry: Entry, moment: dt.datetime, cancels: int | None = None
) -> OrderLine:
    line = OrderLine(
        order_id=order_id, student_id=student.id, organisation_id=student.organisation_id, event=entry.event,
        effective_on=entry.effective_on, fields=entry.fields, cancels_line_id=cancels, recorded_at=moment,
        recorded_by_id=actor_of(session).user_id,
    )  # fmt: skip
    session.add(line)
    session.flush()
    return line


def add_lines(session: Session, lines: Sequence[tuple[Student, int, Entry, int | None]], moment: dt.datetime) -> dict[int, int]:
    """Lines of many students by one statement: student, order, entry, the line that it annuls. Student id -> line id."""
    author = actor_of(session).user_id
    rows = [
        {
            "order_id": order_id, "student_id": student.id, "organisation_id": student.organisation_id, "event": entry.event,
            "effective_on": entry.effective_on, "fields": entry.fields, "cancels_line_id": cancels, "recorded_at": moment,
            "recorded_by_id": author,
        }
        for student, order_id, entry, cancels in lines
    ]  # fmt: skip
    # the answer may come in any order: who it is of is asked for too
    added = session.execute(
        sa.insert(OrderLine).returning(OrderLine.student_id, OrderLine.id), rows, execution_options=ALL_COLUMNS
    )
    return {student_id: line_id for student_id, line_id in added}  # noqa: C416  (typed)


def tell(
    session: Session,
    students: Sequence[Student],
    told: Mapping[int, list[Period]],
    fresh: Mapping[int, int],
    moment: dt.datetime,
) -> None:
    """Brings the kept periods to what the ledger says: those that say something else are superseded, the new ones added.

    `told` and `fresh` are by student: the periods, and the id of the line that was just recorded.
    """
    kept: dict[int, list[StudyPeriod]] = defaultdict(list)
    current = sa.select(StudyPeriod).where(
        StudyPeriod.student_id.in_([student.id for student in students]), StudyPeriod.superseded_at.is_(None)
    )
    for period in session.scalars(current):
        kept[period.student_id].append(period)
    added: list[dict[str, Any]] = []
    for student in students:
        rows = [period_row(p, student, p.line.id or fresh[student.id], moment) for p in told[student.id]]
        wanted = {tuple(row[name] for name in SAME): row for row in rows}
        for period in kept[student.id]:
            if wanted.pop(tuple(getattr(period, name) for name in SAME), None) is None:
                period.superseded_at = max(moment, period.recorded_at)
        added += wanted.values()
    # the old ones go first: the database lets no two current periods hold on one day
    session.flush()
    if added:
        session.execute(sa.insert(StudyPeriod), added, execution_options=ALL_COLUMNS)


def _touch(session: Session, student: Student, moment: dt.datetime) -> None:
    student.updated_at = moment
    student.updated_by_id = actor_of(session).user_id
    session.flush()


def touch_all(session: Session, students: Sequence[Student], moment: dt.datetime) -> None:
    """Marks many cards as changed by one statement: whoever has one open will be told."""
    session.execute(
        sa.update(Student)
        .where(Student.id.in_([student.id for student in students]))
        .values(updated_at=moment, updated_by_id=actor_of(session).user_id, version=Student.version + 1)
        .execution_options(synchronize_session=False)
    )
    for student in students:
        session.expire(student, ["updated_at", "updated_by_id", "version"])


def without_names(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields for the log: names are counted, not told."""
    return {name: value for name, value in fields.items() if name not in NAMED and value not in (None, "")}
