"""What a page asks while somebody types, the search of the header, what a new record takes over, the line under an order."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.organisations.models import Organisation
from exchange.students.models import OrderLine, Student
from tests.students.pages import GOOD, soup_of, typed

pytestmark = pytest.mark.usefixtures("today")
JSON = {"Accept": "application/json"}


def hints(visitor: Any, **values: str) -> Any:
    answer = visitor.post("/students/new", data={**values, "do": "hints"}, headers=JSON)
    assert answer.status_code == 200
    return answer.json


def test_a_number_suggests_birth_and_sex(astu: Any) -> None:
    told = hints(astu, iin=GOOD["iin"], last_name="Ахметова", first_name="Айгерим")
    assert told["fill"] == {"born": "14.03.2008", "sex": "F"}
    assert told["latin"] == {"last_name_lat": "AKHMETOVA", "first_name_lat": "AIGERIM"}
    assert "Похожих записей нет" in told["aside"]


@pytest.mark.parametrize("number", ["", "08031465123", "080314651234", "not a number", "9" * 12])
def test_a_number_that_is_none_suggests_nothing(astu: Any, number: str) -> None:
    told = hints(astu, iin=number)
    assert told["fill"] == {"born": "", "sex": ""}


def test_doubles_are_told_as_they_are_on_sending(astu: Any, world: Any) -> None:
    own = hints(astu, iin=world.iins["orazbayeva"])["aside"]
    assert "Студент с таким ИИН уже есть" in own
    assert world.public_ids["orazbayeva"] in own
    foreign = hints(astu, iin=world.iins["ivanov"])["aside"]
    assert "числится в другом вузе" in foreign
    assert "Иванов" not in foreign
    assert world.public_ids["ivanov"] not in foreign


def test_asking_writes_nothing_and_is_counted(astu: Any, session: Session, monkeypatch: Any) -> None:
    entries = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    hints(astu, **{name: GOOD[name] for name in ("iin", "last_name", "first_name", "born")})
    assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 15
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == entries
    for _ in range(599):
        monkeypatch.setattr("exchange.students.views.asking.find_doubles", lambda *_: {})
        hints(astu)
    assert astu.post("/students/new", data={"do": "hints"}, headers=JSON).status_code == 429


def test_programmes_are_found_by_code_and_words(astu: Any) -> None:
    assert astu.get("/students/programmes?q=09.03.04").json[0] == {
        "code": "09.03.04", "label": "09.03.04 Программная инженерия", "level": "bachelor",
    }  # fmt: skip
    assert "09.03.04" in [found["code"] for found in astu.get("/students/programmes?q=программная").json]
    assert astu.get("/students/programmes").json == []


# ------------------------------------------------------------------------------------------------------------ the header
@pytest.mark.parametrize(("words", "where"), [
    ("оразбаева", "orazbayeva"), ("orazbayeva", "orazbayeva"), ("jhfp,ftdf", "orazbayeva"), ("нет такого", None), ("", None),
])  # fmt: skip
def test_one_hit_opens_the_record(astu: Any, world: Any, words: str, where: str | None) -> None:
    answer = astu.post("/students/find", data={"q": words})
    assert answer.status_code == 303
    if where:
        assert answer.location == f"/students/{world.public_ids[where]}"
    else:
        assert answer.location.startswith("/students")
        assert "/students/" not in answer.location


def test_several_hits_lead_to_the_list(astu: Any) -> None:
    answer = astu.post("/students/find", data={"q": "ким"})
    assert answer.location.startswith("/students?q=")
    assert len(soup_of(astu.get(answer.location)).select("tbody tr")) == 2


def test_a_number_of_the_header_stands_in_no_address(astu: Any, world: Any, session: Session) -> None:
    assert astu.post("/students/find", data={"q": world.iins["kim"]}).location.startswith("/students/")
    for unknown in (world.iins["ivanov"], GOOD["iin"]):
        answer = astu.post("/students/find", data={"q": unknown})
        assert answer.location == "/students?unknown=1"
    told = " ".join(str(entry.details) for entry in session.scalars(sa.select(AuditEntry)))
    assert world.iins["kim"] not in told


def test_a_number_typed_into_the_filters_stands_in_no_address(astu: Any, world: Any) -> None:
    """The form of the filters is sent by POST, with a token that the page adds; a number leads to the card."""
    page = soup_of(astu.get("/students?course=3&sort=name"))
    form = page.select_one("form.filters")
    assert form is not None
    assert (form["method"], form["action"]) == ("post", "/students/find")
    assert page.find("input", {"name": "csrf_token", "form": form["id"]}) is not None
    sent = {str(field["name"]): str(field.get("value") or "") for field in form.select("input[name]")} | {"course": "3"}
    card = f"/students/{world.public_ids['orazbayeva']}"
    for typed_ in (
        world.iins["orazbayeva"],
        f"Оразбаева {world.iins['orazbayeva']}",
        f"{world.iins['orazbayeva'][:6]} {world.iins['orazbayeva'][6:]}",
    ):
        assert astu.post("/students/find", data={**sent, "q": typed_}).location == card
        assert astu.get("/students", query_string={"q": typed_}).location == card, "also when somebody writes an address"
    assert astu.post("/students/find", data={**sent, "q": GOOD["iin"]}).location == "/students?unknown=1"


def test_filters_of_the_list_lead_to_the_list(astu: Any) -> None:
    """One hit opens no card here, and nothing that is no filter gets into the address."""
    sent = {"do": "list", "q": " оразбаева ", "course": "3", "level": "", "sort": "name", "columns": "group,iin", "evil": "1"}
    answer = astu.post("/students/find", data=sent)
    assert (answer.status_code, answer.location) == (
        303, "/students?q=%D0%BE%D1%80%D0%B0%D0%B7%D0%B1%D0%B0%D0%B5%D0%B2%D0%B0&course=3&sort=name&columns=group,iin",
    )  # fmt: skip
    assert astu.post("/students/find", data={"do": "list"}).location == "/students"


# -------------------------------------------------------------------------------------------------------------- taken over
def test_one_like_another_takes_over_what_is_studied(astu: Any, world: Any) -> None:
    page = astu.get(f"/students/new?like={world.public_ids['kim']}")
    found = typed(page)
    assert (found["form"], found["level"], found["iin"], found["last_name"]) == ("full", "bachelor", "", "")
    assert found["programme"]
    assert "Перенесено: " in page.text
    assert "Похожая запись: " in soup_of(page).select_one(".note.info").text
    assert f"like={world.public_ids['kim']}" in astu.get(f"/students/{world.public_ids['kim']}").text
    assert astu.get(f"/students/new?like={world.public_ids['ivanov']}").status_code == 404


def test_the_next_of_a_series_is_led_back_to_the_first(astu: Any) -> None:
    answer = astu.post("/students/new", data={**GOOD, "do": "more"})
    page = astu.get(answer.location)
    note = soup_of(page).select_one(".note.ok")
    assert "Запись добавлена: Ахметова Айгерим Сериковна, номер дела АЛТ-26-0001" in note.text
    assert astu.get(note.a["href"]).status_code == 200
    assert soup_of(page).select_one("#iin").has_attr("autofocus")


# --------------------------------------------------------------------------------------------------------------- an order
ORDER = {"number": "412-ст", "signed_on": "20.11.2026", "effective_on": "20.11.2026", "ground": "debt"}


def test_an_order_says_what_it_will_change_while_it_is_typed(astu: Any, world: Any, session: Session) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    lines = session.scalar(sa.select(sa.func.count()).select_from(OrderLine))
    answer = astu.post(path, data={**ORDER, "do": "foresee"}, headers=JSON).json
    assert answer["clear"]
    told = [line.replace("\u00a0", " ") for line in answer["lines"]]
    assert told[0] == "Выбывает из контингента: АлтГТУ, с 20.11.2026"
    assert "Отчёт на 1 октября 2026 г. не изменится" in told
    assert astu.post(path, data={**ORDER, "number": "", "do": "foresee"}, headers=JSON).json == {"lines": [], "clear": False}
    early = {**ORDER, "signed_on": "20.11.2020", "effective_on": "20.11.2020", "confirm_effective_on": "1", "do": "foresee"}
    refused = astu.post(path, data=early, headers=JSON).json
    (refusal,) = refused["lines"]
    assert "раньше" in refusal
    assert not refused["clear"]
    assert session.scalar(sa.select(sa.func.count()).select_from(OrderLine)) == lines


# ------------------------------------------------------------------------------------------------------------ one's office
def test_who_has_one_university_is_told_which_and_the_server_decides(
    client: Any, world: Any, session: Session, login: Any
) -> None:  # fmt: skip
    login(client, world.emails["branch"])
    page = soup_of(client.get("/students/new"))
    assert page.select("[name=organisation]") == []
    office = session.get_one(Organisation, world.organisations["ASU-RUB"]).short_ru
    assert f"Вуз {office}" in " ".join(page.select_one("aside").get_text(" ").split())
    answer = client.post("/students/new", data={**GOOD, "organisation": "ASU"})
    assert answer.status_code == 303
    entered = session.scalars(sa.select(Student).where(Student.public_id == answer.location.rpartition("/")[2])).one()
    assert entered.organisation_id == world.organisations["ASU-RUB"]


def test_who_has_several_chooses(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["asu"])
    options = soup_of(client.get("/students/new")).select("select[name=organisation] option")
    assert len([option for option in options if option["value"]]) > 1
