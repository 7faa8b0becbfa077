"""What the list counts and finds: figures beside filters, records to look at, numbers of orders, Kazakh letters."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.consents.models import Consent
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.names import kazakh_order
from exchange.students import queries
from exchange.students.actions import register_students
from exchange.students.filters import Wanted
from exchange.students.models import Order, OrderLine, Student
from exchange.students.quality import months_before
from tests.students.conftest import day, human, registration
from tests.students.pages import soup_of
from tests.students.test_list import keys
from tests.world_students import KARAGANDA, PAVLODAR, VKO

pytestmark = pytest.mark.usefixtures("today")
TODAY = day("2026-11-23")


# --------------------------------------------------------------------------------------------------------------- facets
# The five of ASTU: seitkali2 (master, 1, VKO), kim (3) and kim2 (2, extramural) on contracts from Pavlodar, orazbayeva
# (3, Karaganda), tolegenova (college, 3, VKO). Mirzoyev studies too, as a citizen of Uzbekistan.
FIGURES: list[tuple[dict[str, Any], dict[str, dict[str, int]], int]] = [
    ({}, {
        "course": {"1": 1, "2": 1, "3": 3}, "region": {VKO: 2, PAVLODAR: 2, KARAGANDA: 1},
        "level": {"master": 1, "bachelor": 3, "spo": 1}, "form": {"full": 4, "extra": 1},
        "funding": {"contract": 2, "budget": 3}, "status": {"contingent": 5, "studying": 6, "graduated": 1, "expelled": 1},
    }, 5),
    ({"funding": "contract"}, {
        "course": {"2": 1, "3": 1}, "region": {PAVLODAR: 2}, "funding": {"contract": 2, "budget": 3},
        "form": {"full": 1, "extra": 1},
    }, 2),
    ({"course": 3, "region": PAVLODAR}, {
        "course": {"2": 1, "3": 1}, "region": {VKO: 1, PAVLODAR: 1, KARAGANDA: 1}, "level": {"bachelor": 1},
    }, 1),
    ({"course": 1, "region": PAVLODAR, "form": "extra"}, {"course": {"2": 1}, "region": {}, "level": {}}, 0),
    ({"status": "all"}, {"status": {"contingent": 5, "studying": 6, "graduated": 1, "expelled": 1}, "region":
        {VKO: 3, PAVLODAR: 2, KARAGANDA: 1, "none": 2}}, 8),
]  # fmt: skip


def test_each_figure_counts_with_the_other_filters(as_: Any, world: Any) -> None:
    with as_(world.actors["astu"]) as session:
        for filters, figures, total in FIGURES:
            wanted = Wanted(on=TODAY, **filters)
            found = queries.Counts(session).facets(wanted)
            assert {name: dict(found.numbers[name]) for name in figures} == figures, filters
            assert found.total == total == queries.count_of(session, wanted), filters


def test_a_figure_is_what_the_list_shows_when_it_is_chosen(as_: Any, world: Any) -> None:
    with as_(world.actors["ministry"]) as session:
        counts = queries.Counts(session)
        for name, values in counts.facets(Wanted(on=TODAY)).numbers.items():
            for value, number in values:
                asked = {name: int(value) if name == "course" else value}
                assert queries.count_of(session, Wanted(on=TODAY, **asked)) == number, asked


def test_the_options_show_the_figures(astu: Any) -> None:
    page = soup_of(astu.get("/students?funding=contract"))
    options = {option["value"]: option.text for option in page.select("select[name=course] option")}
    assert (options["2"], options["3"], options["1"]) == ("2 (1)", "3 (1)", "1 (0)")


def test_an_empty_list_says_which_filter_empties_it(astu: Any) -> None:
    page = soup_of(astu.get(f"/students?course=1&region={PAVLODAR}"))
    offered = {a["href"]: a.text.split(" — ") for a in page.select(".empty li a")}
    assert [(words, number.split()[0]) for words, number in offered.values()] == [
        ("без «Курс: 1»", "2"), ("без «Регион: Павлодарская область»", "1"),
    ]  # fmt: skip
    for url, (_words, number) in offered.items():
        assert len(soup_of(astu.get(url)).select("#students tbody tr")) == int(number.split()[0])


# ------------------------------------------------------------------------------------------------------------- problems
def _spoil(session: Session, world: Any) -> None:
    """One or two records of each problem, and beside each one that just has not got it."""
    persons, students = world.persons, world.students
    session.execute(sa.update(Person).where(Person.id == persons["tolegenova"]).values(phone=""))
    session.execute(sa.delete(IdentityDocument).where(IdentityDocument.person_id == persons["seitkali"]))
    session.execute(sa.update(PersonFacts).where(PersonFacts.person_id == persons["orazbayeva"]).values(region_code=None))
    session.execute(sa.update(Person).where(Person.id == persons["kim"]).values(iin_needs_check=True))
    for key, until in (("orazbayeva", "2026-11-22"), ("tolegenova", "2026-11-23")):
        of = IdentityDocument.person_id == persons[key]
        session.execute(sa.update(IdentityDocument).where(of).values(valid_until=day(until)))
    for key, end in (("kim", "2025-11-22"), ("kim2", "2025-11-23"), ("schmidt", "2024-06-30")):
        session.execute(sa.update(Student).where(Student.id == students[key]).values(planned_end_on=day(end)))
    for key, moment in (
        ("orazbayeva", dt.datetime(2025, 5, 22, tzinfo=dt.UTC)),
        ("kim", dt.datetime(2025, 5, 23, tzinfo=dt.UTC)),
    ):
        session.execute(sa.update(Student).where(Student.id == students[key]).values(updated_at=moment))
    for key, born in (("orazbayeva", "2008-11-24"), ("seitkali", "2008-11-23")):
        of = PersonFacts.person_id == persons[key]
        session.execute(sa.update(PersonFacts).where(of).values(birth_date=day(born)))
    for key, left in (("kim", "2026-11-23"), ("seitkali", "2026-11-24")):
        owner = {"person_id": persons[key], "organisation_id": world.organisations["ASTU"], "kind": "processing"}
        session.add(Consent(act="withdrawn", day=day(left), withdraws_id=world.consents[key], **owner))
    session.commit()


SPOILT = {
    "incomplete": {"tolegenova", "seitkali2", "orazbayeva"},
    "iin": {"kim", "kim2"},
    "passport": {"orazbayeva"},
    "overdue": {"kim"},
    "leave": set(),
    "forgotten": {"orazbayeva"},
    "guardian": {"orazbayeva"},
    "consent": {"kim", "kim2"},
}


def test_each_problem_is_a_filter_and_a_figure(astu: Any, world: Any, session: Session, as_: Any) -> None:
    _spoil(session, world)
    with as_(world.actors["astu"]) as asked:
        figures = queries.Counts(asked).problems(TODAY)
    assert figures == {name: len(found) for name, found in SPOILT.items()}
    for name, found in SPOILT.items():
        assert set(keys(world, astu.get(f"/students?problem={name}"))) == found, name


def test_the_home_page_names_what_to_look_at(astu: Any, world: Any, session: Session) -> None:
    assert "Проверьте записи" not in astu.get("/students").text, "nobody has a problem"
    _spoil(session, world)
    page = soup_of(astu.get("/students"))
    checks = [(" ".join(a.text.split()), a["href"]) for a in page.select("nav.chips a")]
    assert checks == [
        ("Неполные 3", "/students?problem=incomplete"), ("ИИН под сомнением 2", "/students?problem=iin"),
        ("Документ просрочен 1", "/students?problem=passport"),
        ("Плановый выпуск прошёл больше года назад 1", "/students?problem=overdue"),
        ("Без изменений больше полутора лет 1", "/students?problem=forgotten"),
        ("Нет 18 лет и не указан представитель 1", "/students?problem=guardian"),
        ("Без согласия на обработку данных 2", "/students?problem=consent"),
    ]  # fmt: skip
    tabs = [" ".join(a.text.split()) for a in page.select(".tabs a")]
    assert tabs[2] == "Неполные 3"
    assert "Не хватает: документ" in astu.get("/students?problem=incomplete").text
    assert "Проверьте записи" not in astu.get("/students?course=3").text


def test_a_leave_that_is_over(client: Any, world: Any, login: Any) -> None:
    """Kurmangaliyeva is on leave until 16 February 2027: that day is still of the leave."""
    login(client, world.emails["asu"])
    for on, found in (("2027-02-16", []), ("2027-02-17", ["kurmangali"])):
        assert keys(world, client.get(f"/students?problem=leave&on={on}")) == found
    assert keys(world, client.get("/students?problem=incomplete")) == ["alimzhanov"], "no IIN"


def test_who_can_mend_nothing_is_not_asked_to(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    assert "Неполные" not in [a.text.split()[0] for a in soup_of(client.get("/students")).select(".tabs a")]


@pytest.mark.parametrize(
    ("on", "months", "before"),
    [("2026-11-23", 18, "2025-05-23"), ("2024-03-31", 1, "2024-02-29"), ("2026-01-15", 1, "2025-12-15"),
     ("2026-11-23", 12, "2025-11-23"), ("2026-12-31", 1, "2026-11-30")],
)  # fmt: skip
def test_months_before(on: str, months: int, before: str) -> None:
    assert months_before(day(on), months) == day(before)


# ----------------------------------------------------------------------------------------------------- search and order
def test_students_are_found_by_the_number_of_their_order(astu: Any, world: Any, session: Session) -> None:
    numbers = sa.select(Order.number).join(OrderLine, OrderLine.order_id == Order.id)
    number = session.scalars(numbers.where(OrderLine.student_id == world.students["kim"])).first()
    for q in (number, f"№{number}", f"{number} ким", str(number).upper()):
        assert keys(world, astu.get("/students", query_string={"q": q})) == ["kim"], q
    assert keys(world, astu.get("/students", query_string={"q": f"{number}0"})) == []
    other = session.scalars(numbers.where(OrderLine.student_id == world.students["akhmetov"])).first()
    assert keys(world, astu.get("/students", query_string={"q": other, "status": "all"})) == [], "an order of another office"


def test_the_kazakh_alphabet() -> None:
    names = ["Алия", "Әлия", "Гани", "Ғани", "Дана", "Канат", "Қанат", "Нур", "Ңур", "Орал", "Өрал", "Улан", "Ұлан", "Үлан",
             "Хан", "Һан", "Ыбрай", "Ілияс", "Эмин", "Юля", "Smith"]  # fmt: skip
    backwards = names[::-1]
    assert sorted(backwards, key=kazakh_order) == names


def test_the_list_in_either_alphabet(astu: Any, as_: Any, world: Any) -> None:
    office = world.organisations["ASTU"]
    surnames = ("Әбенов", "Абишев", "Ғалиев", "Гусев", "Ілиясов", "Шаров")
    with as_(world.actors["astu"]) as session:
        many = [registration(office, n, human=human(n, surname=surname)) for n, surname in enumerate(surnames)]
        register_students(session, many, source="import")

    def order(sort: str) -> list[str]:
        rows = soup_of(astu.get(f"/students?sort={sort}")).select("#students th[scope=row] a")
        return [word for row in rows if (word := row.text.split()[0]) in surnames]

    assert order("name") == ["Әбенов", "Абишев", "Ғалиев", "Гусев", "Ілиясов", "Шаров"]
    assert order("name_kk") == ["Абишев", "Әбенов", "Гусев", "Ғалиев", "Шаров", "Ілиясов"]
    assert order("-name_kk") == order("name_kk")[::-1]
    assert "sort=name_kk" in astu.get("/students?sort=name").text
    assert "по русскому алфавиту" in astu.get("/students?sort=name_kk").text
