"""Moving on: a page that asks once more for each step, and the evaluation."""

from __future__ import annotations

from typing import Any

from flask import abort
from flask_babel import gettext as _

from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.errors import Conflict, RuleBroken
from exchange.extensions import db
from exchange.internships import actions, rules, words
from exchange.internships.forms import EvaluationForm, StatusForm
from exchange.internships.models import Internship
from exchange.internships.stages import STEPS, Recognition, Step
from exchange.internships.views import asked, room
from exchange.web.pages import go


def _step(code: str) -> Step:
    step = STEPS.get(code)
    if step is None:
        abort(404)
    return step


@room.get("/<public_id>/step/<code>")
@allow(Permission.INTERNSHIP_LOG)
def ask_step(public_id: str, code: str) -> Any:
    """What the step changes, and what it still needs."""
    one, step = asked.asked(public_id), _step(code)
    form = StatusForm(today=asked.today(), data={"briefing_on": one.briefing_on, "version": one.version})
    return _show_step(one, step, form, 200)


@room.post("/<public_id>/step/<code>")
@allow(Permission.INTERNSHIP_LOG)
def take_step(public_id: str, code: str) -> Any:
    """Takes the step."""
    one, step = asked.asked(public_id), _step(code)
    form = StatusForm(today=asked.today())
    if not form.validate():
        return _show_step(one, step, form, 422)
    try:
        actions.take_step(
            db.session(), one, code, form.version.number, asked.today(),
            reason=form.reason.data or "", briefing_on=form.briefing_on.day if step is STEPS["start"] else None,
        )  # fmt: skip
    except RuleBroken as broken:
        form.refuse(broken)
        return _show_step(one, step, form, 422)
    except Conflict:
        return _show_step(one, step, asked.reopen(form, one), 409)
    asked.done(_("Состояние изменено: %(stage)s", stage=words.stage_badge(one, asked.today())[1]))
    return go("internships.show", public_id=one.public_id)


def _show_step(one: Internship, step: Step, form: StatusForm, status: int) -> Any:
    return asked.show("step.html", status, one=one, step=step, form=form, consequences=_consequences(one, step))


def _consequences(one: Internship, step: Step) -> list[str]:
    found = []
    if step.code == "start":
        found.append(_("Запись перейдёт в «Идут», можно будет писать часы по неделям"))
        if one.recognition in (Recognition.WAITING, Recognition.RECOGNISED) and one.agreed_at is None:
            found.append(_("Вуз ещё не согласовал практику"))
    if step.code == "confirm":
        found.append(_("Предприятие подтверждает место, срок и руководителя"))
    if step.code == "finish":
        found.append(_("Запись перейдёт в «Ждут оценки»"))
    if step.code == "cancel":
        found += [_("Запись останется в списке с отметкой «Отменена»"), _("В отчёты отменённые записи не входят")]
    if step.code == "interrupt":
        found += [_("Запись останется в списке с отметкой «Прервана»"), _("Часы, записанные до этого дня, сохранятся")]
    return found


@room.get("/<public_id>/evaluation")
@allow(Permission.INTERNSHIP_LOG)
def ask_evaluation(public_id: str) -> Any:
    """The form of the evaluation."""
    one = asked.asked(public_id)
    given = {"grade": str(one.grade or ""), "review": one.review, "outcome": one.outcome or "", "version": one.version}
    return _show_evaluation(one, EvaluationForm(today=asked.today(), data=given), 200)


@room.post("/<public_id>/evaluation")
@allow(Permission.INTERNSHIP_LOG)
def evaluate(public_id: str) -> Any:
    """Writes mark, review and outcome."""
    one = asked.asked(public_id)
    form = EvaluationForm(today=asked.today())
    if form.validate():
        try:
            actions.evaluate(
                db.session(), one, form.version.number, asked.today(),
                grade=int(form.grade.data), review=form.review.data, outcome=form.outcome.data or None,
            )  # fmt: skip
        except RuleBroken as broken:
            form.refuse(broken)
        except Conflict:
            return _show_evaluation(one, asked.reopen(form, one), 409)
        else:
            asked.done(_("Оценка записана"))
            return go("internships.show", public_id=one.public_id)
    return _show_evaluation(one, form, 422)


def _show_evaluation(one: Internship, form: EvaluationForm, status: int) -> Any:
    """The form; before the last day, from when on it will stand here."""
    too_early = rules.too_early_to_evaluate(stage=one.status, ends_on=one.ends_on, today=asked.today())
    return asked.show("evaluation.html", status, one=one, form=form, too_early=too_early)
