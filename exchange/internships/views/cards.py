"""The card of one internship."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for
from flask_babel import gettext as _

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.extensions import db
from exchange.internships import queries, rules, words
from exchange.internships.models import Internship
from exchange.internships.norms import weeks_of
from exchange.internships.stages import GRADES, KINDS, OUTCOMES, Stage, Step, steps_from
from exchange.internships.views import asked, room
from exchange.people.iin import mask
from exchange.students.models import Student
from exchange.web.pages import BARNAUL, day
from exchange.web.transaction import log


@room.get("/<public_id>")
@allow(Permission.INTERNSHIP_READ)
def show(public_id: str) -> Any:
    """The card; that it was looked at is written into the log."""
    one = asked.asked(public_id)
    today = asked.today()
    log(Note("internship:viewed", "internship", one.public_id))
    recorded = queries.weeks(db.session(), one)
    return asked.show(
        "show.html",
        one=one,
        person=_person(one),
        placement=_placement(one),
        result=_result(one),
        weeks=[(week, recorded.get(week)) for week in weeks_of(one.starts_on, one.ends_on)] if recorded else [],
        steps=_steps(one) if may("internship:log") else [],
        can_evaluate=may("internship:log")
        and not rules.too_early_to_evaluate(stage=one.status, ends_on=one.ends_on, today=today),
        events=_events(one),
        is_over=one.status == Stage.STARTED and one.ends_on < today,
        student_url=_student_url(one),
    )


def _steps(one: Internship) -> list[Step]:
    """The buttons: what the stage and the day allow; the rest is absent, not grey."""
    today = asked.today()
    too_early = {"start": today < one.starts_on, "finish": today < one.ends_on}
    return [step for step in steps_from(one.status) if not too_early.get(step.code)]


def _student_url(one: Internship) -> str:
    """The card of the student, for those who may see it."""
    if one.student_id is None or not may("student:read") or "students.show" not in current_app.view_functions:
        return ""
    public_id = db.session.scalar(sa.select(Student.public_id).where(Student.id == one.student_id))
    return url_for("students.show", public_id=public_id) if public_id else ""


def _person(one: Internship) -> list[dict[str, Any]]:
    sexes = {"M": _("Мужской"), "F": _("Женский")}
    rows = [
        {"label": _("Вид"), "value": KINDS[one.kind]},
        {"label": _("ИИН"), "value": mask(one.iin) if one.iin else ""},
        {"label": _("Дата рождения"), "value": day(one.birth_date) if one.birth_date else ""},
        {"label": _("Пол"), "value": sexes.get(one.sex or "", "")},
        {"label": _("Телефон"), "value": one.phone},
        {"label": _("Электронная почта"), "value": one.email},
    ]
    if words.is_practice(one):
        return [*rows, {"label": _("Вуз"), "value": words.sender(one)}]
    return [
        *rows,
        {
            "label": _("Направившая организация"),
            "value": one.employer,
            "note": _("БИН %(bin)s", bin=one.employer_bin) if one.employer_bin else "",
        },
        {"label": _("Должность"), "value": one.position},
    ]


def _placement(one: Internship) -> list[dict[str, Any]]:
    return [
        {"label": _("Предприятие"), "value": one.enterprise.short_ru, "note": one.enterprise.city},
        {"label": _("Срок"), "value": words.span(one)},
        {"label": _("Цех или отдел"), "value": one.department},
        {"label": _("Программа или задание"), "value": one.programme},
        {"label": _("Руководитель от предприятия"), "value": one.mentor, "note": one.mentor_phone},
        {"label": _("Инструктаж по охране труда"), "value": day(one.briefing_on) if one.briefing_on else ""},
    ]


def _result(one: Internship) -> list[dict[str, Any]]:
    rows = [
        {"label": _("Оценка"), "value": GRADES[one.grade] if one.grade else ""},
        {"label": _("Отзыв руководителя"), "value": one.review},
        {"label": _("Что дальше"), "value": OUTCOMES[one.outcome] if one.outcome else ""},
    ]
    if one.status_reason:
        rows.append({"label": _("Причина"), "value": one.status_reason})
    return rows


def _day(moment: dt.datetime) -> dt.date:
    """The day in Barnaul on which it happened."""
    return moment.astimezone(BARNAUL).date()


def _events(one: Internship) -> list[dict[str, Any]]:
    """What the record itself tells of its history, newest first; who did what stands in the auditor's log."""
    events: list[dict[str, Any]] = [
        {"day": _day(one.created_at), "title": _("Запись добавлена"), "meta": one.enterprise.short_ru}
    ]
    if one.agreed_at is not None:
        events.append({"day": _day(one.agreed_at), "title": _("Вуз согласовал"), "meta": words.sender(one)})
    if one.briefing_on is not None:
        events.append({"day": one.briefing_on, "title": _("Инструктаж по охране труда")})
    if one.status in (Stage.STARTED, Stage.FINISHED, Stage.EVALUATED, Stage.INTERRUPTED):
        events.append({"day": one.starts_on, "title": _("Первый день")})
    if one.status in (Stage.FINISHED, Stage.EVALUATED):
        events.append({"day": one.ends_on, "title": _("Последний день")})
    if _day(one.updated_at) > _day(one.created_at):
        events.append({"day": _day(one.updated_at), "title": _("Последнее изменение записи")})
    return sorted(events, key=lambda event: event["day"], reverse=True)
