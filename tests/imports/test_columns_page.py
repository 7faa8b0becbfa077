"""The step «Столбцы» in a browser: what is asked, what an answer does, what is remembered and forgotten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.imports.models import Import, ImportChoice, ImportRow
from tests.applications import Client
from tests.house.test_queries import count_queries
from tests.imports.register import fingerprint
from tests.imports.rosters import PEOPLE, USUAL, lines, many, xlsx
from tests.imports.test_intern_lists import SPECIALIST, listed
from tests.imports.test_intern_lists import USUAL as INTERNS
from tests.imports.test_pages import send, words

pytestmark = pytest.mark.usefixtures("today")
Login = Callable[..., Any]
ODD_FORM = {"full": "дн-1", "extra": "заочная", "part": "очно-заочная"}


def odd(**more: Any) -> bytes:
    """A roster whose birth dates stand under an unknown word, and whose mode of study nobody understands."""
    columns = [("Колонка 7", name) if name == "born" else (heading, name) for heading, name in USUAL]
    return xlsx(lines(columns, form=lambda person: ODD_FORM[person.form], **more))


def answers(page: Any) -> dict[str, str]:
    """What a browser would send with the form of the page."""
    form = next(f for f in BeautifulSoup(page.data, "html.parser").find_all("form") if f.get("action", "").endswith("/columns"))
    found = {}
    for item in form.find_all(["input", "select"]):
        if item.name == "select":
            chosen = item.find("option", selected=True) or item.find("option")
            found[item["name"]] = chosen.get("value", "")
        elif item.get("type") != "checkbox" or item.has_attr("checked"):
            found[item["name"]] = item.get("value", "")
    found.pop("csrf_token", None)  # signed with the second of the page
    return {str(name): str(value) for name, value in found.items()}


def named(answer: dict[str, str], beginning: str) -> str:
    return next(name for name in answer if name.startswith(beginning))


def entries(session: Session, action: str) -> list[AuditEntry]:
    session.expire_all()
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def test_when_everything_is_matched_the_step_is_skipped(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines())).headers["Location"]
    assert not place.endswith("/columns")
    page = client.get(f"{place}/columns")
    assert page.status_code == 200
    assert "Все столбцы поняты" in words(page)
    assert "столбцы поняты: 15 из 15" in words(page)
    assert "Фамилия: Ахметов" in words(page)


def test_a_word_is_mapped_once_remembered_and_read_so_the_next_time(
    client: Client, login: Login, world: Any, session: Session
) -> None:
    login(client, world.emails["asu"])
    before = fingerprint(session)
    place = send(client, odd()).headers["Location"]
    assert place.endswith("/columns")
    page = client.get(place)
    assert "Не поняли 1 слово" in words(page)
    answer = answers(page)
    answer[named(answer, "w-form-")] = "Очная"
    done = client.post(place, data=answer)
    assert done.status_code == 303
    review = done.headers["Location"]
    assert not review.endswith("/columns")
    assert set(session.scalars(sa.select(ImportRow.verdict))) == {"new"}
    forms = [row.values["form"] for row in session.scalars(sa.select(ImportRow).order_by(ImportRow.id))]
    assert forms == [person.form for person in PEOPLE]
    assert fingerprint(session) == before, "nothing is in the register"
    kept = {(one.field, one.text): (one.choice, one.file_name) for one in session.scalars(sa.select(ImportChoice))}
    assert kept[("form", "дн 1")] == ("Очная", "roster.xlsx")
    assert kept[("", "колонка 7")] == ("born", "roster.xlsx")
    (entry,) = entries(session, "import:decided")
    assert "form: дн-1 → Очная" in entry.details["choices"]
    assert not any(person.last in str(entry.details) or person.iin in str(entry.details) for person in PEOPLE)

    again = send(client, odd(group=lambda person: "Г-1")).headers["Location"]
    assert not again.endswith("/columns"), "the second time nothing is asked"
    shown = words(client.get(f"{again}/columns"))
    assert "как в прошлый раз" in shown
    assert "дн-1 → Очная" in shown


def test_without_ticks_nothing_is_remembered(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, odd()).headers["Location"]
    answer = answers(client.get(place))
    answer[named(answer, "w-form-")] = "Очная"
    del answer["keep"]
    del answer[named(answer, "k-form-")]
    assert client.post(place, data={**answer}).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportChoice)) == 0
    assert set(session.scalars(sa.select(ImportRow.verdict))) == {"new"}
    assert send(client, odd(group=lambda person: "Г-1")).headers["Location"].endswith("/columns")


def test_one_value_for_all_rows(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    columns = [pair for pair in USUAL if pair[1] != "funding"]
    place = send(client, xlsx(lines(columns))).headers["Location"]
    page = client.get(place)
    assert "Не выбран столбец для поля «Оплата»" in words(page)
    answer = answers(page)
    refused = client.post(place, data=answer)
    assert refused.status_code == 422
    assert "Не выбран столбец для поля «Оплата»" in words(refused)
    summary = BeautifulSoup(refused.data, "html.parser").select_one(".errsum a")
    assert summary is not None
    assert summary["href"] == "#all-funding"
    answer["all-funding"] = "Бюджет РФ, общий приём"
    assert client.post(place, data=answer).status_code == 303
    assert {row.values["funding"] for row in session.scalars(sa.select(ImportRow))} == {"federal_general"}
    (entry,) = entries(session, "import:decided")
    assert entry.details["everywhere"] == ["funding"]


def test_a_refusal_keeps_what_was_chosen(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, odd()).headers["Location"]
    answer = answers(client.get(place))
    answer[named(answer, "w-form-")] = "Заочная"
    answer["c0-A"] = "iin"
    refused = client.post(place, data=answer)
    assert refused.status_code == 422
    assert "Для поля «ИИН» выбраны два столбца: A и E. Оставьте один" in words(refused)
    assert answers(refused) == answer
    assert session.scalar(sa.select(Import.decisions)) == {}


def test_a_column_is_given_to_another_field(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    columns = [("Позывной", "group") if name == "group" else (heading, name) for heading, name in USUAL]
    place = send(client, xlsx(lines(columns))).headers["Location"]
    page = client.get(f"{place.removesuffix('/columns')}/columns")
    answer = answers(page)
    letter = "ABCDEFGHIJKLMNO"[[name for _, name in columns].index("group")]
    assert answer[f"c0-{letter}"] == ""
    answer[f"c0-{letter}"] = "group"
    assert client.post(f"{place.removesuffix('/columns')}/columns", data=answer).status_code == 303
    assert [row.values["group"] for row in session.scalars(sa.select(ImportRow).order_by(ImportRow.id))] == [
        person.group for person in PEOPLE
    ]
    assert "выбрано вами" in words(client.get(f"{place.removesuffix('/columns')}/columns"))


def test_words_of_a_newly_named_column_are_asked_next(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    columns = [("Колонка 9", name) if name == "form" else (heading, name) for heading, name in USUAL]
    place = send(client, xlsx(lines(columns, form=lambda person: f"вид {person.form[0]}"))).headers["Location"]
    assert place.endswith("/columns")
    answer = answers(client.get(place))
    answer["c0-K"] = "form"
    led = client.post(place, data=answer)
    assert led.status_code == 303
    assert led.headers["Location"].endswith("/columns#words")
    assert "Не поняли 3 слова" in words(client.get(place))


def test_two_people_at_once(
    client: Client, new_client: Callable[[], Client], login: Login, world: Any, session: Session
) -> None:
    login(client, world.emails["asu"])
    place = send(client, odd()).headers["Location"]
    first = answers(client.get(place))
    second = dict(first)
    first[named(first, "w-form-")], second[named(second, "w-form-")] = "Очная", "Заочная"
    assert client.post(place, data=first).status_code == 303
    late = client.post(place, data=second)
    assert late.status_code == 409
    assert "Пока вы выбирали, решения об этом файле изменены" in words(late)
    shown = answers(late)
    assert shown[named(shown, "w-form-")] == "Заочная"
    assert {row.values["form"] for row in session.scalars(sa.select(ImportRow))} == {"full", "extra", "part"}
    assert client.post(place, data=shown).status_code == 303


def test_an_applied_upload_is_only_shown(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines())).headers["Location"]
    answer = answers(client.get(f"{place}/columns"))
    assert client.post(f"{place}/apply").status_code == 303
    page = client.get(f"{place}/columns")
    assert page.status_code == 200
    assert BeautifulSoup(page.data, "html.parser").select_one("fieldset[disabled]") is not None
    assert client.post(f"{place}/columns", data=answer).status_code == 409
    answer["version"] = str(int(answer["version"]) + 1)
    refused = client.post(f"{place}/columns", data=answer)
    assert refused.status_code == 422
    assert "Этот файл уже загружен" in words(refused)


def test_columns_that_leave_no_people_are_refused_with_a_sentence(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines())).headers["Location"]
    answer = answers(client.get(f"{place}/columns"))
    answer["c0-B"], answer["c0-F"], answer["c0-N"] = "group", "last_name", ""
    page = client.post(f"{place}/columns", data=answer)
    assert page.status_code in (303, 422)
    assert client.get(f"{place}/columns").status_code == 200


def test_somebody_elses_columns_are_not_there(
    client: Client, new_client: Callable[[], Client], login: Login, world: Any, session: Session
) -> None:
    login(client, world.emails["asu"])
    place = send(client, odd()).headers["Location"]
    answer = answers(client.get(place))
    answer[named(answer, "w-form-")] = "Очная"
    assert client.post(place, data=answer).status_code == 303
    mine = session.scalars(sa.select(ImportChoice.public_id)).first()
    for stranger in ("astu", "altvagon"):
        other = new_client()
        login(other, world.emails[stranger])
        assert other.get(place).status_code == 404
        assert other.post(place, data=answer).status_code == 404
        assert "Пока ничего не запомнено" in words(other.get("/imports/choices"))
        assert other.post("/imports/choices/forget", data={"choice": mine}).status_code == 404
        assert other.post("/imports/choices/forget", data={"what": "all"}).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportChoice)) == 2


def test_what_is_remembered_is_looked_at_and_forgotten(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    assert "Пока ничего не запомнено" in words(client.get("/imports/choices"))
    place = send(client, odd()).headers["Location"]
    answer = answers(client.get(place))
    answer[named(answer, "w-form-")] = "Очная"
    client.post(place, data=answer)
    page = words(client.get("/imports/choices"))
    assert "Колонка 7 название столбца Дата рождения" in page
    assert "дн-1 слово в поле «Форма обучения» Очная" in page
    assert "roster.xlsx" in page
    word = session.scalars(sa.select(ImportChoice.public_id).where(ImportChoice.field == "form")).one()
    assert client.post("/imports/choices/forget", data={"choice": word}).status_code == 303
    assert client.post("/imports/choices/forget", data={"choice": word}).status_code == 404
    assert client.post("/imports/choices/forget").status_code == 404
    assert [one.details["choices"] for one in entries(session, "import:forgotten")] == [["form: дн-1 → Очная"]]
    assert client.post("/imports/choices/forget", data={"what": "all"}).status_code == 303
    assert session.scalar(sa.select(sa.func.count()).select_from(ImportChoice)) == 0
    assert entries(session, "import:forgotten")[-1].details["choices"] == ["Колонка 7 → born"]
    assert send(client, odd(group=lambda person: "Г-1")).headers["Location"].endswith("/columns")


def test_an_enterprise_gives_one_term_for_all(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["altvagon"])
    columns = tuple(pair for pair in INTERNS if pair[1] not in ("from", "to"))
    place = send(client, xlsx(listed(columns, SPECIALIST)), "interns.xlsx", organisation="ALTVAGON").headers["Location"]
    assert place.endswith("/columns")
    answer = answers(client.get(place))
    answer |= {"all-starts_on": "1.12.2026", "all-ends_on": "весной"}
    refused = client.post(place, data=answer)
    assert refused.status_code == 422
    assert "«весной» не похоже на дату" in words(refused)
    answer["all-ends_on"] = "26.12.2026"
    assert client.post(place, data=answer).status_code == 303
    (row,) = session.scalars(sa.select(ImportRow))
    assert (row.verdict, row.values["starts_on"], row.values["ends_on"]) == ("new", "01.12.2026", "26.12.2026")


@pytest.mark.sqlite_only
def test_pages_ask_the_database_seldom(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, odd(people=many(300))).headers["Location"]
    answer = answers(client.get(place))
    answer[named(answer, "w-form-")] = "Очная"
    client.post(place, data=answer)
    for address in (place, "/imports/choices"):
        with count_queries(session.connection()) as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= 12, asked


@pytest.mark.sqlite_only
def test_what_a_file_says_is_text_on_the_pages(client: Client, login: Login, world: Any) -> None:
    evil = "<script>alert(1)</script>"
    login(client, world.emails["asu"])
    columns = [(evil, "born") if name == "born" else (heading, name) for heading, name in USUAL]
    place = send(client, xlsx(lines(columns, form=lambda person: evil), names=["<b>лист"])).headers["Location"]
    page = client.get(place)
    assert b"<script>alert" not in page.data
    answer = answers(page)
    answer[named(answer, "w-form-")] = "Очная"
    assert client.post(place, data=answer).status_code == 303
    assert b"<script>alert" not in client.get("/imports/choices").data
