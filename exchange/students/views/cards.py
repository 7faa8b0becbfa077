"""The card of a student: who, what is studied, the ledger of orders, documents; masked until somebody asks and is recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit import actions as audit
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.people import documents as papers
from exchange.people import iin as iins
from exchange.people import keeping
from exchange.people import queries as people
from exchange.reference import classifiers
from exchange.reference.terms import term
from exchange.students import ledger, order_kinds, records
from exchange.students.fields import countries
from exchange.students.forms import INITIATIVES, LEAVE_GROUNDS
from exchange.students.models import OrderLine, Student, StudyPeriod
from exchange.students.student_form import SEXES
from exchange.students.views import neighbours as turning
from exchange.students.views.frame import act_url, frame, period_now
from exchange.students.views.past import When, ledger_period, moment_asked
from exchange.students.views.room import coded, facts_now, moment_words, programme_name, room, student_or_404
from exchange.web.pages import moment, today
from exchange.web.transaction import log


@dataclass
class Fact:
    """A line of a list of facts."""

    label: Any
    value: Any
    note: str = ""


@dataclass
class Event:
    """A paper on the timeline."""

    day: Any
    title: str
    note: str
    meta: str
    annulled: str = ""
    line_id: int = 0
    url: str = ""
    scans: int = 0


@dataclass
class Span:
    """A study period in words."""

    starts_on: Any
    ends_on: Any
    status_code: str
    status: str
    programme: str
    details: str


def said_by(line: OrderLine | ledger.Entry) -> str:
    """What a line sets, in words."""
    fields = line.fields
    parts = []
    if fields.get("programme_code"):
        parts.append(programme_name(fields["programme_code"]))
    if fields.get("course"):
        parts.append(_("%(course)s курс", course=fields["course"]))
    if fields.get("group_name"):
        parts.append(_("группа %(group)s", group=fields["group_name"]))
    if line.event != "next_course":
        parts += [
            coded("study_forms", fields.get("form_code")).lower(),
            coded("fundings", fields.get("funding_code"), short=True).lower(),
        ]
    if line.event == ledger.STATE and fields.get("status_code"):
        parts.append(coded("statuses", fields["status_code"]).lower())
    if fields.get("leave_ground") in LEAVE_GROUNDS:
        parts.append(str(LEAVE_GROUNDS[fields["leave_ground"]]).lower())
    if fields.get("ground"):
        ground = classifiers.expulsion_grounds().get(fields["ground"])
        if ground:
            parts.append(str(INITIATIVES[ground.initiative]).lower())
        parts.append(coded("expulsion_grounds", fields["ground"]).lower())
    for name in ("explanation", "host", "place"):
        if fields.get(name):
            parts.append(str(fields[name]))
    if fields.get("until"):
        year, month, day = str(fields["until"])[:10].split("-")
        parts.append(_("до %(day)s", day=f"{day}.{month}.{year}"))
    if "last_name" in fields:
        parts.append(" ".join(str(fields.get(name) or "") for name in ("last_name", "first_name", "patronymic")).strip())
    if fields.get("honours") or fields.get("diploma") == "honours":
        parts.append(_("диплом с отличием"))
    return ", ".join(part for part in parts if part)


def events_of(student: Student, when: When | None = None) -> list[Event]:
    """The ledger as a timeline, newest first, with what was annulled and by what; of the past only what it knew."""
    lines = records.lines_of(db.session(), student)
    if when is not None and when.is_past:
        lines = when.of(lines)

    def recorded(line: OrderLine) -> str:
        said = (_("внесено %(when)s", when=moment(line.recorded_at)), line.recorded_by)
        return ", ".join(part for part in said if part)

    told = []
    for item in lines:
        line, order = item.line, item.order
        if line.event == ledger.STATE:
            title = _("Список вуза на %(day)s", day=f"{line.effective_on:%d.%m.%Y}")
        else:
            title = _(
                "Приказ %(number)s от %(day)s %(kind)s",
                number=order.number,
                day=f"{order.signed_on:%d.%m.%Y}",
                kind=_lower_first(coded("order_types", order.type_code)),
            )
        annulled = ""
        if item.annulled_by is not None and item.annulled_line is not None:
            annulled = _(
                "Аннулирован приказом %(number)s от %(day)s: %(reason)s. %(recorded)s",
                number=item.annulled_by.number,
                day=f"{item.annulled_by.signed_on:%d.%m.%Y}",
                reason=str(item.annulled_line.fields.get("reason") or "—").rstrip("."),
                recorded=_upper_first(recorded(item.annulled_line)),
            )
        url = url_for("students.paper", paper_id=order.public_id)
        told.append(Event(line.effective_on, title, said_by(line), recorded(line), annulled, line.id, url, item.scans))
    return told


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def spans_of(periods: Any) -> list[Span]:
    """Study periods, newest first."""
    told = []
    for period in reversed(periods):
        parts = [
            coded("levels", period.level_code, short=True),
            coded("study_forms", period.form_code).lower(),
            _("%(course)s курс", course=period.course) if period.course else _("курс не указан"),
            _("группа %(group)s", group=period.group_name) if period.group_name else "",
            coded("fundings", period.funding_code, short=True).lower(),
        ]
        told.append(
            Span(
                period.valid_from, period.valid_to, period.status_code, coded("statuses", period.status_code, short=True),
                programme_name(period.programme_code, period.programme_name), ", ".join(part for part in parts if part),
            )
        )  # fmt: skip
    return told


def missing_from(person: Any, facts: Any, documents: Any, contacts: Any) -> list[str]:
    """What a full record has and this one lacks."""
    found = []
    if not person.iin:
        found.append(_("ИИН"))
    if not documents:
        found.append(_("документ"))
    if not facts.region_code:
        found.append(_("регион"))
    if not contacts.phone and not contacts.email:
        found.append(_("телефон или почта"))
    return found


@room.get("/<string:public_id>")
@allow(Permission.STUDENT_READ)
def show(public_id: str) -> Any:
    """The card, of today or (`day`, `known`) as it was. That it was looked at is recorded."""
    student = student_or_404(public_id)
    log(Note("student:viewed", "student", student.public_id))
    return _card(student, when=moment_asked(student))


@room.post("/<string:public_id>/reveal")
@allow(Permission.STUDENT_REVEAL)
def reveal(public_id: str) -> Any:
    """Shows IIN and numbers of documents once; who asked is recorded."""
    student = student_or_404(public_id)
    audit.record(db.session(), "student:revealed", student, fields=["iin", "documents", "snils"])
    return _card(student, is_open=True)


def _card(student: Student, *, is_open: bool = False, when: When | None = None) -> str:
    session = db.session()
    when = when or When()
    person, facts = records.person_of(session, student), when.facts or facts_now(student)
    documents = people.documents_of(session, person.id)
    contacts = keeping.contacts_of(session, person)
    periods = when.periods if when.is_past else records.periods_of(session, student)
    current = ledger_period(periods, when.day) if when.is_past else period_now(periods)
    office = session.get_one(Organisation, student.organisation_id)  # the frame finds it in memory
    around = frame(student, current, facts)
    offered = order_kinds.offered(around["status"][0]) if may("order:record") and not when.is_past else []
    is_kept = may("student:edit") and not when.is_past
    return render_template(
        "students/show.html",
        **around,
        person=person,
        office=office.short_ru,
        current=current,
        offered=[(kind.act, act_url(student, kind.type_code)) for kind in offered],
        events=events_of(student, when),
        spans=spans_of(periods),
        facts=person_facts(person, facts, is_open, contacts.snils),
        study=study_facts(student, current, office.short_ru),
        contacts=contact_facts(contacts) if may("student:reveal") and not when.is_past else [],
        documents=document_facts(documents, is_open),
        missing=missing_from(person, facts, documents, contacts) if is_kept else [],
        expiring=expiring_of(documents, current) if is_kept else [],
        needs_check=person.iin_needs_check,
        is_open=is_open,
        others=records.records_of_person(session, student),
        updated=moment_words(student.updated_at),
        author=student.updated_by,
        when=when,
        turn=turning.neighbours(student),
    )


def document_facts(documents: Any, is_open: bool) -> list[Fact]:
    """Documents with their numbers, masked unless they were opened."""
    return [
        Fact(coded("document_types", d.type_code), d.number if is_open else papers.mask(d.number), _document_note(d))
        for d in documents
    ]


def expiring_of(documents: Any, current: StudyPeriod | None) -> list[str]:
    """Documents of somebody in the contingent that are over, or will be within the time that it takes to renew them."""
    if current is None or not current.in_contingent or not documents:
        return []
    newest = documents[0]
    if newest.valid_until is None or newest.valid_until > today() + dt.timedelta(days=term("EXPIRING", today())):
        return []
    name, until = coded("document_types", newest.type_code), f"{newest.valid_until:%d.%m.%Y}"
    if newest.valid_until < today():
        return [_("%(document)s: срок истёк %(day)s", document=name, day=until)]
    return [_("%(document)s: истекает %(day)s", document=name, day=until)]


def person_facts(person: Any, facts: Any, is_open: bool, snils: str | None) -> list[Fact]:
    iin = (person.iin if is_open else iins.mask(person.iin)) if person.iin else ""
    district = coded("districts", facts.district_code)
    origin = ", ".join(part for part in (coded("regions", facts.region_code), district, facts.settlement) if part)
    kazakh = " ".join(part for part in (facts.surname_kk, facts.name_kk, facts.patronymic_kk) if part)
    citizen = countries().get(facts.citizenship, facts.citizenship)
    rows = [
        Fact(_("ИИН"), iin, _("введён как в документе, проверьте") if person.iin_needs_check else ""),
        Fact(_("Дата рождения"), f"{facts.birth_date:%d.%m.%Y}"),
        Fact(_("Пол"), SEXES.get(facts.sex, facts.sex)),
        Fact(_("Гражданство"), citizen + (_(" и Россия") if facts.is_rf_citizen else "")),
        Fact(_("Откуда"), origin),
    ]
    if snils and may("student:reveal"):
        rows.insert(1, Fact(_("СНИЛС"), snils if is_open else papers.mask(snils)))
    if kazakh:
        rows.insert(0, Fact(_("На казахском"), kazakh))
    return rows


def study_facts(student: Student, current: StudyPeriod | None, office: str) -> list[Fact]:
    rows = [Fact(_("Вуз"), office), Fact(_("Институт или факультет"), student.faculty)]
    if current is not None:
        rows += [
            Fact(_("Направление"), programme_name(current.programme_code, current.programme_name)),
            Fact(_("Уровень"), coded("levels", current.level_code)),
            Fact(_("Форма обучения"), coded("study_forms", current.form_code)),
            Fact(_("Курс и группа"), ", ".join(str(part) for part in (current.course, current.group_name) if part)),
            Fact(_("Оплата"), coded("fundings", current.funding_code)),
        ]
    planned = f"{student.planned_end_on:%d.%m.%Y}" if student.planned_end_on else ""
    return [*rows, Fact(_("Плановый выпуск"), planned), Fact(_("Заметка"), student.note)]


def contact_facts(person: Any) -> list[Fact]:
    where = ", ".join(part for part in (_("общежитие") if person.is_in_dormitory else "", person.address) if part)
    return [Fact(_("Телефон"), person.phone), Fact(_("Почта"), person.email), Fact(_("Адрес в крае"), where)]


def _document_note(document: Any) -> str:
    parts = [
        _("выдан %(day)s", day=f"{document.issued_on:%d.%m.%Y}") if document.issued_on else "",
        document.issued_by,
        _("действует до %(day)s", day=f"{document.valid_until:%d.%m.%Y}") if document.valid_until else "",
    ]
    return ", ".join(part for part in parts if part)
