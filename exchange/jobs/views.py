"""One's own jobs: how far each is, stop, try again; the results wait here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.doors import signed_in
from exchange.database import now, only_reading
from exchange.extensions import db
from exchange.jobs import actions, queries
from exchange.jobs.models import Job
from exchange.jobs.progress import Told
from exchange.jobs.running import interrupted_sentence
from exchange.jobs.signs import is_lost, signs
from exchange.jobs.works import WORKS
from exchange.web.pages import go, public_id_or_404
from exchange.web.transaction import reads_first

room = Blueprint("jobs", __name__, url_prefix="/jobs")
# A job that nobody began in this time waits for a worker that is busy or not there.
LONG = dt.timedelta(seconds=10)
AGAIN = 3  # seconds after which the page of a running job asks again
STATES = {
    "waiting": (_l("Ждёт очереди"), "info"),
    "working": (_l("Выполняется"), "info sq"),
    "done": (_l("Готово"), "ok"),
    "failed": (_l("Не получилось"), "bad sq"),
    "interrupted": (_l("Прервано"), "warn sq"),
    "cancelled": (_l("Отменено"), "ring"),
}
STEPS = {
    "": _l("Начинается"),
    "reading": _l("Читаем файл"),
    "rows": _l("Проверяем строки"),
    "register": _l("Сравниваем с реестром"),
    "saving": _l("Записываем"),
}


@dataclass(frozen=True)
class Shown:
    """A job as it is shown: a worker that is gone is seen here before another worker says so in the table."""

    job: Job
    title: Any
    state: str
    told: Told
    message: str
    waits_long: bool

    @property
    def is_unfinished(self) -> bool:
        return self.state in ("waiting", "working")

    @property
    def words(self) -> Any:
        return STATES[self.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def may_repeat(self) -> bool:
        return self.state in ("interrupted", "failed") and self.job.work in WORKS


def shown(job: Job) -> Shown:
    lost = is_lost(job)
    state = "interrupted" if lost else job.state
    work = WORKS.get(job.work)
    return Shown(
        job=job,
        title=work.title if work is not None else _("Задание прежней версии"),
        state=state,
        told=signs().told(job) if state == "working" else Told(),
        message=interrupted_sentence(job) if lost else job.message,
        waits_long=state == "waiting" and now() - job.created_at > LONG,
    )


@room.get("/")
@signed_in
def index() -> Any:
    """Jobs of this account, with what they came to."""
    return render_template(
        "jobs/index.html", lines=[shown(job) for job in queries.mine(db.session())], days=queries.LISTED.days
    )


@room.get("/<string:public_id>")
@signed_in
def show(public_id: str) -> Any:
    """How far a job is; the page asks again by itself, unless told to stand still."""
    job = queries.by_public_id(db.session(), public_id_or_404(public_id))
    line, still = shown(job), request.args.get("still") == "1"
    answer = make_response(render_template("jobs/show.html", line=line, steps=STEPS, still=still))
    if line.is_unfinished and not still:
        answer.headers["Refresh"] = str(AGAIN)
    return answer


@room.post("/<string:public_id>/cancel")
@signed_in
@reads_first  # on SQLite the job at hand may hold back whoever writes, and it is the one to be stopped
def cancel(public_id: str) -> Any:
    """Takes a waiting job out of the queue; tells the worker of one that is being done to stop."""
    job = queries.by_public_id(db.session(), public_id_or_404(public_id))
    if job.state == "working":
        signs().ask_to_stop(db.session(), job)
        flash(_("Останавливаем. Если запись ещё не завершилась, в реестре ничего не изменится"), "info")
    elif job.state == "waiting":
        _cancel_waiting(public_id)
    return go("jobs.show", public_id=public_id)


def _cancel_waiting(public_id: str) -> None:
    db.session.rollback()
    only_reading(False)
    job = queries.by_public_id(db.session(), public_id)
    if not actions.cancel_waiting(db.session(), job, _("Отменено. В реестр ничего не записано")):
        signs().ask_to_stop(db.session(), job)  # a worker was quicker


@room.post("/<string:public_id>/again")
@signed_in
def again(public_id: str) -> Any:
    """«Повторить»: the same work as a new job."""
    line = shown(queries.by_public_id(db.session(), public_id_or_404(public_id)))
    if not line.may_repeat:
        return go("jobs.show", public_id=public_id)
    if line.job.state == "working" and not actions.give_up(db.session(), line.job, line.message):
        return go("jobs.show", public_id=public_id)  # its worker is alive after all
    return go("jobs.show", public_id=actions.ask_again(db.session(), line.job).public_id)
