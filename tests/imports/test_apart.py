"""Large files go apart: checked and recorded as jobs, with the same result as in a request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from exchange.access.actor import SYSTEM
from exchange.imports import actions, apart
from exchange.imports.decisions import Decisions, place
from exchange.imports.models import Import, ImportRow
from exchange.jobs.models import Job
from exchange.students.models import Student
from tests.applications import Client
from tests.imports.register import bring
from tests.imports.rosters import lines, many, xlsx
from tests.imports.test_fixes import form_of
from tests.imports.test_pages import send
from tests.jobs.queue import asked_by, work_off
from tests.world import World

Login = Callable[..., Any]
PEOPLE = many(9)
CONTENT = xlsx(lines(people=PEOPLE))


def words(answer: Any) -> str:
    return BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)


@pytest.fixture
def site(real_app: Flask) -> Flask:
    """Files of more than 5 rows are large here."""
    real_app.config |= {"JOBS_APART": True, "JOBS_ROWS": 5, "JOBS_BYTES": 100_000}
    return real_app


@pytest.fixture
def asu(site: Flask, world: World, login: Login) -> Client:
    client = Client(site, site.response_class, use_cookies=True)
    login(client, world.emails["asu"])
    return client


def students(app: Flask) -> int:
    with asked_by(app) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Student)) or 0


def upload(app: Flask) -> tuple[str, dict[str, Any]]:
    """State and counts of the newest upload."""
    with asked_by(app) as session:
        brought = session.scalars(sa.select(Import).order_by(Import.id.desc()).limit(1)).one()
        return brought.state, dict(brought.counts)


def checked(client: Client, app: Flask, content: bytes = CONTENT) -> str:
    """Brings the large file and lets the worker check it; the address of the upload."""
    place = send(client, content).location
    assert place.startswith("/jobs/")
    work_off(app)
    link = BeautifulSoup(client.get(place).data, "html.parser").find("a", string="Открыть результат")
    assert link is not None
    return str(link["href"])


def test_checked_and_recorded_apart(asu: Client, site: Flask) -> None:
    """The same verdicts as in a request; the result waits; a second press finds the job of the first."""
    before = students(site)
    place = send(asu, CONTENT).location
    assert upload(site) == ("received", {})
    assert "Принята, проверяется" in words(asu.get("/imports"))
    assert "Ждёт очереди" in words(asu.get(place))
    work_off(site)
    page = asu.get(place)
    assert "Проверено 9 строк, с ошибками: 0. В реестр ещё ничего не записано" in words(page)
    with asked_by(site) as session:
        _, in_request = bring(session, CONTENT)
        session.rollback()
    state, counts = upload(site)
    assert state == "checked"
    assert {name: counts[name] for name in in_request.counts} == in_request.counts
    result = str(BeautifulSoup(page.data, "html.parser").find("a", string="Открыть результат")["href"])
    assert "Загрузить 9 строк" in words(asu.get(result))

    pressed = asu.post(f"{result}/apply").location
    assert asu.post(f"{result}/apply").location == pressed
    assert asu.get(result).location == pressed, "while it is recorded the upload leads to its job"
    assert students(site) == before
    work_off(site)
    assert "Загружено 9 строк: новых 9, обновлено 0" in words(asu.get(pressed))
    assert students(site) == before + 9
    assert "Записано в реестр" in words(asu.get(result))
    assert asu.post(f"{result}/apply").location == result, "a press after the end leads to the result"
    assert work_off(site) == 0


def test_a_small_file_stays_in_the_request(asu: Client, site: Flask) -> None:
    answer = send(asu, xlsx(lines(people=PEOPLE[:4])))
    assert answer.location.startswith("/imports/")
    assert "Загрузить 4 строки" in words(asu.get(answer.location))
    assert asu.post(f"{answer.location}/apply").location == answer.location
    assert work_off(site) == 0


def test_many_bytes_are_not_even_read_in_the_request(asu: Client, site: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    site.config["JOBS_BYTES"] = 100
    monkeypatch.setattr(actions, "read", None)
    assert send(asu, CONTENT).location.startswith("/jobs/")


def test_what_cannot_be_read_is_refused_apart(asu: Client, site: Flask) -> None:
    site.config["JOBS_BYTES"] = 100
    place = send(asu, b"\x89PNG\r\n\x1a\n" + bytes(500)).location
    work_off(site)
    assert "Файл должен быть .xlsx, .ods или .csv" in words(asu.get(place))
    assert upload(site)[0] == "refused"
    assert "Не прочитана" in words(asu.get("/imports"))
    with asked_by(site) as session:
        public_id = session.scalars(sa.select(Import.public_id).order_by(Import.id.desc())).first()
    page = words(asu.get(f"/imports/{public_id}"))
    assert "Файл не прочитан" in page
    assert "Файл должен быть .xlsx, .ods или .csv" in page


def test_a_check_that_is_stopped_puts_the_file_aside(asu: Client, site: Flask) -> None:
    place = send(asu, CONTENT).location
    asu.post(f"{place}/cancel")
    assert work_off(site) == 0
    assert upload(site)[0] == "cancelled"
    assert "Отменено. В реестр ничего не записано" in words(asu.get(place))


def test_an_upload_put_aside_is_not_checked_any_more(asu: Client, site: Flask) -> None:
    place = send(asu, CONTENT).location
    with asked_by(site) as session:
        public_id = session.scalars(sa.select(Import.public_id).order_by(Import.id.desc())).first()
    asu.post(f"/imports/{public_id}/cancel")
    work_off(site)
    assert "Эта загрузка уже проверена или отменена" in words(asu.get(place))
    with asked_by(site) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(ImportRow)) == 0


def test_a_check_that_was_interrupted_is_repeated(asu: Client, site: Flask) -> None:
    """The file is kept: from the page of the upload and from that of the job it is checked again."""
    place = send(asu, CONTENT).location
    with asked_by(site) as session:
        session.execute(sa.update(Job).values(state="interrupted", message="Проверка прервалась. В реестр ничего не записано"))
        public_id = session.scalars(sa.select(Import.public_id).order_by(Import.id.desc())).first()
    page = asu.get(f"/imports/{public_id}")
    assert "Проверка прервалась. В реестр ничего не записано" in words(page)
    assert f'action="{place}/again"' in page.text
    asu.post(f"{place}/again")
    work_off(site)
    assert upload(site)[0] == "checked"


def test_an_upload_that_changed_meanwhile_is_refused_as_in_a_request(asu: Client, site: Flask) -> None:
    first, second = checked(asu, site), checked(asu, site)
    for result in (first, second):
        pressed = asu.post(f"{result}/apply").location
        work_off(site)
    assert "Не получилось" in words(asu.get(pressed))
    assert "Этот файл уже загружен" in words(asu.get(pressed))


def test_checked_again_with_other_decisions(asu: Client, site: Flask, world: World) -> None:
    checked(asu, site)
    with site.test_request_context(), asked_by(site, world.actors["asu"]) as session:
        brought = session.scalars(sa.select(Import)).one()
        first = session.scalars(sa.select(ImportRow).order_by(ImportRow.id).limit(1)).one()
        apart.check_again(session, brought, Decisions(skipped=[place(first.sheet, first.row_number)]))
    work_off(site)
    state, counts = upload(site)
    assert (state, counts["new"], counts["skipped"]) == ("checked", 8, 1)


def test_fixes_of_a_large_file_are_checked_in_a_job(asu: Client, site: Flask, world: World) -> None:
    """Row 3 stays out; the job says so when it is done. Cancelled, the check before it stands again."""
    faulty = xlsx(lines(people=PEOPLE, born=lambda p: "весна" if p is PEOPLE[1] else p.born))
    place_of_it = checked(asu, site, faulty)
    sent = form_of(asu, place_of_it) | {"skip-0-3": "1"}
    answer = asu.post(f"{place_of_it}/fixes", data=sent)
    assert "/jobs/" in answer.location
    assert upload(site)[0] == "received"
    assert asu.post(f"{answer.location}/cancel").status_code == 303
    state, counts = upload(site)
    assert (state, counts["rejected"], counts["skipped"]) == ("checked", 1, 0)
    sent["version"] = form_of(asu, place_of_it)["version"]
    answer = asu.post(f"{place_of_it}/fixes", data=sent)
    work_off(site)
    state, counts = upload(site)
    assert (state, counts["rejected"], counts["skipped"]) == ("checked", 0, 1)
    # who saves an older page is told
    refused = asu.post(f"{place_of_it}/fixes", data=sent)
    assert (refused.status_code, upload(site)[0]) == (422, "checked")
    assert "Пока вы исправляли" in words(refused)


def test_columns_of_a_large_file_are_settled_in_a_job(asu: Client, site: Flask) -> None:
    place_of_it = checked(asu, site)
    page = BeautifulSoup(asu.get(f"{place_of_it}/columns").data, "html.parser")
    form = next(one for one in page.select("main form") if str(one.get("method")) == "post")
    sent: dict[str, Any] = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
    answer = asu.post(f"{place_of_it}/columns", data=sent)
    assert "/jobs/" in answer.location
    work_off(site)
    assert upload(site)[0] == "checked"


def test_a_colleague_sees_that_it_is_being_checked(asu: Client, site: Flask, world: World) -> None:
    """Jobs are everybody's own, uploads are the organisation's."""
    send(asu, CONTENT)
    with asked_by(site, SYSTEM) as session:
        session.execute(sa.update(Job).values(user_id=world.actors["astu"].user_id))
        public_id = session.scalars(sa.select(Import.public_id).order_by(Import.id.desc())).first()
    assert "Файл ещё не проверен" in words(asu.get(f"/imports/{public_id}"))
