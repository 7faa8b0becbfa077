"""Sign-in: who is let in, where to, for how long, and that nobody learns who has an account."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.accounts.models import Membership
from exchange.audit.models import AuditEntry
from tests.world import PASSWORD

HOMES = {
    "admin": "/accounts",
    "auditor": "/audit",
    "asu": "/students",
    "altvagon": "/internships",
}


@pytest.mark.parametrize("who", sorted(HOMES))
def test_a_role_begins_its_day_on_its_page(client: Any, world: Any, login: Any, who: str) -> None:
    assert login(client, world.emails[who]).location == "/"
    assert client.get("/").location.rstrip("/") == HOMES[who]


def test_the_name_is_taken_in_any_case_and_with_spaces(client: Any, world: Any, knock: Any) -> None:
    assert knock(client, f"  {world.emails['asu'].upper()} ").status_code == 303


def test_nobody_can_register(client: Any, world: Any) -> None:
    assert client.get("/register").status_code == 404


def test_unknown_wrong_inactive_and_invited_get_the_same_answer(
    client: Any, new_client: Any, world: Any, account: Any, knock: Any
) -> None:
    account(world.emails["astu"], active=False)
    account(world.emails["branch"], password=None)
    answers = [
        knock(new_client(), "nobody@example.org"),
        knock(new_client(), world.emails["asu"], "a wrong password"),
        knock(new_client(), world.emails["astu"]),
        knock(new_client(), world.emails["branch"]),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4
    texts = [
        re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(email, "EMAIL"))
        for answer, email in zip(
            answers, ["nobody@example.org", *(world.emails[k] for k in ("asu", "astu", "branch"))], strict=True
        )
    ]
    assert len(set(texts)) == 1
    assert "Почта или пароль не подошли" in texts[0]


def test_an_unknown_account_costs_a_hash_too(client: Any, world: Any, knock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from exchange.accounts import passwords

    checked: list[str] = []
    context = client.application.extensions["security"].pwd_context
    real = context.verify

    def verify(secret: Any, kept: str) -> Any:
        checked.append(kept[:9])
        return real(secret, kept)

    monkeypatch.setattr(context, "verify", verify)
    knock(client, "nobody@example.org")
    knock(client, world.emails["asu"], "a wrong password")
    assert checked == ["$argon2id", "$argon2id"]
    assert passwords.SHORTEST == 12


@pytest.mark.parametrize(
    ("email", "password", "sentence"),
    [("", PASSWORD, "Введите почту"), ("asu@example.org", "", "Введите пароль"), ("", "", "Введите почту")],
)
def test_nothing_entered_is_said_beside_the_field(client: Any, world: Any, email: str, password: str, sentence: str) -> None:
    answer = client.post("/login", data={"email": email, "password": password})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("text", ["x" * 10_000, "\x00\x01a@b.c", "‮".encode().decode(), "' or 1=1 --", "a" * 300 + "@b.c"])
def test_absurd_values_are_refused_and_not_failed_on(client: Any, world: Any, text: str) -> None:
    assert client.post("/login", data={"email": text, "password": text}).status_code == 422
    assert client.post("/password/reset", data={"email": text}).status_code in (200, 422)


INSIDE = ["/students?q=%D0%B0&page=2", "/me", "/audit?from=2026-01-01"]
OUTSIDE = [
    "//evil.example", "/\\evil.example", "\\/evil.example", "https://evil.example", "javascript:alert(1)",
    "/%09/evil.example\t", "http:evil.example", "///evil.example", " //evil.example", "evil.example", "/\x00/evil",
    "/login", "/logout", "",
]  # fmt: skip


@pytest.mark.parametrize("target", INSIDE)
def test_the_way_goes_on_to_the_page_that_was_asked_for(client: Any, world: Any, knock: Any, target: str) -> None:
    assert knock(client, world.emails["asu"], next=target).location == target


@pytest.mark.parametrize("target", OUTSIDE)
def test_the_way_never_leads_out_of_the_site(client: Any, world: Any, knock: Any, target: str) -> None:
    assert knock(client, world.emails["asu"], next=target).location in ("/", "/%09/evil.example")


def test_a_visitor_is_sent_to_the_entrance_and_back(client: Any, world: Any) -> None:
    answer = client.get("/accounts?state=rare")
    assert (answer.status_code, answer.location) == (302, "/login?next=/accounts?state%3Drare")


def test_a_program_and_a_form_get_401_instead(client: Any, world: Any) -> None:
    assert client.get("/accounts", headers={"Accept": "application/json"}).status_code == 401
    assert client.post("/accounts", data={}).status_code == 401


def test_every_sign_in_gets_a_session_of_its_own(client: Any, world: Any, login: Any) -> None:
    client.get("/login")
    login(client, world.emails["asu"])
    with client.session_transaction() as first:
        sid = first["sid"]
        first["planted"] = "by somebody else"
    login(client, world.emails["astu"])
    with client.session_transaction() as second:
        assert second["sid"] != sid
        assert "planted" not in second


def test_signing_out_ends_the_session_also_for_a_copy_of_its_cookie(
    client: Any, new_client: Any, world: Any, login: Any
) -> None:
    login(client, world.emails["asu"])
    copied = client.get_cookie("session").value
    answer = client.post("/logout")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/me").status_code == 302
    thief = new_client()
    thief.set_cookie("session", copied)
    assert thief.get("/me").status_code == 302
    assert client.get("/logout").status_code == 405


def test_looking_keeps_a_session_but_half_an_hour_of_nothing_ends_it(client: Any, world: Any, login: Any, today: Any) -> None:
    login(client, world.emails["asu"])
    for _ in range(3):
        today.shift(29 * 60)
        assert client.get("/me").status_code == 200
    today.shift(31 * 60)
    answer = client.get("/me?a=1")
    assert answer.location == "/login?next=/me?a%3D1"
    assert "не было действий 30 мин" in client.get(answer.location).text


def test_an_administrator_is_signed_out_sooner(client: Any, world: Any, login: Any, today: Any) -> None:
    login(client, world.emails["admin"])
    today.shift(14 * 60)
    assert client.get("/me").status_code == 200
    today.shift(16 * 60)
    assert client.get("/me").status_code == 302


def test_ten_hours_end_every_session(client: Any, world: Any, login: Any, today: Any) -> None:
    login(client, world.emails["asu"])
    for _ in range(24):
        today.shift(25 * 60 - 5)
        assert client.get("/me").status_code == 200
    today.shift(10)
    for _ in range(1):
        today.shift(150)
    assert client.get("/me").status_code == 302


def test_who_has_no_role_today_is_told_so_and_can_only_leave(client: Any, world: Any, login: Any, as_: Any) -> None:
    with as_(SYSTEM) as session:
        mine = sa.select(Membership).where(Membership.user_id == world.actors["asu"].user_id)
        session.scalars(mine).one().valid_to = session.scalars(mine).one().valid_from
    login(client, world.emails["asu"])
    for address in ("/", "/audit", "/me"):
        answer = client.get(address)
        assert answer.status_code == 403
        assert "роль в реестре сейчас не назначена" in answer.text
    assert client.post("/logout").status_code == 303
    assert client.get("/").location.startswith("/login")


def test_a_deactivated_account_is_out_at_once(client: Any, world: Any, login: Any, account: Any) -> None:
    login(client, world.emails["asu"])
    assert client.get("/me").status_code == 200
    account(world.emails["asu"], active=False)
    assert client.get("/me").status_code == 302


def test_a_university_sees_its_branches_and_a_branch_only_itself(client: Any, world: Any, as_: Any) -> None:
    from exchange.accounts.queries import standing_of
    from exchange.web.pages import today as day

    with as_(SYSTEM) as session:
        for key in ("asu", "branch", "astu", "altvagon", "akimat", "admin"):
            standing = standing_of(session, f"world-{key}", day())
            assert standing is not None
            actor = standing.actor()
            assert actor is not None
            assert (actor.role, actor.organisation_ids) == (world.actors[key].role, world.actors[key].organisation_ids)


def test_signing_in_out_and_failing_are_in_the_log(client: Any, world: Any, knock: Any, as_: Any) -> None:
    knock(client, world.emails["asu"], "a wrong password")
    knock(client, "nobody@example.org", "a wrong password")
    knock(client, world.emails["asu"])
    client.post("/logout")
    with as_(SYSTEM) as session:
        rows = session.scalars(sa.select(AuditEntry).where(AuditEntry.action.like("account:%")).order_by(AuditEntry.id)).all()
        key = str(world.actors["asu"].user_id)
        assert [(r.action, r.subject_id, r.role) for r in rows] == [
            ("account:refused", key, "gate"),
            ("account:refused", "", "gate"),
            ("account:signed-in", key, "university"),
            ("account:signed-out", key, "university"),
        ]
        assert "nobody" not in str([r.details for r in rows])


def test_an_idle_cookie_is_no_secret_keeper_of_other_pages(client: Any, world: Any) -> None:
    """Files need no account, so their answers do not vary with the cookie and a browser may keep them."""
    with client.get("/static/app.css") as answer:
        assert "Cookie" not in answer.headers.get("Vary", "")
