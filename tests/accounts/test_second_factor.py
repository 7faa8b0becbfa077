"""The second factor: switched on with a working code, asked after the password, each code once, recovery codes once."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest

from tests.world import PASSWORD


def token_of(page: str) -> pyotp.TOTP:
    """The authenticator of a person who typed the key from the page."""
    found = re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page)
    assert found, page
    assert all(len(part) == 4 for part in found[1].split()[:-1])
    return pyotp.TOTP(found[1].replace(" ", ""))


@pytest.fixture
def protected(client: Any, world: Any, login: Any) -> tuple[pyotp.TOTP, list[str]]:
    """ASU's account with a second factor: the authenticator and the recovery codes; `client` is signed in."""
    login(client, world.emails["asu"])
    totp = token_of(client.get("/me/second-factor").text)
    answer = client.post("/me/second-factor", data={"code": totp.now()})
    assert answer.status_code == 200, answer.text
    return totp, re.findall(r'<li class="num">([^<]+)</li>', answer.text)


def test_the_page_shows_a_picture_and_the_key_and_nothing_is_on_before_a_code(
    client: Any, world: Any, login: Any, account: Any
) -> None:
    login(client, world.emails["asu"])
    page = client.get("/me/second-factor").text
    assert 'role="img"' in page
    assert "data:" not in page
    assert 'autocomplete="one-time-code"' in page
    for wrong in ("", "12345", "abcdef", "1234567", "000000 x", "9" * 10_000):
        assert client.post("/me/second-factor", data={"code": wrong}).status_code == 422
    assert account(world.emails["asu"]).tf_primary_method is None
    assert token_of(client.get("/me/second-factor").text).secret == token_of(page).secret


def test_ten_recovery_codes_are_shown_once_and_kept_as_hashes(protected: Any, world: Any, account: Any, client: Any) -> None:
    _totp, codes = protected
    assert len(set(codes)) == 10
    user = account(world.emails["asu"])
    assert len(user.mf_recovery_codes) == 10
    assert all(re.fullmatch(r"[0-9a-f]{64}", kept) for kept in user.mf_recovery_codes)
    assert user.tf_totp_secret
    assert "key" not in user.tf_totp_secret or '"enckey"' in user.tf_totp_secret
    assert not any(code in client.get("/me/security").text for code in codes)


def test_sign_in_asks_for_a_code_and_a_code_works_once(
    protected: Any, new_client: Any, world: Any, knock: Any, clock: Any
) -> None:
    totp, _codes = protected
    clock.shift(30)
    person = new_client()
    assert knock(person, world.emails["asu"], next="/audit").location == "/login/code"
    assert person.get("/me").status_code == 302
    code = totp.now()
    answer = person.post("/login/code", data={"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer.location) == (303, "/audit")
    assert person.get("/me").status_code == 200
    thief = new_client()
    knock(thief, world.emails["asu"])
    assert thief.post("/login/code", data={"code": code}).status_code == 422
    assert thief.get("/me").status_code == 302


def test_the_code_with_which_it_was_switched_on_does_not_let_in(
    protected: Any, new_client: Any, world: Any, knock: Any
) -> None:
    totp, _codes = protected
    person = new_client()
    knock(person, world.emails["asu"])
    assert person.post("/login/code", data={"code": totp.now()}).status_code == 422


def test_a_phone_may_be_half_a_minute_off_but_not_more(
    protected: Any, new_client: Any, world: Any, knock: Any, clock: Any
) -> None:
    totp, _codes = protected
    clock.shift(600)
    person = new_client()
    knock(person, world.emails["asu"])
    assert person.post("/login/code", data={"code": totp.at(int(__import__("time").time()) - 95)}).status_code == 422
    assert person.post("/login/code", data={"code": totp.at(int(__import__("time").time()) - 30)}).status_code == 303


def test_a_recovery_code_works_once_in_any_spelling(protected: Any, new_client: Any, world: Any, knock: Any) -> None:
    _totp, codes = protected
    person = new_client()
    knock(person, world.emails["asu"])
    answer = person.post("/login/code?recovery=1", data={"code": codes[3].upper().replace("-", " ")})
    assert answer.status_code == 303
    assert "Осталось: 9" in person.get("/me").text
    again = new_client()
    knock(again, world.emails["asu"])
    refused = again.post("/login/code?recovery=1", data={"code": codes[3]})
    assert refused.status_code == 422
    assert "уже использован" in refused.text


def test_five_wrong_codes_close_the_page_for_five_minutes(
    protected: Any, new_client: Any, world: Any, knock: Any, clock: Any
) -> None:
    totp, _codes = protected
    clock.shift(60)
    person = new_client()
    knock(person, world.emails["asu"])
    answers = [person.post("/login/code", data={"code": f"{number:06}"}).status_code for number in range(5)]
    assert answers == [422] * 5
    assert person.post("/login/code", data={"code": totp.now()}).status_code == 429
    clock.shift(301)
    assert person.post("/login/code", data={"code": totp.now()}).status_code == 303


def test_the_page_for_the_code_waits_ten_minutes_and_needs_the_password_first(
    protected: Any, new_client: Any, world: Any, knock: Any, clock: Any
) -> None:
    totp, codes = protected
    stranger = new_client()
    assert stranger.get("/login/code").location == "/login"
    assert stranger.post("/login/code", data={"code": totp.now()}).location == "/login"
    assert stranger.post("/login/code?recovery=1", data={"code": codes[0]}).location == "/login"
    person = new_client()
    knock(person, world.emails["asu"])
    clock.shift(601)
    assert person.post("/login/code", data={"code": totp.now()}).location == "/login"


def test_switching_off_needs_the_password_and_ends_other_sessions(
    protected: Any, client: Any, new_client: Any, world: Any, knock: Any
) -> None:
    refused = client.post("/me/second-factor/off", data={"factor-password": "a wrong one here"})
    assert refused.status_code == 422
    assert "Пароль не подошёл" in refused.text
    assert client.post("/me/second-factor/off", data={"factor-password": PASSWORD}).status_code == 303
    person = new_client()
    assert knock(person, world.emails["asu"]).location == "/"


def test_new_recovery_codes_replace_the_old_ones(protected: Any, client: Any, new_client: Any, world: Any, knock: Any) -> None:
    _totp, old = protected
    answer = client.post("/me/recovery-codes", data={"codes-password": PASSWORD})
    new = re.findall(r'<li class="num">([^<]+)</li>', answer.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    person = new_client()
    knock(person, world.emails["asu"])
    assert person.post("/login/code?recovery=1", data={"code": old[0]}).status_code == 422
    assert person.post("/login/code?recovery=1", data={"code": new[0]}).status_code == 303


def test_switching_on_ends_sessions_that_were_open_without_it(client: Any, new_client: Any, world: Any, login: Any) -> None:
    other = new_client()
    login(other, world.emails["asu"])
    login(client, world.emails["asu"])
    totp = token_of(client.get("/me/second-factor").text)
    client.post("/me/second-factor", data={"code": totp.now()})
    assert client.get("/me").status_code == 200
    assert other.get("/me").status_code == 302
