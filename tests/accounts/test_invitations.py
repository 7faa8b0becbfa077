"""Invitations and links for a new password: once, for 72 hours, set by the person alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from exchange.accounts.actions import link_address
from tests.world import PASSWORD

GOOD = "берёза лошадь скрепка 7"
NEW = {"email": "Novaya@example.com", "name": "Анна Новая", "position": "", "organisation": "ASTU", "role": "university"}


def link_on(page: str) -> str:
    found = re.search(r"/invite/([\w.-]+)", page)
    assert found, page
    return found[0]


@pytest.fixture
def invited(admin: Any) -> str:
    """The link of somebody whom the administrator has just invited."""
    answer = admin.post("/accounts", data=NEW)
    assert answer.status_code == 303, answer.text
    return link_on(admin.get(answer.location).text)


def test_from_invitation_to_the_first_page(invited: str, admin: Any, new_client: Any, account: Any, knock: Any) -> None:
    person = new_client()
    assert "novaya@example.com" in person.get(invited).text
    answer = person.post(invited, data={"password": GOOD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert person.get("/me").status_code == 200
    made = account("novaya@example.com")
    assert made.confirmed_at is not None
    assert made.password.startswith("$argon2id$")
    assert knock(new_client(), "novaya@example.com", GOOD).status_code == 303


def test_a_link_works_once(invited: str, new_client: Any) -> None:
    person = new_client()
    person.post(invited, data={"password": GOOD})
    for answer in (new_client().get(invited), new_client().post(invited, data={"password": "another good password"})):
        assert answer.status_code == 410
        assert "уже использована" in answer.text


def test_a_link_works_for_72_hours_and_then_says_until_when_it_did(invited: str, new_client: Any, clock: Any) -> None:
    clock.shift(72 * 3600 - 60)
    assert new_client().get(invited).status_code == 200
    clock.shift(120)
    answer = new_client().get(invited)
    assert answer.status_code == 410
    assert "Ссылка действовала до 26.11.2026 12:00 (Барнаул)" in answer.text


def test_a_damaged_link_is_refused(invited: str, new_client: Any) -> None:
    token = invited.removeprefix("/invite/")
    for damaged in (token[:-1], token + "A", token[1:], "x", "%00", "x" * 3000, token.replace(".", "..", 1)):
        assert new_client().get("/invite/" + damaged).status_code == 410


def test_a_new_link_replaces_the_one_before(invited: str, admin: Any, new_client: Any, account: Any) -> None:
    key = account("novaya@example.com").id
    again = link_on(admin.get(admin.post(f"/accounts/{key}/link").location).text)
    assert again != invited
    assert new_client().get(invited).status_code == 410
    assert new_client().get(again).status_code == 200


def test_the_link_of_a_deactivated_account_opens_nothing(invited: str, new_client: Any, account: Any) -> None:
    account("novaya@example.com", active=False)
    assert new_client().get(invited).status_code == 410


@pytest.mark.parametrize(("password", "sentence"), [
    ("", "Введите новый пароль"), ("short", "не короче 12"), ("novaya123456789", "повторяет почту"),
    ("x" * 10_000, "Сократите до 1000"), ("\x00" * 20, "Введите новый пароль"),
])  # fmt: skip
def test_a_weak_password_is_refused_and_the_link_goes_on_to_work(
    invited: str, new_client: Any, password: str, sentence: str
) -> None:
    answer = new_client().post(invited, data={"password": password})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert new_client().get(invited).status_code == 200


def test_a_link_for_a_forgotten_password_leads_to_sign_in_so_the_second_factor_is_asked(
    admin: Any, new_client: Any, world: Any, account: Any, login: Any
) -> None:
    person = new_client()
    login(person, world.emails["asu"])
    key = world.actors["asu"].user_id
    link = link_on(admin.get(admin.post(f"/accounts/{key}/link").location).text)
    assert person.get("/me").status_code == 302  # a new link ends the sessions
    answer = person.post(link, data={"password": GOOD})
    assert answer.location == "/login"
    assert login(person, world.emails["asu"], GOOD)


def test_the_sheet_shows_the_link_only_to_who_made_it_and_on_the_configured_address(
    admin: Any, new_client: Any, world: Any, login: Any
) -> None:
    answer = admin.post("/accounts", data=NEW)
    page = admin.get(answer.location).text
    assert "http://127.0.0.1:8000/invite/" in page
    with admin.application.test_request_context(base_url="http://evil.example"):
        assert link_address("abc") == "http://127.0.0.1:8000/invite/abc"
    assert "26.11.2026 12:00" in page
    assert "<svg" in page
    assert "data:" not in page
    other = new_client()
    login(other, world.emails["admin"])
    assert other.get(answer.location).status_code == 303


def test_sending_the_form_twice_invites_once(admin: Any) -> None:
    once = re.search(r'name="once" value="([^"]+)"', admin.get("/accounts/new").text)
    assert once
    answers = [admin.post("/accounts", data={**NEW, "once": once[1]}) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].location == answers[1].location


def test_nobody_else_ever_learns_the_password(invited: str, new_client: Any, admin: Any, as_: Any) -> None:
    import sqlalchemy as sa

    from exchange.access.actor import SYSTEM
    from exchange.audit.models import AuditEntry

    new_client().post(invited, data={"password": GOOD})
    with as_(SYSTEM) as session:
        log = str([(e.action, e.details) for e in session.scalars(sa.select(AuditEntry))])
    assert GOOD not in log
    assert invited.removeprefix("/invite/") not in log
    assert PASSWORD not in log
