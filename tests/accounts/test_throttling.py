"""How often a sign-in may be tried; the owner of an account is not locked out by strangers."""

from __future__ import annotations

import re
from typing import Any


def without_token(page: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_the_eleventh_try_in_five_minutes_is_not_looked_at(client: Any, world: Any, knock: Any, today: Any) -> None:
    for _ in range(10):
        assert knock(client, world.emails["asu"], "a wrong password").status_code == 422
    answer = knock(client, world.emails["asu"])  # the right one
    assert answer.status_code == 429
    assert 290 <= int(answer.headers["Retry-After"]) <= 300
    assert "Слишком много попыток" in answer.text
    assert "Вход откроется в 12:0" in answer.text
    today.shift(301)
    assert knock(client, world.emails["asu"]).status_code == 303


def test_an_unknown_account_is_counted_in_the_same_way(client: Any, world: Any, knock: Any, today: Any) -> None:
    answers = [knock(client, "nobody@example.org", "x").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_accounts_are_counted_apart(client: Any, world: Any, knock: Any, today: Any) -> None:
    for _ in range(10):
        knock(client, world.emails["asu"], "a wrong password")
    assert knock(client, world.emails["astu"]).status_code == 303


def test_right_passwords_do_not_use_the_tries_up(client: Any, world: Any, knock: Any, today: Any) -> None:
    for _ in range(15):
        assert knock(client, world.emails["asu"]).status_code == 303


def test_an_address_may_try_a_hundred_times(client: Any, new_client: Any, world: Any, knock: Any, today: Any) -> None:
    answers = [knock(client, f"n{number}@example.org", "x").status_code for number in range(101)]
    assert answers == [422] * 100 + [429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    data = {"email": world.emails["asu"], "password": "a wrong password"}
    assert new_client().post("/login", data=data, environ_base=elsewhere).status_code == 422


def test_strangers_do_not_lock_the_owner_out_of_a_known_browser(
    client: Any, new_client: Any, world: Any, knock: Any, login: Any, today: Any
) -> None:
    login(client, world.emails["asu"])
    client.post("/logout")
    stranger = new_client()
    for _ in range(12):
        knock(stranger, world.emails["asu"], "a wrong password")
    assert knock(stranger, world.emails["asu"]).status_code == 429
    assert knock(client, world.emails["asu"]).status_code == 303


def test_the_cookie_of_a_known_browser_opens_nothing_and_serves_one_account(
    client: Any, new_client: Any, world: Any, knock: Any, login: Any, today: Any
) -> None:
    login(client, world.emails["asu"])
    known = client.get_cookie("device", path="/login").value
    stranger = new_client()
    stranger.set_cookie("device", known, path="/login")
    assert stranger.get("/me").status_code == 302
    answers = [knock(stranger, world.emails["astu"], "a wrong password").status_code for _ in range(11)]
    assert answers[-1] == 429
    forged = new_client()
    forged.set_cookie("device", known[:-2] + "xx", path="/login")
    assert knock(forged, world.emails["asu"], "a wrong password").status_code == 422


def test_asking_for_a_new_password_is_limited_and_tells_nothing(
    client: Any, new_client: Any, world: Any, admin: Any, today: Any
) -> None:
    visitor = new_client()
    known = [visitor.post("/password/reset", data={"email": world.emails["asu"]}) for _ in range(4)]
    unknown = [visitor.post("/password/reset", data={"email": "nobody@example.org"}) for _ in range(4)]
    assert [answer.status_code for answer in known] == [answer.status_code for answer in unknown] == [200, 200, 200, 429]
    assert without_token(known[0].text) == without_token(unknown[0].text)
    page = admin.get("/accounts").text
    assert page.count("просит ссылку") == 1
    key = world.actors["asu"].user_id
    admin.post(f"/accounts/{key}/link")
    assert "просит ссылку" not in admin.get("/accounts").text
