"""The list: who is found by which filters, in which order, on which page; and the workbook with exactly the same rows."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.people.models import PersonFacts
from exchange.students import queries
from exchange.students.actions import register_student, register_students
from exchange.students.contingent import contingent_on
from exchange.students.models import Student
from exchange.students.queries import Wanted
from tests.students.conftest import day, human, registration

pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]
TODAY = day("2026-11-23")


def shown(answer: Any) -> list[str]:
    """Public ids on a page, in their order."""
    soup = BeautifulSoup(answer.text, "html.parser")
    return [str(a["href"]).partition("?")[0].rpartition("/")[2] for a in soup.select("table#students th[scope=row] a")]


def keys(world: Any, answer: Any) -> list[str]:
    names = {public_id: key for key, public_id in world.public_ids.items()}
    return [names[public_id] for public_id in shown(answer)]


# ------------------------------------------------------------------------------------------------------------- counting
@pytest.mark.parametrize(("on", "everybody", "astu"), [("2025-10-01", 11, 6), ("2026-10-01", 8, 5), ("2026-11-23", 8, 5)])
def test_the_list_counts_what_the_reports_count(as_: As, world: Any, on: str, everybody: int, astu: int) -> None:
    for key, count in (("ministry", everybody), ("astu", astu)):
        with as_(world.actors[key]) as session:
            wanted = Wanted(on=day(on), is_on_given=True)
            assert queries.Counts(session).of(wanted) == count
            told = session.scalar(contingent_on(day(on)).with_only_columns(sa.func.count()))
            assert told == count
            assert len(queries.page(session, wanted, count).rows) == count


def test_the_page_says_how_many(astu: Any, world: Any) -> None:
    answer = astu.get("/students")
    heading = BeautifulSoup(answer.text, "html.parser").h1
    assert heading is not None
    assert " ".join(heading.text.split()) == "Студенты 5"
    assert set(keys(world, answer)) == {"seitkali2", "kim", "kim2", "orazbayeva", "tolegenova"}


FILTERS: list[tuple[str, set[str]]] = [
        ("status=all", {"seitkali", "seitkali2", "kim", "kim2", "orazbayeva", "schmidt", "mirzoyev", "tolegenova"}),
        ("status=graduated", {"seitkali"}),
        ("status=expelled", {"schmidt"}),
        ("status=leave", set()),
        ("form=extra", {"kim2"}),
        ("funding=contract", {"kim", "kim2"}),
        ("funding=budget", {"seitkali2", "orazbayeva", "tolegenova"}),
        ("level=master", {"seitkali2"}),
        ("intake=2025", {"kim2"}),
        ("region=550000000", {"kim", "kim2"}),
        ("region=none&status=all", {"schmidt", "mirzoyev"}),
        ("on=2025-10-01", {"seitkali", "kim", "kim2", "orazbayeva", "schmidt", "tolegenova"}),
        ("on=2025-10-01&form=extra", {"kim2"}),
        ("course=7", set()),
        ("sex=F", {"orazbayeva", "tolegenova"}),
        ("sex=M", {"seitkali2", "kim", "kim2"}),
        ("org=ASU", {"seitkali2", "kim", "kim2", "orazbayeva", "tolegenova"}),  # not his own office: not a filter
        ("programme=nonsense&course=x&page=-1&size=7&sort=drop&level=%00",
         {"seitkali2", "kim", "kim2", "orazbayeva", "tolegenova"}),
]  # fmt: skip


def test_filters(astu: Any, world: Any) -> None:
    for query, found in FILTERS:
        answer = astu.get(f"/students?{query}")
        assert answer.status_code == 200
        assert set(keys(world, answer)) == found, query


def test_a_date_that_is_none_is_said_and_the_list_is_of_today(astu: Any, world: Any) -> None:
    answer = astu.get("/students?on=вчерась")
    assert "«вчерась» не похоже на дату: показано на сегодня" in answer.text
    assert len(shown(answer)) == 5


def test_the_ministry_sees_all_and_filters_by_university(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    assert len(shown(client.get("/students"))) == 8
    assert set(keys(world, client.get("/students?org=ASU-RUB"))) == {"kasymova"}
    assert "Добавить студента" not in client.get("/students").text


def test_several_universities_in_one_address(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    answer = client.get("/students?org=ASU,ASU-RUB,NOBODY")
    assert set(keys(world, answer)) == {"kurmangali", "alimzhanov", "kasymova"}
    page = BeautifulSoup(answer.text, "html.parser")
    chips = [" ".join(str(chip.text).split()) for chip in page.select(".chips .chip.on") if "Вуз" in chip.text]
    assert len(chips) == 2
    chosen = page.select_one("select[name=org] option[selected]")
    assert chosen is not None
    assert (chosen["value"], chosen.text) == ("ASU,ASU-RUB", "2 вуза")


def test_filter_by_district(astu: Any, world: Any, session: Session) -> None:
    """Of Kim, who is enrolled twice, the district is known; of the others it is not."""
    person = sa.select(Student.person_id).where(Student.id == world.students["kim"]).scalar_subquery()
    session.execute(sa.update(PersonFacts).where(PersonFacts.person_id == person).values(district_code="551000000"))
    session.commit()
    assert set(keys(world, astu.get("/students?district=551000000"))) == {"kim", "kim2"}
    assert "Район: <b>" in astu.get("/students?district=551000000").text


def test_the_auditor_reads(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["auditor"])
    assert client.get("/students").status_code == 200
    assert client.get("/students/export.xlsx").status_code == 403


def test_others_do_not_enter(new_client: Any, world: Any, login: Any) -> None:
    for who in ("akimat", "admin", "altvagon"):
        client = new_client()
        login(client, world.emails[who])
        _is_shut(client, world)


def _is_shut(client: Any, world: Any) -> None:
    for path in ("/students", "/students/export.xlsx", f"/students/{world.public_ids['kim']}", "/students/new"):
        assert client.get(path).status_code == 403


# --------------------------------------------------------------------------------------------------------------- search
@pytest.fixture
def kurmangaliyev(as_: As, world: Any) -> str:
    with as_(world.actors["astu"]) as session:
        told = human(
            5,
            surname="Құрманғалиев",
            name="Нұрсұлтан",
            patronymic="Бауыржанұлы",
            surname_lat="KURMANGALIYEV",
            name_lat="NURSULTAN",
        )
        return register_student(session, registration(world.organisations["ASTU"], human=told)).public_id


FOUND = [
        "курмангалиев", "kurmangaliyev", "Құрманғалиев", "КУРМАНГАЛИЕВ", "құрман", "Kurmang", "нурсултан",
        "нурсултан курмангалиев",
        "Курмангалиев Нурсултан Бауыржанулы", "Бауыржанулы курм", "Nursultan", "АЛТ-26-0001", "алт-26", "rehvfyufkbtd",
        "АЛТ-26-0001 курмангалиев",
]  # fmt: skip
NOT_FOUND = ["курмангалиева", "султан", "%", "_", "'", "курмангалиев арман", "0001", "я" * 10_000, "\x00", "12 34 56 78 90 12"]


def test_a_name_is_found_in_any_script_and_order(astu: Any, kurmangaliyev: str) -> None:
    for q in FOUND:
        answer = astu.get("/students", query_string={"q": q})
        assert shown(answer) == [kurmangaliyev], q
        assert ("Показаны результаты для «курмангалиев»" in answer.text) is (q == "rehvfyufkbtd")


def test_others_are_not_found(astu: Any, kurmangaliyev: str) -> None:
    for q in NOT_FOUND:
        answer = astu.get("/students", query_string={"q": q}, follow_redirects=True)
        assert answer.status_code == 200
        assert shown(answer) == [] or q == "\x00" or q.startswith("12"), q


def test_who_left_is_offered_when_nobody_studying_is_found(astu: Any) -> None:
    answer = astu.get("/students?q=schmidt")
    assert shown(answer) == []
    assert "Показать 1 запись среди всех" in answer.text


def test_twelve_digits_lead_to_the_card_and_stay_in_no_address(astu: Any, session: Session, world: Any) -> None:
    answer = astu.get("/students", query_string={"q": world.iins["orazbayeva"]})
    assert (answer.status_code, answer.location) == (303, f"/students/{world.public_ids['orazbayeva']}")
    nobody = astu.get("/students", query_string={"q": world.iins["akhmetov"]})
    assert (nobody.status_code, nobody.location) == (303, "/students?unknown=1")
    assert "Студента с таким ИИН в вашем списке нет" in astu.get(nobody.location).text
    for entry in session.scalars(sa.select(AuditEntry)):
        assert str(world.iins["orazbayeva"]) not in str(entry.details)


# ----------------------------------------------------------------------------------------------------- order and pages
@pytest.fixture
def many(as_: As, world: Any) -> int:
    """One hundred and twenty more students with names in an order of their own."""
    with as_(world.actors["astu"]) as session:
        office = world.organisations["ASTU"]
        register_students(
            session,
            [
                registration(
                    office, n, human=human(n, surname=f"Абаев{chr(0x430 + n % 30)}", name=f"Имя{chr(0x430 + n // 30)}")
                )
                for n in range(120)
            ],
            source="import",
        )
    return 125


def test_pages_hold_everybody_once_in_one_order(astu: Any, many: int) -> None:
    """Numbered pages one after another are the whole list, and the turned order is the same list from its end."""
    for sort in ("name", "-updated", "course", "birth"):
        whole = [i for page in (1, 2, 3) for i in shown(astu.get(f"/students?sort={sort}&size=50&page={page}"))]
        assert len(whole) == len(set(whole)) == many
        turned = sort[1:] if sort.startswith("-") else f"-{sort}"
        assert [i for page in (1, 2) for i in shown(astu.get(f"/students?sort={turned}&size=100&page={page}"))] == whole[::-1]


def test_deep_pages_go_on_from_a_student(as_: As, many: int, world: Any) -> None:
    """By key from the first to the last and back: everybody once, whatever the order."""
    with as_(world.actors["astu"]) as session:
        for sort in ("name", "-updated", "course", "-birth"):
            _walk_through(session, many, sort)


def _walk_through(session: Session, many: int, sort: str) -> None:
    wanted = Wanted(on=TODAY, sort=sort, size=25)
    part = queries.page(session, wanted, many)
    met = [row.public_id for row in part.rows]
    while part.has_after:
        part = queries.page(session, wanted, many, after=met[-1], at=len(met))
        assert part.first == len(met)
        met += [row.public_id for row in part.rows]
    assert len(met) == len(set(met)) == many
    last = queries.page(session, wanted, many, is_last=True)
    assert [row.public_id for row in last.rows] == met[-25:]
    assert (last.first, last.has_after) == (100, False)
    back = queries.page(session, wanted, many, before=met[100], at=100)
    assert [row.public_id for row in back.rows] == met[75:100]
    assert (back.first, back.has_before, back.has_after) == (75, True, True)


def test_a_search_of_many_finds_whom_a_search_of_few_finds(as_: As, many: int, world: Any) -> None:
    """By whichever way the planner is led: by the index of the names, or by that of the order."""
    with as_(world.actors["astu"]) as session:
        for q, number in (("абаев", 120), ("имяб", 30), ("имяб абаев", 30), ("абаев имяв", 30), ("кимова имяб", 0)):
            for sort in ("name", "-name", "-updated", "name_kk"):
                wanted = Wanted(on=TODAY, q=q, sort=sort, size=150)
                led = [[row.public_id for row in queries.page(session, wanted, total).rows] for total in (number, 1_000_000)]
                assert led[0] == led[1], (q, sort)
                assert len(led[0]) == number, q


def test_a_page_after_somebody_who_is_not_there_is_the_first(astu: Any, many: int) -> None:
    assert shown(astu.get("/students?after=000000000000")) == shown(astu.get("/students"))
    assert shown(astu.get("/students?after=../../../x")) == shown(astu.get("/students"))


def test_the_number_of_questions_is_the_same_for_five_and_for_hundred_rows(astu: Any, app: Any, many: int) -> None:
    from exchange.extensions import db

    counts = []
    with app.app_context():
        engine = db.engine
    for size in (25, 100):
        asked: list[str] = []

        def one(conn: Any, cursor: Any, statement: str, *_: Any, asked: list[str] = asked) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "select set_config")):
                asked.append(statement)

        sa.event.listen(engine, "before_cursor_execute", one)
        astu.get(f"/students?size={size}&sort=name")
        sa.event.remove(engine, "before_cursor_execute", one)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12, asked


def test_a_count_is_remembered_until_data_change(real_app: Any, world: Any) -> None:
    from exchange.access.actor import asking
    from exchange.extensions import db

    actor = world.actors["astu"]
    wanted = Wanted(on=TODAY)
    asked: list[str] = []

    def one(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "count(" in statement:
            asked.append(statement)

    with asking(actor), real_app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", one)
        assert queries.Counts(db.session()).of(wanted) == 5
        assert queries.Counts(db.session()).of(wanted) == 5
        assert len(asked) == 1
        register_student(db.session(), registration(world.organisations["ASTU"]))
        db.session.commit()
        assert queries.Counts(db.session()).of(wanted) == 6
        db.session.remove()
        sa.event.remove(db.engine, "before_cursor_execute", one)
    with asking(world.actors["asu"]), real_app.app_context():
        assert queries.Counts(db.session()).of(wanted) == 3, "others count their own"
        db.session.remove()


# --------------------------------------------------------------------------------------------------------------- export
def test_the_workbook_is_the_list(astu: Any, session: Session) -> None:
    for query in ("", "status=all&sort=name", "q=kim", "on=2025-10-01&sort=-birth"):
        _compare(astu, session, query)


def _compare(astu: Any, session: Session, query: str) -> None:
    page = astu.get(f"/students?{query}")
    answer = astu.get(f"/students/export.xlsx?{query}")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.data))["Список"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, cells in enumerate(rows) if cells[0] == "ФИО")
    head = rows[start]
    numbers = [cells[head.index("Номер дела")] for cells in rows[start + 1 :] if cells[head.index("Номер дела")]]
    soup = BeautifulSoup(page.text, "html.parser")
    assert numbers == [span.text for span in soup.select("table#students th[scope=row] .s2 .nowrap")]
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.details["rows"]) == ("student:downloaded", len(numbers))
    assert "kim" not in str(entry.details)


def test_only_who_may_reveal_gets_whole_numbers(client: Any, new_client: Any, world: Any, login: Any) -> None:
    other = new_client()
    login(client, world.emails["astu"])
    login(other, world.emails["ministry"])
    mine = load_workbook(io.BytesIO(client.get("/students/export.xlsx").data))["Список"]
    theirs = load_workbook(io.BytesIO(other.get("/students/export.xlsx").data))["Список"]
    iin = str(world.iins["kim"])
    assert iin in {str(cell.value) for row in mine.iter_rows() for cell in row}
    values = {str(cell.value) for row in theirs.iter_rows() for cell in row}
    assert iin not in values
    assert f"{iin[:4]}••••{iin[-4:]}" in values


@pytest.mark.parametrize("q", ["29-у", "№29-у", "№ 29-у", "29-e"])
def test_the_number_of_an_order_is_found_as_people_write_it(astu: Any, world: Any, q: str) -> None:
    """With its sign, with a space after it, in the other keyboard layout."""
    page = astu.get("/students", query_string={"q": q, "status": "all"})
    assert [link["href"] for link in BeautifulSoup(page.text, "html.parser").select("tbody th a")] == [
        f"/students/{world.public_ids['kim']}"
    ]
    nobody = astu.get("/students", query_string={"q": "№", "status": "all"})
    assert not BeautifulSoup(nobody.text, "html.parser").select("tbody th a")
