"""Drafts: kept, continued, finished, forgotten; what failed to arrive is not lost, and nobody else sees it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.actions import data_version
from exchange.audit.models import AuditEntry
from exchange.drafts import queries
from exchange.drafts.models import Draft, SealedForm
from exchange.students.models import Student
from tests.students.pages import GOOD, TOKEN, soup_of, typed

pytestmark = pytest.mark.usefixtures("today")
HALF = {"iin": GOOD["iin"], "last_name": "Ахметова", "born": "14.3", "programme_query": "информат", "citizenship": "KZ"}
JSON = {"Accept": "application/json"}
OURS = {"Origin": "http://localhost"}


@pytest.fixture
def astu(client: Any, world: Any, login: Any) -> Any:
    login(client, world.emails["astu"])
    return client


def rows(session: Session, model: Any = Draft) -> list[Any]:
    session.expire_all()
    return list(session.scalars(sa.select(model).order_by(sa.inspect(model).primary_key[0])))


def hidden(page: Any, name: str) -> str:
    return str(soup_of(page).find("input", {"name": name})["value"])


def keep(visitor: Any, path: str = "/students/new", **values: str) -> str:
    """Presses «Сохранить черновик»; returns the address of the form with what was typed."""
    answer = visitor.post(path, data={**HALF, **values, "do": "draft", "csrf_token": "x", "once": TOKEN})
    assert answer.status_code == 303
    return str(answer.location)


# ------------------------------------------------------------------------------------------------------ keep and continue
def test_what_was_typed_is_kept_and_continued(astu: Any, session: Session) -> None:
    link = keep(astu)
    assert re.fullmatch(r"/students/new\?draft=[0-9A-HJKMNP-TV-Z]{12}", link)
    page = astu.get(link)
    assert page.status_code == 200
    found = typed(page)
    for name, value in HALF.items():
        assert found[name] == value, name
    assert "Показан черновик от 12:00" in page.text
    assert not soup_of(page).select(".errsum, .emsg"), "nothing is judged before it is sent"
    assert "Есть черновик от 12:00" in astu.get("/students/new").text
    assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 15


def test_a_draft_is_encrypted_and_the_log_says_nothing_of_it(astu: Any, session: Session) -> None:
    keep(astu)
    (draft,) = rows(session)
    for value in (GOOD["iin"], "Ахметова", "14.3"):
        assert value not in draft.sealed
    assert draft.address == "/students/new"
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "draft:saved")).one()
    assert (entry.subject_type, entry.subject_id, entry.details) == ("draft", draft.public_id, {})


def test_a_draft_is_no_data_of_the_registry(astu: Any, session: Session) -> None:
    """Nobody's figures are counted anew because somebody else began to type."""
    before = data_version(session)
    keep(astu)
    astu.post(f"/me/drafts/{rows(session)[0].public_id}/delete")
    session.expire_all()
    asked = sa.select(AuditEntry.action).where(AuditEntry.action.like("draft:%")).order_by(AuditEntry.id)
    assert session.scalars(asked).all() == ["draft:saved", "draft:deleted"]
    assert data_version(session) == before
    assert astu.post("/students/new", data={**GOOD, "once": TOKEN}).status_code == 303
    assert data_version(session) > before


def test_tokens_passwords_and_buttons_are_not_kept(astu: Any, session: Session) -> None:
    page = astu.get(keep(astu, password="geheim", typist="x", fill="born"))
    assert "geheim" not in page.text
    assert hidden(page, "once") != TOKEN


def test_a_form_has_one_draft_and_each_form_its_own(astu: Any, session: Session, world: Any) -> None:
    keep(astu)
    keep(astu, last_name="Сапарова")
    kim = world.public_ids["kim"]
    for path in (
        f"/students/{kim}/edit", f"/students/{kim}/orders/new?type=expulsion", f"/students/{kim}/stay/new?kind=medical",
        "/students/orders/new?type=practice", f"/students/orders/many?type=practice&student={kim}",
    ):  # fmt: skip
        astu.post(path, data={"number": "5", "last_name": "Ким", "do": "draft"})
    assert [draft.address for draft in rows(session)] == [
        "/students/new", f"/students/{kim}/edit", f"/students/{kim}/orders/new?type=expulsion",
        f"/students/{kim}/stay/new?kind=medical", "/students/orders/new?type=practice", "/students/orders/many?type=practice",
    ]  # fmt: skip
    listed = astu.get("/me/drafts")
    assert "Сапарова" in listed.text
    assert len(soup_of(listed).select("tbody tr")) == 6
    for draft in rows(session):
        link = f"{draft.address}{'&' if '?' in draft.address else '?'}draft={draft.public_id}"
        assert astu.get(link).status_code == 200, link


def test_the_draft_of_an_order_for_many_keeps_who_was_chosen(astu: Any, world: Any) -> None:
    chosen = f"{world.public_ids['kim']} {world.public_ids['orazbayeva']}"
    saved = astu.post(
        "/students/orders/many?type=practice", data={"number": "9-п", "chosen": chosen, "place": "Завод", "do": "draft"}
    )
    page = astu.get(saved.location)
    assert (hidden(page, "chosen"), typed(page)["number"], typed(page)["place"]) == (chosen, "9-п", "Завод")


def test_a_form_that_went_through_leaves_no_draft(astu: Any, session: Session) -> None:
    keep(astu)
    assert astu.post("/students/new", data={**GOOD, "course": "9"}).status_code == 422
    assert len(rows(session)) == 1, "a refused form is not through"
    assert astu.post("/students/new", data={**GOOD, "once": TOKEN}).status_code == 303
    assert rows(session) == []
    late = astu.post("/students/new", data={**GOOD, "once": TOKEN, "do": "draft"}, headers=JSON)
    assert (late.status_code, rows(session)) == (200, []), "a page that saves while it is left comes too late"


def test_two_tabs_begin_the_same_form_at_once(astu: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither saw the other's draft: the last word stays, and nobody sees a failure."""
    keep(astu)
    found, asked = queries.draft_at, []

    def late(*given: Any) -> Any:
        asked.append(given)
        return found(*given) if len(asked) > 1 else None

    monkeypatch.setattr(queries, "draft_at", late)
    link = keep(astu, last_name="Сапарова")
    assert len(rows(session)) == 1
    monkeypatch.undo()
    assert typed(astu.get(link))["last_name"] == "Сапарова"


@pytest.mark.parametrize("public_id", ["%00", "x" * 300, "ӘҒҚҢӨҰҮҺІӘҒҚ", "'", ""])
def test_what_is_no_draft_is_said(astu: Any, public_id: str) -> None:
    answer = astu.get(f"/students/new?draft={public_id}")
    assert (answer.status_code, answer.location) == (303, "/students/new")


def test_a_script_is_told_the_time(astu: Any, session: Session) -> None:
    answer = astu.post("/students/new", data={**HALF, "do": "draft"}, headers=JSON)
    assert answer.json == {"said": "Черновик сохранён в 12:00"}
    assert len(rows(session)) == 1


def test_what_no_person_types_is_not_kept(astu: Any, session: Session) -> None:
    long = {**HALF, "note": "я" * 40_000, "do": "draft"}
    assert astu.post("/students/new", data=long, headers=JSON).status_code == 422
    assert astu.post("/students/new", data=long).status_code == 413
    assert rows(session) == []


def test_begin_anew_and_delete(astu: Any, session: Session) -> None:
    keep(astu)
    public_id = rows(session)[0].public_id
    gone = astu.post(f"/me/drafts/{public_id}/delete", data={"next": "/students/new"})
    assert (gone.status_code, gone.location) == (303, "/students/new")
    assert rows(session) == []
    assert "черновик" not in astu.get("/students/new").text.replace("Сохранить черновик", "")
    answer = astu.get(f"/students/new?draft={public_id}")
    assert (answer.status_code, answer.location) == (303, "/students/new")
    assert "Черновика больше нет" in astu.get("/students/new").text


def test_old_drafts_go(astu: Any, session: Session, today: Any, runner: Any, world: Any) -> None:
    keep(astu)
    old = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    session.add(Draft(user_id=world.actors["asu"].user_id, endpoint="x", address="/x", sealed="x", saved_at=old))
    session.commit()
    done = runner.invoke(args=["drafts", "purge"])
    assert (done.exit_code, done.output) == (0, "1 drafts are gone.\n")
    today.shift(dt.timedelta(days=31))
    assert runner.invoke(args=["drafts", "purge"]).output == "1 drafts are gone.\n"
    assert rows(session) == []


def test_another_key_opens_nothing(app: Any, astu: Any, session: Session) -> None:
    link = keep(astu)
    (draft,) = rows(session)
    draft.sealed = draft.sealed[:-8] + "AAAAAAA="
    session.commit()
    answer = astu.get(link)
    assert (answer.status_code, answer.location) == (303, "/students/new")
    assert "Черновик не открывается" in astu.get("/students/new").text
    assert "не открывается" in astu.get("/me/drafts").text


# -------------------------------------------------------------------------------------------------------- nobody else's
def test_nobody_else_sees_a_draft(astu: Any, session: Session, new_client: Any, login: Any, world: Any) -> None:
    link = keep(astu)
    (draft,) = rows(session)
    for key in ("asu", "branch"):
        other = new_client()
        login(other, world.emails[key])
        assert other.get(link).status_code == 303
        assert "Ахметова" not in other.get("/students/new").text
        assert "Ахметова" not in other.get("/me/drafts").text
        assert other.post(f"/me/drafts/{draft.public_id}/delete").status_code == 404
    assert len(rows(session)) == 1


def test_a_draft_is_of_the_form_that_it_names(astu: Any, world: Any) -> None:
    link = keep(astu)
    kim = world.public_ids["kim"]
    answer = astu.get(f"/students/{kim}/edit?{link.partition('?')[2]}")
    assert (answer.status_code, answer.location) == (303, f"/students/{kim}/edit")


def test_who_may_not_send_a_form_may_not_continue_it(astu: Any, new_client: Any, login: Any, world: Any) -> None:
    link = keep(astu)
    other = new_client()
    login(other, world.emails["ministry"])
    assert other.get(link).status_code == 403


# ------------------------------------------------------------------------------------------- conflict, failure, old token
def test_a_conflict_is_found_also_from_a_draft(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    opened = typed(astu.get(path))
    astu.post(path, data={**opened, "phone": "+77050000002", "do": "draft"})
    (draft,) = rows(session)
    assert astu.post(path, data={**opened, "phone": "+77050000001", "do": "save"}).status_code == 303
    assert rows(session) == []
    astu.post(path, data={**opened, "phone": "+77050000002", "do": "draft"})
    (draft,) = rows(session)
    page = astu.get(f"{path}?draft={draft.public_id}")
    answer = astu.post(path, data={**typed(page), "do": "save"})
    assert answer.status_code == 409
    assert "+77050000001" in answer.text
    assert "+77050000002" in answer.text


def test_a_failure_of_ours_keeps_what_was_typed(astu: Any, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    page = astu.get("/students/new")
    monkeypatch.setattr("exchange.students.views.new.register_student", lambda *_: 1 / 0)
    answer = astu.post("/students/new", data={**GOOD, "typist": hidden(page, "typist")})
    assert answer.status_code == 500
    assert "Введённое сохранено в черновике" in answer.text
    assert GOOD["iin"] not in answer.text
    (draft,) = rows(session)
    assert f"/students/new?draft={draft.public_id}" in answer.text
    assert typed(astu.get(f"/students/new?draft={draft.public_id}"))["iin"] == GOOD["iin"]


@pytest.fixture
def with_tokens(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def test_an_expired_token_keeps_what_was_typed(astu: Any, session: Session, with_tokens: None) -> None:
    data = {**GOOD, "typist": hidden(astu.get("/students/new"), "typist"), "csrf_token": "old"}
    for foreign in ({}, {"Origin": "https://elsewhere.example"}):
        assert "Скопируйте важное" in astu.post("/students/new", data=data, headers=foreign).text
    assert rows(session) == [], "no page of another site puts words into a draft"
    answer = astu.post("/students/new", data=data, headers=OURS)
    assert answer.status_code == 400
    assert "Введённое сохранено в черновике" in answer.text
    assert len(rows(session)) == 1


# ------------------------------------------------------------------------------------------------------ an ended session
def ended(astu: Any, today: Any, **more: str) -> Any:
    """The form was opened, the session ended, the form is sent."""
    page = astu.get("/students/new")
    today.shift(dt.timedelta(minutes=45))
    return astu.post("/students/new", data={**GOOD, "typist": hidden(page, "typist"), **more}, headers=OURS)


def test_an_ended_session_loses_nothing(astu: Any, session: Session, today: Any, world: Any, login: Any) -> None:
    answer = ended(astu, today)
    assert (answer.status_code, answer.location) == (303, "/login?next=/students/new")
    (sealed,) = rows(session, SealedForm)
    assert GOOD["iin"] not in sealed.sealed
    assert "Введённое сохранено на час" in astu.get(answer.location).text
    entered = login(astu, world.emails["astu"])
    (draft,) = rows(session)
    assert entered.location == f"/students/new?draft={draft.public_id}"
    assert rows(session, SealedForm) == []
    page = astu.get(entered.location)
    assert "Вход выполнен. Ваши данные на месте — проверьте и сохраните" in page.text
    assert {name: typed(page)[name] for name in ("iin", "last_name", "order_number")} == {
        name: GOOD[name] for name in ("iin", "last_name", "order_number")
    }
    assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 15, "it is never sent by itself"


def test_another_account_in_the_same_browser_gets_nothing(
    astu: Any, session: Session, today: Any, world: Any, login: Any
) -> None:
    ended(astu, today)
    assert login(astu, world.emails["asu"]).location == "/"
    assert rows(session) == []
    assert len(rows(session, SealedForm)) == 1
    astu.post("/logout")
    assert "draft=" in login(astu, world.emails["astu"]).location


def test_another_browser_gets_nothing(astu: Any, session: Session, today: Any, world: Any, login: Any, new_client: Any) -> None:
    ended(astu, today)
    assert login(new_client(), world.emails["astu"]).location == "/"


def test_after_an_hour_it_is_gone(astu: Any, session: Session, today: Any, world: Any, login: Any) -> None:
    ended(astu, today)
    today.shift(dt.timedelta(minutes=61))
    assert login(astu, world.emails["astu"]).location == "/"
    assert rows(session) == []


@pytest.mark.parametrize("mark", ["", "forged", "MQ.aaaa.bbbb"])
def test_a_form_of_nobody_is_not_sealed(astu: Any, session: Session, today: Any, mark: str) -> None:
    assert ended(astu, today, typist=mark).status_code == 401
    assert rows(session, SealedForm) == []


def test_who_was_never_here_writes_nothing(client: Any, session: Session, world: Any, astu: Any, new_client: Any) -> None:
    mark = hidden(astu.get("/students/new"), "typist")
    stranger = new_client()
    assert stranger.post("/students/new", data={**GOOD, "typist": mark}).status_code == 401, "not from a page of ours"
    assert stranger.post("/students/new", data=GOOD, headers=OURS).status_code == 401
    assert rows(session, SealedForm) == []
    answers = {stranger.post("/students/new", data={**GOOD, "typist": mark}, headers=OURS).status_code for _ in range(31)}
    assert answers == {303, 401}, "and only so many from one address"
    assert len(rows(session, SealedForm)) == 30


def test_a_script_without_a_session_is_refused(astu: Any, session: Session, today: Any) -> None:
    page = astu.get("/students/new")
    today.shift(dt.timedelta(minutes=45))
    data = {**GOOD, "typist": hidden(page, "typist"), "do": "draft"}
    assert astu.post("/students/new", data=data, headers={**JSON, **OURS}).status_code == 401
    assert rows(session, SealedForm) == []
