"""Pages of this room, through the door: what each role gets, what bad input gets, and two people on one record."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from exchange.audit.models import AuditEntry
from exchange.internships.models import Internship

TODAY = dt.date(2026, 11, 23)
pytestmark = pytest.mark.usefixtures("today")
NEW = {
    "kind": "practice", "last_name": "Ким", "first_name": "Виктор", "patronymic": "Андреевич", "born": "30.5.2005",
    "university": "ASTU", "starts_on": "1.2.2027", "ends_on": "28.2.2027", "hours_planned": "144", "mentor": "Лапина О. В.",
}  # fmt: skip


@pytest.fixture
def enter(client: Any, login: Callable[..., Any]) -> Callable[[str], Any]:
    """`enter("altvagon")` is a visitor who is signed in."""

    def entered(key: str) -> Any:
        login(client, f"{key}@example.org")
        return client

    return entered


def page(answer: Any) -> BeautifulSoup:
    return BeautifulSoup(answer.data, "html.parser")


def names(answer: Any) -> list[str]:
    return [str(cell.get_text()) for cell in page(answer).select("#interns tbody th a")]


def address(world: Any, key: str, *rest: str) -> str:
    return "/".join(["/internships", world.internship_public_ids[key], *rest])


def actions_of(session: Any, *wanted: str) -> list[tuple[str, str]]:
    asked = sa.select(AuditEntry.action, AuditEntry.subject_id).where(AuditEntry.action.in_(wanted)).order_by(AuditEntry.id)
    return [tuple(row) for row in session.execute(asked)]


# ---------------------------------------------------------------------------------------------------------------- the list
@pytest.mark.parametrize(
    ("key", "status", "who"),
    [
        ("altvagon", 200, ["Касымова Асель", "Төлегенова Мөлдір Асқарқызы"]),
        ("altkoks", 200, ["Болатов Олжас Ерланович", "Ким Виктор Андреевич"]),
        ("asu", 200, ["Касымова Асель"]),
        ("astu", 200, ["Төлегенова Мөлдір Асқарқызы", "Ким Виктор Андреевич"]),
        ("ministry", 200, ["Касымова Асель", "Төлегенова Мөлдір Асқарқызы", "Болатов Олжас Ерланович", "Ким Виктор Андреевич"]),
        ("auditor", 200, ["Касымова Асель", "Төлегенова Мөлдір Асқарқызы", "Болатов Олжас Ерланович", "Ким Виктор Андреевич"]),
        ("akimat", 403, []),
        ("admin", 403, []),
    ],
)
def test_everybody_sees_his_own(world: Any, enter: Any, key: str, status: int, who: list[str]) -> None:
    answer = enter(key).get("/internships")
    assert answer.status_code == status
    assert names(answer) == who


def test_the_list_asks_little(world: Any, enter: Any, count_statements: Any) -> None:
    client = enter("asu")
    client.get("/internships")
    with count_statements() as statements:
        assert client.get("/internships?q=кас&sort=name").status_code == 200
    assert len(statements) <= 12, "\n".join(statements)
    with count_statements() as statements:
        assert client.get("/internships/waiting").status_code == 200
    assert len([s for s in statements if "audit" not in s]) <= 12, "\n".join(statements)


def test_tabs_filters_and_pages(world: Any, enter: Any) -> None:
    client = enter("ministry")
    assert names(client.get("/internships?tab=done&sort=name")) == ["Болатов Олжас Ерланович", "Ким Виктор Андреевич"]
    assert names(client.get("/internships?enterprise=ALTKOKS&kind=specialist")) == ["Болатов Олжас Ерланович"]
    assert names(client.get("/internships?since=13.12.2026")) == ["Касымова Асель"]
    assert "По фильтрам никого не нашлось" in client.get("/internships?q=никто").text
    for odd in ("page=99", "page=-1", "page=x", "size=7", "tab=x", "sort=x", "size=99999999999"):
        assert len(names(client.get(f"/internships?{odd}"))) == 4


@pytest.mark.parametrize(
    "query", ["since=вчера-то", "university=NOPE", "kind=x", "enterprise=ASU", "until=" + "9" * 500, "q=" + "ъ" * 500]
)
def test_a_filter_that_makes_no_sense_is_said_and_kept(world: Any, enter: Any, query: str) -> None:
    answer = enter("ministry").get(f"/internships?{query}")
    assert answer.status_code == 422
    assert page(answer).select(".emsg")
    assert len(names(answer)) == 4


def test_nothing_is_here_yet(world: Any, enter: Any, session: Any) -> None:
    session.execute(sa.update(Internship).values(enterprise_id=world.organisations["ROTOR"]))
    session.commit()
    assert "Практикантов пока нет" in enter("altvagon").get("/internships").text


def test_the_workbook_holds_what_the_list_shows(world: Any, enter: Any, session: Any) -> None:
    session.commit()
    answer = enter("altkoks").get("/internships/export.xlsx?tab=done&sort=name&q=ким")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = [
        row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) if row and "Ким Виктор Андреевич" in row
    ]
    assert len(rows) == 1
    assert {120, 112, 4, "Практика студента", "АлтГТУ", "В кадровом резерве"} <= set(rows[0])
    assert world.iins["kim"] not in answer.data.decode("latin-1")
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "internship:downloaded")).one()
    assert (entry.details["rows"], entry.details["tab"], entry.details["searched"]) == (1, "done", True)
    assert entry.details["filters"] == {}
    assert "ким" not in str(entry.details)


# ---------------------------------------------------------------------------------------------------------------- the card
def test_a_look_at_a_card_is_written_down_and_the_number_hidden(world: Any, enter: Any, session: Any) -> None:
    session.commit()
    answer = enter("astu").get(address(world, "minor"))
    assert answer.status_code == 200
    assert world.iins["tolegenova"] not in answer.text
    assert actions_of(session, "internship:viewed") == [("internship:viewed", world.internship_public_ids["minor"])]


PAGES = ("", "edit", "weeks", "evaluation", "step/finish", "student", "refusal")


@pytest.mark.parametrize("key", ["altkoks", "asu"])
def test_what_is_not_yours_is_not_there(world: Any, enter: Any, key: str) -> None:
    client = enter(key)
    for rest in PAGES:
        assert client.get(address(world, "minor", *filter(None, [rest]))).status_code in (403, 404)
    assert client.get(address(world, "minor")).status_code == 404
    for rest in ("edit", "weeks", "evaluation", "step/finish", "agree", "refusal"):
        assert client.post(address(world, "minor", rest), data={"version": "1"}).status_code in (403, 404)


def test_ids_that_are_none(world: Any, enter: Any) -> None:
    client = enter("altvagon")
    for text in ("0", "НЕТ", "O" * 12, "000000000000", "'--", "minor", "%00"):
        assert client.get(f"/internships/{text}").status_code == 404
        assert client.post(f"/internships/{text}/edit").status_code == 404
    assert client.get(address(world, "minor", "step", "fly")).status_code == 404


@pytest.mark.parametrize(
    ("key", "opens"),
    [
        ("altvagon", ("", "edit", "weeks", "evaluation", "step/finish")),
        ("astu", ("", "student", "refusal")),
        ("ministry", ("",)),
    ],
)
def test_pages_of_a_record(world: Any, enter: Any, key: str, opens: tuple[str, ...]) -> None:
    client = enter(key)
    found = {rest: client.get(address(world, "minor", *filter(None, [rest]))).status_code for rest in PAGES}
    assert found == {rest: 200 if rest in opens else 403 for rest in PAGES}


# --------------------------------------------------------------------------------------------------------------- entering
def test_an_intern_is_added_once_however_often_the_button_is_pressed(world: Any, enter: Any, session: Any) -> None:
    session.commit()
    client = enter("altvagon")
    token = page(client.get("/internships/new")).select_one("input[name=once]")
    assert token is not None
    first = client.post("/internships/new", data={**NEW, "once": token["value"]})
    assert first.status_code == 303
    again = client.post("/internships/new", data={**NEW, "once": token["value"]})
    assert (again.status_code, again.location) == (303, first.location)
    card = client.get(first.location)
    assert "Ждёт, пока АлтГТУ узнает студента" in card.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Internship)) == 5


def test_a_specialist_is_added(world: Any, enter: Any) -> None:
    client = enter("altvagon")
    data = {**NEW, "kind": "specialist", "university": "", "employer": "ТОО «Казцинк»", "iin": "041228678907", "born": ""}
    answer = client.post("/internships/new", data=data)
    assert answer.status_code == 303
    card = client.get(answer.location).text
    assert "0412••••8907" in card  # it says the birth date and the sex, so they need not be typed
    assert "28.12.2004" in card
    assert "Женский" in card


@pytest.mark.parametrize("value", ["", "ъ" * 10_000, "\x00\x1f", "-1", "99999999999999999999", "<script>", "'; --", "😀"])
def test_no_field_of_any_form_brings_the_page_down(world: Any, enter: Any, value: str) -> None:
    client = enter("altvagon")
    fields = {
        "/internships/new": [
            *NEW, "iin", "sex", "phone", "email", "employer", "employer_bin", "department", "hours", "briefing_on", "grade",
            "hired",
        ],
        address(world, "minor", "edit"): ["last_name", "starts_on", "version", "hours_planned", "university", "kind"],
        address(world, "minor", "weeks"): ["planned-2026-11-16", "done-2026-11-16", "note-2026-11-16", "version"],
        address(world, "minor", "evaluation"): ["grade", "review", "outcome", "version"],
        address(world, "minor", "step", "interrupt"): ["reason", "version", "briefing_on"],
    }  # fmt: skip
    for url, of_form in fields.items():
        base = NEW if url.endswith(("new", "edit")) else {}
        for name in of_form:
            answer = client.post(url, data={**base, "ends_on": "x" if url.endswith("new") else "28.2.2027", name: value})
            assert answer.status_code in (303, 409, 422), (url, name)
    client = enter("astu")
    for url, name in ((address(world, "minor", "refusal"), "reason"), (address(world, "minor", "agree"), "student")):
        assert client.post(url, data={name: value, "version": "1"}).status_code in (303, 409, 422)
        assert client.post(url, data={"version": value}).status_code in (409, 422)
    assert client.get(address(world, "minor", "student"), query_string={"q": value}).status_code == 200


def test_what_was_typed_stays(world: Any, enter: Any) -> None:
    answer = enter("altvagon").post("/internships/new", data={**NEW, "ends_on": "31.02.2027", "mentor": "Лапина «О»"})
    assert answer.status_code == 422
    soup = page(answer)
    typed = {name: soup.select_one(f"[name={name}]") for name in ("ends_on", "mentor", "last_name")}
    assert [field["value"] for field in typed.values() if field] == ["31.02.2027", "Лапина «О»", "Ким"]
    assert [link["href"] for link in soup.select(".errsum a")] == ["#ends_on"]
    assert soup.select_one("#ends_on[aria-invalid=true]")


def test_an_overlap_asks_for_a_tick(world: Any, enter: Any) -> None:
    client = enter("altvagon")
    assert client.post("/internships/new", data=NEW).status_code == 303
    second = {**NEW, "starts_on": "15.2.2027", "ends_on": "10.3.2027"}
    answer = client.post("/internships/new", data=second)
    assert answer.status_code == 422
    assert "уже есть запись" in answer.text
    assert client.post("/internships/new", data={**second, "confirm_starts_on": "1"}).status_code == 303


def test_the_university_is_asked_and_the_answer_is_small(world: Any, enter: Any, session: Any) -> None:
    session.commit()
    client = enter("altvagon")
    asked = {"kind": "practice", "university": "ASTU", "iin": world.iins["kim"], "mentor": "Лапина"}
    answer = client.post("/internships/new/find", data=asked)
    assert answer.status_code == 200
    said = page(answer).select_one("#answer")
    assert said is not None
    assert "К. В. А." in said.get_text()
    assert "Виктор" not in answer.text
    assert 'value="Лапина"' in answer.text
    unknown = client.post("/internships/new/find", data={**asked, "university": "ASU"})
    assert "пока не узнал" in unknown.text
    assert client.post("/internships/new/find", data={"university": "ASTU"}).status_code == 422
    assert client.post("/internships/new/find", data={"iin": world.iins["kim"]}).status_code == 422
    assert actions_of(session, "internship:searched") == [("internship:searched", "ASTU"), ("internship:searched", "ASU")]


def test_the_window_to_the_register_is_narrow(world: Any, enter: Any, monkeypatch: Any) -> None:
    from exchange.internships.views import entering

    monkeypatch.setattr(entering, "LOOKS", dataclasses.replace(entering.LOOKS, most=2))
    client = enter("altvagon")
    asked = {"kind": "practice", "university": "ASTU", "iin": world.iins["kim"]}
    assert [client.post("/internships/new/find", data=asked).status_code for _ in range(3)] == [200, 200, 429]


# ------------------------------------------------------------------------------------------------- stages, weeks, the word
def test_a_mentor_records_weeks_and_evaluates(world: Any, enter: Any, session: Any, today: Any) -> None:
    session.commit()
    client = enter("altvagon")
    soup = page(client.get(address(world, "minor", "weeks")))
    data = {
        field["name"]: field.get("value", "")
        for field in soup.select("form[method=post] input[name]")
        if "-2026-" in field["name"] or field["name"] == "version"
    }
    assert data["planned-2026-11-16"] == "24"
    assert client.post(address(world, "minor", "weeks"), data={**data, "done-2026-11-16": "39"}).status_code == 422
    shown = client.post(address(world, "minor", "weeks"), data={**data, "done-2026-11-16": "", "do": "as-planned"})
    assert shown.status_code == 200
    filled = page(shown).select_one("[name=done-2026-11-16]")
    assert filled is not None
    assert filled["value"] == "24"
    assert client.post(address(world, "minor", "weeks"), data={**data, "done-2026-11-16": "24"}).status_code == 303
    early = {"version": "2", "grade": "5", "review": "Освоила станок, работает сама.", "outcome": "invited"}
    for answer in (
        client.get(address(world, "minor", "evaluation")), client.post(address(world, "minor", "evaluation"), data=early),
        client.post(address(world, "minor", "evaluation"), data={**early, "grade": ""}),
    ):  # fmt: skip
        assert answer.status_code == (200 if answer.request.method == "GET" else 422)
        assert "Оценить можно с последнего дня — 12.12.2026." in answer.text
        assert not page(answer).select("[name=grade]")
    today.move_to("2026-12-12T12:00:00+07:00")
    login_again = client.get("/internships").status_code
    if login_again != 200:
        enter("altvagon")
    assert page(client.get(address(world, "minor", "evaluation"))).select("[name=grade]")
    assert client.post(address(world, "minor", "evaluation"), data=early).status_code == 303
    session.expire_all()
    found = session.get_one(Internship, world.internships["minor"])
    assert (found.status, found.hours_done, found.grade, found.outcome) == ("evaluated", 24, 5, "invited")


def test_one_press_of_the_university(world: Any, enter: Any, session: Any) -> None:
    session.commit()
    client = enter("asu")
    assert "1 запись ждёт" in client.get("/internships").text
    form = page(client.get("/internships/waiting")).select_one("section.card form")
    assert form is not None
    data = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert data["student"] == world.public_ids["kasymova"]
    assert client.post(form["action"], data=data).location == "/internships/waiting"
    assert "Никто не ждёт" in client.get("/internships/waiting").text
    found = session.get_one(Internship, world.internships["waiting"])
    assert (found.student_id, found.recognition) == (world.students["kasymova"], "recognised")
    assert found.agreed_at is not None


def test_a_student_of_another_university_cannot_be_chosen(world: Any, enter: Any) -> None:
    client = enter("asu")
    answer = client.post(address(world, "waiting", "agree"), data={"version": "1", "student": world.public_ids["kim"]})
    assert answer.status_code == 422
    assert "Выберите своего студента" in answer.text


def test_a_refusal_is_shown_to_the_enterprise(world: Any, enter: Any, new_client: Any, login: Any) -> None:
    client = enter("asu")
    assert client.post(address(world, "waiting", "refusal"), data={"version": "1", "reason": ""}).status_code == 422
    data = {"version": "1", "reason": "Не обучается у нас"}
    assert client.post(address(world, "waiting", "refusal"), data=data).status_code == 303
    theirs = new_client()
    login(theirs, "altvagon@example.org")
    assert "Не обучается у нас" in theirs.get(address(world, "waiting")).text
