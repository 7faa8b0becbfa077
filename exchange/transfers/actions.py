"""Asking for a student, sending one, accepting: the acts that reach across the wall, each with its reason for the key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from exchange.access.master_key import SYSTEM, acting_as
from exchange.access.rows import actor_of
from exchange.audit import actions as audit
from exchange.database import as_of, now
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.organisations.models import Organisation
from exchange.people import iin as iins
from exchange.people import keeping
from exchange.people import queries as people
from exchange.people.documents import examine_document, guess_type, mask
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.students import ledger
from exchange.students.actions import Registration, record_order, register_student
from exchange.students.models import Student, StudyPeriod
from exchange.students.orders import entries_of
from exchange.transfers import queries
from exchange.transfers.models import OPEN, State, Transfer

# Statuses after which a person may go on elsewhere without another order: the last one is what the new university is told.
LEFT = ("transferred_out", "expelled", "graduated")


@dataclass(frozen=True)
class Wish:
    """Whom the new university asks for, as it typed it."""

    number: str
    birth_date: dt.date
    planned_on: dt.date | None = None
    note: str = ""


@dataclass(frozen=True)
class Leave:
    """How the old university lets go: to a university of the register or (`host`) elsewhere, by which order."""

    to_id: int | None = None
    host: str = ""
    number: str = ""
    signed_on: dt.date | None = None
    effective_on: dt.date | None = None
    has_history: bool = False
    note: str = ""


@dataclass(frozen=True)
class Carried:
    """What the new university sees of a person who was sent to it."""

    facts: PersonFacts
    iin: str | None
    phone: str
    email: str
    documents: tuple[IdentityDocument, ...] = ()
    history: tuple[StudyPeriod, ...] = field(default=())


def ask_transfer(session: Session, wish: Wish) -> Transfer:
    """Asks the university that keeps a person to let go; raises RuleBroken. Number and birth date must both fit one person."""
    actor = actor_of(session)
    to_id = actor.organisation_id or 0
    with acting_as(SYSTEM, "which office keeps the person who is asked for", session) as everywhere:
        found = _person_by(everywhere, wish)
    if found is None:
        raise RuleBroken(
            "number",
            _("По этому номеру и дате рождения в реестре никого нет. Сверьте их с документом или внесите нового студента"),
        )
    person_id, from_id = found
    if from_id in actor.organisation_ids:
        raise RuleBroken("number", _("Этого человека ведёт ваш вуз. Найдите его в списке студентов"))
    if (open_one := queries.request_for(session, person_id, to_id)) is not None:
        raise RuleBroken("number", _already(open_one))
    moment = now()
    transfer = Transfer(
        from_organisation_id=from_id, to_organisation_id=to_id, person_id=person_id, state=State.REQUESTED,
        asked_number=_masked(wish.number), asked_birth_date=wish.birth_date, planned_on=wish.planned_on, note=wish.note,
        asked_at=moment, asked_by=actor.name, updated_at=moment,
    )  # fmt: skip
    session.add(transfer)
    session.flush()
    audit.record(session, "transfer:requested", transfer, planned_on=wish.planned_on)
    return transfer


def _already(transfer: Transfer) -> str:
    if transfer.state == State.SENT:
        return _("Этого человека вам уже передают. Откройте раздел «Переводы» и примите его")
    return _("Вы уже запросили этот перевод. Ответ появится в разделе «Переводы»")


def _person_by(session: Session, wish: Wish) -> tuple[int, int] | None:
    """(person, office that keeps it): one whose number and birth date are these."""
    kind = guess_type(wish.number)
    tidy = examine_document(kind, wish.number).normalised if kind else "".join(wish.number.split()).upper()
    iin = iins.examine(wish.number).normalised
    by_document = sa.select(IdentityDocument.person_id).where(IdentityDocument.number == tidy)
    born = sa.select(PersonFacts.person_id).where(
        PersonFacts.birth_date == wish.birth_date, PersonFacts.superseded_at.is_(None)
    )
    found = session.execute(
        sa.select(Person.id, Person.organisation_id)
        .where(sa.or_(Person.iin == (iin or "-"), Person.id.in_(by_document)), Person.id.in_(born))
        .order_by(Person.id)
        .limit(1)
    ).first()
    return (found[0], found[1]) if found else None


def _masked(number: str) -> str:
    finding = iins.examine(number)
    return iins.mask(finding.normalised) if finding.normalised and finding.error is None else mask("".join(number.split()))


def leaving_entry(session: Session, student: Student) -> ledger.Entry | None:
    """The order by which a student left already; None for one who still studies. Raises RuleBroken when nobody can go on."""
    periods = ledger.periods_from(entries_of(session, student))
    if periods and periods[-1].in_contingent:
        return None
    if not periods or periods[-1].status_code not in LEFT:
        raise RuleBroken("", _("Эту запись передать нельзя: в ней нет учёбы, которую можно продолжить"))
    return periods[-1].line


def send_transfer(session: Session, student: Student, leave: Leave, version: int | None = None) -> Transfer | None:
    """Records the order of transfer, if the student has not left yet, and offers him to a university of the register.

    A request of that university is answered by it; `version` is of that request as the form was opened with it. Returns the
    transfer; None when the student goes to a university outside the register. Raises RuleBroken, Conflict.
    """
    actor = actor_of(session)
    transfer = None
    if leave.to_id is not None:
        transfer = queries.request_for(session, student.person_id, leave.to_id)
        if transfer is not None:
            _lock(session, transfer, version if version is not None else transfer.version)
        _free_to_send(session, student, transfer)
    entry = leaving_entry(session, student)
    host = leave.host
    if leave.to_id is not None:
        host = session.get_one(Organisation, leave.to_id).short_ru
    if entry is None:
        if leave.signed_on is None or leave.effective_on is None:
            raise RuleBroken("signed_on", _("Дата приказа не указана. Введите её, например 27.8.2026"))
        record_order(
            session, student, "transfer_out", "transfer_out", leave.number, leave.signed_on, leave.effective_on, {"host": host}
        )
        number, signed_on, left_on = leave.number, leave.signed_on, leave.effective_on
    elif leave.to_id is None:
        raise RuleBroken("to", _("Студент уже отчислен. Выберите вуз из реестра, которому передать его"))
    else:
        number, left_on = entry.number, entry.effective_on
        signed_on = entry.signed_on or entry.effective_on
    if leave.to_id is None:
        return None
    moment = now()
    if transfer is None:
        transfer = Transfer(person_id=student.person_id, to_organisation_id=leave.to_id, state=State.SENT)
        session.add(transfer)
    transfer.from_organisation_id, transfer.student_id, transfer.state = student.organisation_id, student.id, State.SENT
    transfer.order_number, transfer.order_signed_on, transfer.left_on = number, signed_on, left_on
    transfer.has_history, transfer.sent_note = leave.has_history, leave.note
    transfer.sent_at, transfer.sent_by, transfer.updated_at = moment, actor.name, moment
    session.flush()
    audit.record(
        session, "transfer:sent", transfer, student=student.public_id, university=host, order=number, effective_on=left_on
    )
    return transfer


def _free_to_send(session: Session, student: Student, answered: Transfer | None) -> None:
    """A person is on the way to one university at a time. Raises RuleBroken."""
    if answered is not None and answered.state == State.SENT:
        raise RuleBroken("to", _("Этот студент уже передан этому вузу. Дождитесь ответа в разделе «Переводы»"))
    sent = sa.select(Transfer).where(Transfer.person_id == student.person_id, Transfer.state == State.SENT)
    if (other := session.scalar(sent.limit(1))) is not None and other.student_id == student.id:
        where = session.get_one(Organisation, other.to_organisation_id).short_ru
        raise RuleBroken("to", _("Студент уже передан: %(where)s. Сначала отзовите ту передачу", where=where))


def accept_transfer(session: Session, transfer: Transfer, registration: Registration, version: int) -> Student:
    """The new university enrols: the person moves to it with his history, the old one reads on. Raises RuleBroken, Conflict.

    `registration` has no person: it is the one who was sent. When the old university still teaches the person under another
    enrolment, it goes on keeping the person, and the new one reads along.
    """
    actor = actor_of(session)
    _lock(session, transfer, version)
    if transfer.to_organisation_id not in actor.organisation_ids:
        raise NotFound
    _require(transfer, State.SENT)
    office = registration.organisation_id
    if office not in actor.organisation_ids:
        raise NotFound
    begins = registration.enrolled_on
    with acting_as(SYSTEM, "a person moves from the university that sent to the one that accepts", session) as everywhere:
        if begins is not None and transfer.left_on is not None and begins < transfer.left_on:
            raise RuleBroken(
                "enrolled_on",
                _(
                    "Это раньше отчисления из прежнего вуза. Зачислите не раньше %(day)s или свяжитесь с вузом",
                    day=f"{transfer.left_on:%d.%m.%Y}",
                ),
            )
        if begins is not None and _studies(everywhere, begins, StudyPeriod.student_id == transfer.student_id):
            raise RuleBroken(
                "enrolled_on", _("В прежнем вузе студент на этот день снова учится. Свяжитесь с вузом или откажите в приёме")
            )
        person = everywhere.get_one(Person, transfer.person_id)
        others = sa.and_(
            StudyPeriod.person_id == person.id, StudyPeriod.student_id != transfer.student_id,
            StudyPeriod.organisation_id == person.organisation_id,
        )  # fmt: skip
        stays = _studies(everywhere, begins or transfer.left_on or now().date(), others)
        if person.organisation_id == transfer.from_organisation_id and not stays:
            keeping.hand_over(everywhere, person.id, office)
        elif person.organisation_id != office:
            keeping.let_read(everywhere, person, office)
        _close_others(everywhere, transfer)
    student = register_student(
        session, replace(registration, human=None, person_id=transfer.person_id, is_transfer=True)
    )  # fmt: skip
    _close(transfer, State.ACCEPTED, actor.name)
    session.flush()
    audit.record(session, "transfer:accepted", transfer, student=student.public_id, effective_on=begins)
    return student


def _studies(session: Session, day: dt.date, whose: sa.ColumnElement[bool]) -> bool:
    """Whether an enrolment counts on a day."""
    held = sa.select(StudyPeriod.id).where(whose, as_of(StudyPeriod, day), StudyPeriod.in_contingent)
    return session.scalar(held.limit(1)) is not None


def _close_others(session: Session, accepted: Transfer) -> None:
    """Whoever else asked the same university for the person is told that it let go already."""
    others = sa.select(Transfer).where(
        Transfer.person_id == accepted.person_id, Transfer.id != accepted.id, Transfer.state.in_(OPEN),
        Transfer.from_organisation_id == accepted.from_organisation_id,
    )  # fmt: skip
    for other in session.scalars(others):
        other.reason = _("Студент переведён в другой вуз")
        _close(other, State.DECLINED, "")
    session.flush()


def decline_transfer(session: Session, transfer: Transfer, reason: str, version: int) -> None:
    """The old university refuses a request, or the new one refuses whom it was sent. Raises RuleBroken, Conflict."""
    actor = actor_of(session)
    _lock(session, transfer, version)
    asked = transfer.state == State.REQUESTED
    answers = transfer.from_organisation_id if asked else transfer.to_organisation_id
    if answers not in actor.organisation_ids:
        raise NotFound
    _require(transfer, *OPEN)
    if not reason.strip():
        raise RuleBroken("reason", _("Причина не указана. Напишите, почему отказываете: её увидит другой вуз"))
    transfer.reason = reason.strip()
    _close(transfer, State.DECLINED, actor.name)
    session.flush()
    audit.record(session, "transfer:declined", transfer, reason=transfer.reason)


def withdraw_transfer(session: Session, transfer: Transfer, version: int) -> None:
    """Who asked or sent last takes it back; a recorded order stays on file. Raises RuleBroken, Conflict."""
    actor = actor_of(session)
    _lock(session, transfer, version)
    begun = transfer.to_organisation_id if transfer.state == State.REQUESTED else transfer.from_organisation_id
    if begun not in actor.organisation_ids:
        raise NotFound
    _require(transfer, *OPEN)
    _close(transfer, State.WITHDRAWN, actor.name)
    session.flush()
    audit.record(session, "transfer:withdrawn", transfer)


def _lock(session: Session, transfer: Transfer, version: int) -> None:
    """Two who act on one transfer go one after the other; the second learns what the first did."""
    session.refresh(transfer, with_for_update={"key_share": True})
    if transfer.version != version:
        raise Conflict({"version": transfer.version, "state": transfer.state})


def _require(transfer: Transfer, *states: State) -> None:
    if transfer.state not in states:
        raise Conflict({"version": transfer.version, "state": transfer.state})


def _close(transfer: Transfer, state: State, name: str) -> None:
    moment = now()
    transfer.state, transfer.closed_at, transfer.closed_by, transfer.updated_at = state, moment, name, moment


# ------------------------------------------------------------------------------------------------ what comes to me
def carried(session: Session, transfer: Transfer) -> Carried:
    """What the new university may see of the person who was sent to it; raises NotFound for anybody else."""
    if transfer.state != State.SENT or transfer.to_organisation_id not in actor_of(session).organisation_ids:
        raise NotFound
    with acting_as(SYSTEM, "what comes along with a person who was sent to the one that asks", session) as everywhere:
        person = everywhere.get_one(Person, transfer.person_id)
        history: Iterable[StudyPeriod] = ()
        if transfer.has_history:
            told = sa.select(StudyPeriod).where(
                StudyPeriod.student_id == transfer.student_id, StudyPeriod.superseded_at.is_(None), StudyPeriod.in_contingent
            )
            history = everywhere.scalars(told.order_by(StudyPeriod.valid_from)).all()
        documents = people.documents_of(everywhere, person.id)[:1]
        return Carried(
            people.latest_facts(everywhere, person.id), person.iin, person.phone, person.email, tuple(documents),
            tuple(history),
        )  # fmt: skip


def names_sent(session: Session, transfers: Iterable[Transfer]) -> dict[int, PersonFacts]:
    """Names of those who were sent to the one that asks, by person: for the cards of a list."""
    own = actor_of(session).organisation_ids
    wanted = {one.person_id for one in transfers if one.state == State.SENT and one.to_organisation_id in own}
    if not wanted:
        return {}
    with acting_as(SYSTEM, "names of people who were sent to the one that asks", session) as everywhere:
        return queries.names_of(everywhere, wanted)
