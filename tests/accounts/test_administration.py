"""Administration of accounts: the list, inviting, changing, taking away, and what is never possible."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.accounts.models import Membership
from exchange.audit.models import AuditEntry

NEW = {"email": "new@example.com", "name": "Анна Новая", "position": "деканат", "organisation": "ASTU", "role": "university"}
ROLES = ("university", "enterprise", "ministry", "akimat", "administrator", "auditor")


@pytest.fixture
def ids(world: Any) -> dict[str, int]:
    return {key: actor.user_id for key, actor in world.actors.items()}


def entries(as_: Any, action: str) -> list[Any]:
    with as_(SYSTEM) as session:
        found = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)).all()
        return [(entry.subject_id, entry.user_name, entry.details) for entry in found]


# ------------------------------------------------------------------------------------------------------------- the list
def shown(page: str, world: Any) -> set[str]:
    return {key for key, email in world.emails.items() if email in page}


EVERYBODY = {"admin", "auditor", "ministry", "akimat", "asu", "branch", "astu", "altvagon", "altkoks"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", EVERYBODY),
        ("q=ALTVAGON", {"altvagon"}),
        ("q=tester+altkoks", {"altkoks"}),
        ("role=university", {"asu", "branch", "astu"}),
        ("organisation=ASU", {"asu"}),
        ("role=enterprise&organisation=ALTKOKS", {"altkoks"}),
        ("state=rare", {"auditor", "ministry", "akimat", "asu", "branch", "astu", "altvagon", "altkoks"}),
        ("state=inactive", set()),
        ("q=nobody", set()),
        ("role=%27&organisation=%00&state=x&page=-1", set()),
        ("page=99999999999999999999", EVERYBODY),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_its_filters(admin: Any, world: Any, query: str, expected: set[str]) -> None:
    answer = admin.get(f"/accounts?{query}")
    assert answer.status_code == 200
    assert shown(answer.text, world) - {"admin"} == expected - {"admin"}


def test_cyrillic_names_are_found_in_any_case(admin: Any, account: Any, world: Any) -> None:
    account(world.emails["astu"], name="Ёлкина Жанна")
    assert "Ёлкина Жанна" in admin.get("/accounts?q=ёЛкина").text


@pytest.mark.parametrize("who", ["asu", "altvagon", "ministry", "akimat", "auditor"])
def test_others_do_not_come_in(client: Any, world: Any, login: Any, ids: dict[str, int], who: str) -> None:
    login(client, world.emails[who])
    key = ids["admin"]
    for address in ("/accounts", "/accounts/new", f"/accounts/{key}", f"/accounts/{key}/edit", f"/accounts/{key}/deactivate"):
        assert client.get(address).status_code == 403, address
    for address in ("/accounts", f"/accounts/{key}", f"/accounts/{key}/link", f"/accounts/{key}/deactivate"):
        assert client.post(address, data=NEW).status_code == 403, address


def test_an_account_that_is_not_there_is_not_found(admin: Any) -> None:
    for key in ("999999", "2147483648", "99999999999999999999999", "-1", "0", "x"):
        assert admin.get(f"/accounts/{key}").status_code == 404, key
    assert admin.post("/accounts/999999", data=NEW).status_code == 404


# ------------------------------------------------------------------------------------------------------------- inviting
def test_the_cards_say_what_a_role_lets_one_do_as_the_doors_have_it(admin: Any) -> None:
    from exchange import policy
    from exchange.accounts.rules import ABILITIES, ROLE_NAMES

    page = admin.get("/accounts/new").text
    for role in ROLES:
        assert f'value="{role}"' in page
    assert {permission for grants in policy.GRANTS.values() for permission in grants} <= set(ABILITIES)
    assert set(map(str, ROLE_NAMES)) == set(ROLES)
    assert "Сможет: смотреть обзор с показателями, скачивать отчёты" in page  # the akimat


def test_an_invitation_is_recorded_with_all_that_was_entered(admin: Any, account: Any, as_: Any) -> None:
    assert admin.post("/accounts", data=NEW).status_code == 303
    user = account("new@example.com")
    assert (user.name, user.position, user.password, user.active) == ("Анна Новая", "деканат", None, True)
    with as_(SYSTEM) as session:
        held = session.scalars(sa.select(Membership).where(Membership.user_id == user.id)).one()
        assert (held.role, held.organisation.code, held.valid_from, held.valid_to) == (
            "university", "ASTU", dt.date(2026, 11, 23), None,
        )  # fmt: skip
    assert entries(as_, "account:invited") == [
        (str(user.id), "Admin Tester", {"after": {"email": "new@example.com", "name": "Анна Новая", "position": "деканат",
                                                   "role": "university", "organisation": "ASTU"}})
    ]  # fmt: skip


FITTING = [("university", "ASU"), ("university", "ASU-RUB"), ("enterprise", "ALTVAGON"), ("ministry", "MINOBR22"),
           ("akimat", "AKIMAT-VKO"), ("auditor", "REGISTRY"), ("administrator", "REGISTRY")]  # fmt: skip
NOT_FITTING = [("university", "ALTVAGON"), ("university", "REGISTRY"), ("enterprise", "ASU"), ("enterprise", "ASU-RUB"),
               ("ministry", "ASU"), ("akimat", "ALTVAGON"), ("administrator", "ASU"), ("auditor", "ALTKOKS")]  # fmt: skip


@pytest.mark.parametrize(("role", "place"), FITTING)
def test_a_role_is_given_for_a_fitting_organisation(admin: Any, role: str, place: str) -> None:
    assert admin.post("/accounts", data={**NEW, "role": role, "organisation": place}).status_code == 303


@pytest.mark.parametrize(("role", "place"), NOT_FITTING)
def test_a_role_is_not_given_for_another_kind_of_organisation(admin: Any, role: str, place: str) -> None:
    answer = admin.post("/accounts", data={**NEW, "role": role, "organisation": place})
    assert answer.status_code == 422
    assert "Эта роль дана для" in answer.text
    assert 'value="new@example.com"' in answer.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"email": ""}, "Введите почту"),
        ({"email": "not an address"}, "Введите почту полностью"),
        ({"email": "a@b"}, "Введите почту полностью"),
        ({"email": "x" * 10_000 + "@example.com"}, "Сократите до 255 знаков"),
        ({"email": "asu@example.org"}, "уже есть"),
        ({"email": "ASU@Example.org"}, "уже есть"),
        ({"name": ""}, "Введите фамилию и имя"),
        ({"name": "\x00\x01\x02"}, "Введите фамилию и имя"),
        ({"name": "я" * 10_000}, "Сократите до 200 знаков, сейчас 10000"),
        ({"position": "я" * 201}, "Сократите до 200 знаков"),
        ({"role": ""}, "Выберите роль"),
        ({"role": "system"}, "Выберите роль"),
        ({"role": "gate"}, "Выберите роль"),
        ({"role": "x" * 10_000}, "Выберите роль"),
        ({"organisation": ""}, "Выберите организацию"),
        ({"organisation": "KZ-001"}, "Выберите организацию"),
        ({"organisation": "' or 1=1"}, "Выберите организацию"),
        ({"organisation": "\x00"}, "Выберите организацию"),
    ],
)
def test_bad_input_is_refused_with_what_was_typed(admin: Any, changes: dict[str, str], sentence: str) -> None:
    answer = admin.post("/accounts", data={**NEW, **changes})
    assert answer.status_code == 422
    assert sentence in answer.text
    if "position" not in changes:
        assert 'value="деканат"' in answer.text


def test_a_form_of_nothing_names_every_missing_field(admin: Any) -> None:
    answer = admin.post("/accounts", data={})
    assert answer.status_code == 422
    for sentence in ("Введите почту", "Введите фамилию и имя", "Выберите организацию", "Выберите роль"):
        assert sentence in answer.text


def test_fields_of_the_record_that_are_not_in_the_form_stay_out(admin: Any, account: Any) -> None:
    admin.post("/accounts", data={**NEW, "password": "x", "is_demo": "1", "active": "", "version": "7", "id": "1"})
    user = account("new@example.com")
    assert (user.password, user.is_demo, user.active, user.version) == (None, False, True, 1)


# ------------------------------------------------------------------------------------------------------------- changing
def edit_form(**changes: Any) -> dict[str, Any]:
    return {"name": "Asu Tester", "position": "", "organisation": "ASU", "role": "university", "version": "1", **changes}


def test_a_change_is_saved_and_logged_with_before_and_after(
    admin: Any, account: Any, ids: dict[str, int], as_: Any, world: Any
) -> None:
    key = ids["asu"]
    assert admin.post(f"/accounts/{key}", data=edit_form(name="Другое Имя")).status_code == 303
    user = account(world.emails["asu"])
    assert (user.name, user.version) == ("Другое Имя", 2)
    assert entries(as_, "account:changed") == [
        (str(key), "Admin Tester", {"version": 2, "before": {"name": "Asu Tester"}, "after": {"name": "Другое Имя"}})
    ]


def test_another_organisation_changes_what_is_seen_and_ends_sessions(
    admin: Any, new_client: Any, world: Any, login: Any, ids: dict[str, int], as_: Any
) -> None:
    person = new_client()
    login(person, world.emails["asu"])
    assert admin.post(f"/accounts/{ids['asu']}", data=edit_form(organisation="ASTU")).status_code == 303
    assert person.get("/me").status_code == 302
    login(person, world.emails["asu"])
    assert "АлтГТУ" in person.get("/me").text
    with as_(SYSTEM) as session:
        held = session.scalars(sa.select(Membership).where(Membership.user_id == ids["asu"]).order_by(Membership.id)).all()
        today = dt.date(2026, 11, 23)
        assert [(m.organisation.code, m.valid_from, m.valid_to) for m in held] == [
            ("ASU", dt.date(2025, 1, 1), today), ("ASTU", today, None),
        ]  # fmt: skip


def test_saving_nothing_new_changes_nothing(admin: Any, account: Any, ids: dict[str, int], world: Any, as_: Any) -> None:
    assert admin.post(f"/accounts/{ids['asu']}", data=edit_form()).status_code == 303
    assert account(world.emails["asu"]).version == 1
    assert entries(as_, "account:changed") == []


def test_the_second_of_two_editors_is_told_and_loses_nothing(admin: Any, account: Any, ids: dict[str, int], world: Any) -> None:
    key = ids["asu"]
    admin.post(f"/accounts/{key}", data=edit_form(name="Первое Имя"))
    answer = admin.post(f"/accounts/{key}", data=edit_form(name="Второе Имя", position="деканат"))
    assert answer.status_code == 409
    for words in ("Пока вы редактировали, запись изменилась", "Admin Tester, 23.11.2026 12:00",
                  "было «Asu Tester», стало «Первое Имя»",
                  'value="Второе Имя"', 'value="деканат"', 'name="version" value="2"'):  # fmt: skip
        assert words in answer.text, words
    assert account(world.emails["asu"]).name == "Первое Имя"
    assert admin.post(f"/accounts/{key}", data=edit_form(name="Второе Имя", version="2")).status_code == 303
    assert account(world.emails["asu"]).name == "Второе Имя"


@pytest.mark.parametrize("version", ["", "0", "x", "99999999999999999999", "-1"])
def test_a_missing_or_absurd_version_is_a_conflict(admin: Any, ids: dict[str, int], version: str) -> None:
    assert admin.post(f"/accounts/{ids['asu']}", data=edit_form(name="Имя", version=version)).status_code == 409


# ----------------------------------------------------------------------------------------------------------- taking away
def test_what_follows_is_said_before_it_is_done(admin: Any, ids: dict[str, int], account: Any, world: Any) -> None:
    page = admin.get(f"/accounts/{ids['asu']}/deactivate")
    assert page.status_code == 200
    assert "открытые сеансы завершатся сразу" in page.text
    assert account(world.emails["asu"]).active


def test_deactivated_and_back(
    admin: Any, new_client: Any, world: Any, login: Any, knock: Any, ids: dict[str, int], as_: Any
) -> None:
    key = ids["asu"]
    person = new_client()
    login(person, world.emails["asu"])
    assert admin.post(f"/accounts/{key}/deactivate").status_code == 303
    assert person.get("/me").status_code == 302
    assert knock(person, world.emails["asu"]).status_code == 422
    assert admin.post(f"/accounts/{key}/deactivate").status_code == 422
    assert admin.post(f"/accounts/{key}/link").location == f"/accounts/{key}"
    assert admin.post(f"/accounts/{key}/reactivate").status_code == 303
    assert login(person, world.emails["asu"])
    assert [row[0] for row in entries(as_, "account:deactivated") + entries(as_, "account:reactivated")] == [str(key)] * 2


def test_without_a_role_nothing_is_open(admin: Any, new_client: Any, world: Any, login: Any, ids: dict[str, int]) -> None:
    person = new_client()
    assert admin.post(f"/accounts/{ids['asu']}/remove-role").status_code == 303
    login(person, world.emails["asu"])
    assert person.get("/me").status_code == 403
    assert admin.post(f"/accounts/{ids['asu']}/remove-role").status_code == 404


def test_an_administrator_never_takes_the_own_right_away(admin: Any, ids: dict[str, int]) -> None:
    own = ids["admin"]
    for act in ("deactivate", "remove-role"):
        answer = admin.post(f"/accounts/{own}/{act}")
        assert answer.status_code == 422
        assert "может сделать другой администратор" in answer.text
    answer = admin.post(
        f"/accounts/{own}",
        data={"name": "Admin Tester", "organisation": "REGISTRY", "role": "auditor", "version": "1"},
    )
    assert answer.status_code == 422
    assert "Снять права администратора с себя нельзя" in answer.text


def test_the_last_administrator_stays(runner: Any, world: Any) -> None:
    """An operator has no account of his own, so only this rule stands before him."""
    answer = runner.invoke(args=["user", "deactivate", world.emails["admin"]])
    assert answer.exit_code == 1
    assert "Нужен хотя бы один администратор" in answer.output


def test_of_two_administrators_one_can_be_removed_by_the_other(
    admin: Any, new_client: Any, account: Any, login: Any, world: Any, ids: dict[str, int]
) -> None:
    admin.post("/accounts", data={**NEW, "role": "administrator", "organisation": "REGISTRY"})
    second = account("new@example.com")
    # one who never came does not count
    person = new_client()
    account("new@example.com", password=account(world.emails["admin"]).password)
    login(person, "new@example.com")
    assert person.post(f"/accounts/{ids['admin']}/remove-role").status_code == 303
    assert person.post(f"/accounts/{second.id}/remove-role").status_code == 422
    assert admin.get("/accounts").status_code == 302


def test_an_invited_administrator_who_never_came_does_not_count(admin: Any, runner: Any, world: Any) -> None:
    admin.post("/accounts", data={**NEW, "role": "administrator", "organisation": "REGISTRY"})
    assert runner.invoke(args=["user", "deactivate", world.emails["admin"]]).exit_code == 1


def test_looking_at_accounts_is_in_the_log(admin: Any, ids: dict[str, int], as_: Any) -> None:
    admin.get("/accounts")
    admin.get(f"/accounts/{ids['asu']}")
    assert [row[0] for row in entries(as_, "account:viewed")] == ["", str(ids["asu"])]


def test_several_roles_are_taken_one_at_a_time(client: Any, world: Any, login: Any, as_: Any) -> None:
    with as_(SYSTEM) as session:
        second = Membership(
            user_id=world.actors["asu"].user_id, organisation_id=world.organisations["ALTVAGON"], role="enterprise",
            valid_from=dt.date(2025, 1, 1),
        )  # fmt: skip
        session.add(second)
        session.flush()
        key = second.id
    login(client, world.emails["asu"])
    assert "Действую как" in client.get("/me").text
    assert client.post("/me/role", data={"membership": str(key)}).status_code == 303
    assert client.get("/").location == "/internships"
    assert client.post("/me/role", data={"membership": "1"}).status_code == 303  # somebody else's: nothing happens
    assert client.get("/").location == "/internships"
