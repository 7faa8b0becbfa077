"""Administration of organisations: the list, adding, changing, switching off, two editors, bad input."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.audit.models import AuditEntry
from exchange.organisations.models import Organisation

NEW = {
    "kind": "enterprise", "code": "newplant", "short_ru": "Новый завод", "name_ru": "АО «Новый завод»",
    "name_kk": "", "name_en": "",
    "parent": "", "city": "Бийск", "tax_number": "2204000595", "contact": "кадры, 8 3854 000000", "restriction": "",
    "industry": "",
    "founder": "", "note": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock(today: Any) -> Any:
    return today


@pytest.fixture
def admin(client: Any, world: Any, login: Any, clock: Any) -> Any:
    login(client, world.emails["admin"])
    return client


@pytest.fixture
def stored(as_: Any) -> Any:
    """`stored(code)` reads an organisation."""

    def read(code: str) -> Any:
        with as_(SYSTEM) as session:
            found = session.scalar(sa.select(Organisation).where(Organisation.code == code))
            if found is not None:
                session.expunge(found)
            return found

    return read


def edit_form(organisation: Any, **changes: str) -> dict[str, str]:
    names = set(NEW) - {"kind", "code", "parent"}
    return {**{name: getattr(organisation, name) for name in names}, "version": str(organisation.version), **changes}


def codes_on(page: str) -> set[str]:
    return set(re.findall(r'href="/organisations/([A-Z0-9-]+)"', page))


def test_the_list_by_kind_words_and_state(admin: Any, stored: Any) -> None:
    assert {"ASU", "ASTU"} <= codes_on(admin.get("/organisations?kind=university").text)
    assert "ASU-RUB" not in codes_on(admin.get("/organisations?kind=university").text)
    assert codes_on(admin.get("/organisations?kind=branch&q=рубцовск").text) >= {"ASU-RUB"}
    assert codes_on(admin.get("/organisations?q=АЛТАЙВАГОН").text) >= {"ALTVAGON"}
    assert codes_on(admin.get("/organisations?q=ALTKOKS").text) == {"ALTKOKS"}
    assert "Организаций не нашли" in admin.get("/organisations?q=no-such-thing").text
    for absurd in ("kind=%00", "kind=x&state=y", "page=-3", "page=9999999999999999", "q=%00", "q=" + "я" * 3000):
        assert admin.get(f"/organisations?{absurd}").status_code == 200, absurd


@pytest.mark.parametrize("who", ["asu", "altvagon", "ministry", "akimat", "auditor"])
def test_others_do_not_come_in(client: Any, world: Any, login: Any, who: str) -> None:
    login(client, world.emails[who])
    for address in ("", "/new", "/ASU", "/ASU/edit", "/ASU/deactivate"):
        assert client.get(f"/organisations{address}").status_code == 403, address
    for address in ("", "/ASU", "/ASU/deactivate"):
        assert client.post(f"/organisations{address}", data=NEW).status_code == 403, address


def test_a_new_organisation(admin: Any, stored: Any, as_: Any) -> None:
    answer = admin.post("/organisations", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/organisations/NEWPLANT")
    made = stored("NEWPLANT")
    assert (made.kind, made.short_ru, made.city, made.country, made.is_active, made.version) == (
        "enterprise", "Новый завод", "Бийск", "RU", True, 1,
    )  # fmt: skip
    assert "Новый завод" in admin.get(answer.location).text
    with as_(SYSTEM) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "organisation:added")).one()
        assert (entry.subject_id, entry.user_name, entry.details["after"]["name_ru"]) == (
            "NEWPLANT", "Admin Tester", "АО «Новый завод»",
        )  # fmt: skip


def test_a_branch_belongs_to_a_university(admin: Any, stored: Any, world: Any) -> None:
    branch = {**NEW, "kind": "branch", "code": "ASU-NEW"}
    refused = admin.post("/organisations", data=branch)
    assert refused.status_code == 422
    assert "Выберите вуз, к которому относится филиал" in refused.text
    assert admin.post("/organisations", data={**branch, "parent": "ALTVAGON"}).status_code == 422
    assert admin.post("/organisations", data={**branch, "parent": "ASU"}).status_code == 303
    assert stored("ASU-NEW").parent_id == world.organisations["ASU"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": ""}, "Введите код"),
        ({"code": "ASU"}, "с таким кодом уже есть"),
        ({"code": "asu"}, "с таким кодом уже есть"),
        ({"code": "НОВЫЙ"}, "Код состоит из латинских букв"),
        ({"code": "X" * 21}, "Код состоит из латинских букв"),
        ({"code": "../etc"}, "Код состоит из латинских букв"),
        ({"code": "new"}, "Этот код занят адресом"),
        ({"kind": ""}, "Выберите вид организации"),
        ({"kind": "ministry"}, "Выберите вид организации"),
        ({"short_ru": ""}, "Введите краткое название"),
        ({"short_ru": "\x00\x07"}, "Введите краткое название"),
        ({"name_ru": "   "}, "Введите полное название"),
        ({"name_ru": "я" * 10_000}, "Сократите до 400 знаков, сейчас 10000"),
        ({"city": "я" * 121}, "Сократите до 120 знаков"),
        ({"tax_number": "123"}, "ИНН юридического лица состоит из 10 цифр"),
        ({"tax_number": "x" * 10}, "ИНН юридического лица состоит из 10 цифр"),
        ({"parent": "NOWHERE"}, "Выберите вуз"),
        ({"note": "x" * 401}, "Сократите до 400 знаков"),
    ],
)
def test_bad_input_is_refused_with_what_was_typed(admin: Any, changes: dict[str, str], sentence: str) -> None:
    answer = admin.post("/organisations", data={**NEW, **changes})
    assert answer.status_code == 422, answer.location
    assert sentence in answer.text
    assert 'value="кадры, 8 3854 000000"' in answer.text


def test_a_change_and_its_entry(admin: Any, stored: Any, as_: Any) -> None:
    before = stored("ALTVAGON")
    answer = admin.post("/organisations/ALTVAGON", data=edit_form(before, contact="новый контакт"))
    assert answer.status_code == 303
    after = stored("ALTVAGON")
    assert (after.contact, after.version, after.short_ru) == ("новый контакт", before.version + 1, before.short_ru)
    with as_(SYSTEM) as session:
        entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "organisation:changed")).one()
        assert entry.details == {
            "version": after.version, "before": {"contact": before.contact}, "after": {"contact": "новый контакт"},
        }  # fmt: skip


def test_saving_nothing_new_changes_nothing(admin: Any, stored: Any) -> None:
    before = stored("ALTVAGON")
    assert admin.post("/organisations/ALTVAGON", data=edit_form(before)).status_code == 303
    assert stored("ALTVAGON").version == before.version


def test_the_second_of_two_editors_is_told_what_changed_and_by_whom_and_loses_nothing(admin: Any, stored: Any) -> None:
    opened = stored("ALTVAGON")
    admin.post("/organisations/ALTVAGON", data=edit_form(opened, city="Барнаул"))
    answer = admin.post("/organisations/ALTVAGON", data=edit_form(opened, contact="мой контакт", city="Рубцовск"))
    assert answer.status_code == 409
    for words in ("Пока вы редактировали, запись изменилась", "Admin Tester, 23.11.2026", "Город", "стало «Барнаул»",
                  'value="мой контакт"', 'value="Рубцовск"'):  # fmt: skip
        assert words in answer.text, words
    now = stored("ALTVAGON")
    assert (now.city, now.contact) == ("Барнаул", opened.contact)
    again = admin.post("/organisations/ALTVAGON", data=edit_form(opened, contact="мой контакт", version=str(now.version)))
    assert again.status_code == 303


def test_code_and_kind_never_change(admin: Any, stored: Any) -> None:
    before = stored("ALTVAGON")
    form = edit_form(before, contact="x", code="OTHER", kind="university", is_active="", country="KZ", id="1")
    assert admin.post("/organisations/ALTVAGON", data=form).status_code == 303
    after = stored("ALTVAGON")
    assert (after.code, after.kind, after.is_active, after.country) == ("ALTVAGON", "enterprise", True, "RU")


def test_switched_off_it_stays_for_history_and_leaves_the_choices(admin: Any, stored: Any) -> None:
    assert "останется и войдёт в отчёты" in admin.get("/organisations/ALTKOKS/deactivate").text
    assert 'value="ALTKOKS"' in admin.get("/accounts/new").text
    assert admin.post("/organisations/ALTKOKS/deactivate").status_code == 303
    assert not stored("ALTKOKS").is_active
    assert 'value="ALTKOKS"' not in admin.get("/accounts/new").text
    assert admin.post("/organisations/ALTKOKS/deactivate").status_code == 422
    assert admin.post("/organisations/ALTKOKS/reactivate").status_code == 303
    assert stored("ALTKOKS").is_active


def test_what_is_not_there_is_not_found(admin: Any) -> None:
    for code in ("NOWHERE", "x" * 20, "%00", "asu%27"):
        assert admin.get(f"/organisations/{code}").status_code == 404, code
    assert admin.post("/organisations/NOWHERE", data=NEW).status_code == 404
    assert admin.get("/organisations/" + "X" * 500).status_code == 404


def test_pages_of_the_list(admin: Any) -> None:
    page = admin.get("/organisations?kind=partner")
    assert page.status_code == 200
    total = int(re.search(r'class="muted">(\d+)</span></h1>', page.text)[1])  # type: ignore[index]
    first = codes_on(page.text)
    assert len(first) == min(total, 50)
    if total > 50:
        second = codes_on(admin.get("/organisations?kind=partner&page=2").text)
        assert second
        assert not first & second
