"""The pages of doubles as a person of the university sees them: list, comparison, check, merge, parting, refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.merging.models import Apart, Merge
from exchange.people.models import Person
from exchange.students.models import Student
from tests.merging.conftest import Register, human
from tests.students.conftest import FORM
from tests.students.pages import soup_of, summary, typed

LIST = "/students/duplicates"


@pytest.fixture
def asu(today: Any, client: Any, world: Any, login: Callable[..., Any]) -> Any:
    login(client, world.emails["asu"])
    return client


def words_of(answer: Any) -> str:
    return " ".join(soup_of(answer).select_one("main").get_text(" ").split())  # type: ignore[union-attr]


def address_of(register: Register, pair: tuple[int, int]) -> str:
    return f"{LIST}/{register.public_id(pair[0])}/{register.public_id(pair[1])}"


def choices(answer: Any, **changes: str) -> dict[str, str]:
    """What a browser sends: the fields of the form, and what somebody chooses."""
    return {**typed(answer), **{f"choice-{name}": side for name, side in changes.items()}}


def test_the_list_says_why_and_the_list_of_students_how_many(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    page = asu.get(LIST)
    assert "один и тот же номер документа; та же дата рождения, фамилия и имя записаны по-разному" in words_of(page)
    link = soup_of(asu.get("/students")).find("a", href=LIST)
    assert link is not None
    assert " ".join(link.text.split()) == "Возможные дубли 1"
    assert soup_of(page).find("a", href=address_of(register, pair)) is not None
    register.merge(*pair)
    assert "Возможных дублей нет" in words_of(asu.get(LIST))
    left = soup_of(asu.get("/students")).find("a", href=LIST)
    assert left is not None, "the way to what was joined stays"
    assert " ".join(left.text.split()) == "Возможные дубли 0"


def test_the_home_page_says_how_many(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    link = soup_of(asu.get("/overview")).find("a", href=LIST)
    assert link is not None
    assert " ".join(link.text.split()) == "Возможные дубли 1"
    register.merge(*pair)
    assert soup_of(asu.get("/overview")).find("a", href=LIST) is None, "nothing is left to look at"


def test_no_link_where_there_is_nothing(asu: Any, register: Register) -> None:
    assert soup_of(asu.get("/students")).find("a", href=LIST) is None


def test_compared_chosen_checked_joined_and_parted(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    address = address_of(register, pair)
    page = asu.get(address)
    rows = {
        row.th.find(string=True, recursive=False).strip(): row.select_one(".badge").text  # type: ignore[union-attr]
        for row in soup_of(page).select("tr[id^=choice-]")
    }
    assert rows["Фамилия"] == rows["Почта"] == "различается"
    assert rows["Имя"] == rows["Дата рождения"] == "совпадает"
    sent = typed(page)
    assert (sent["keep"], sent["choice-phone"], sent["choice-email"]) == ("first", "first", "second")
    assert "choice-surname" not in sent, "nothing is chosen beforehand where both say something"
    refused = asu.post(address, data={**sent, "do": "check"})
    assert refused.status_code == 422
    assert summary(refused) == [
        "Выберите значение для поля «Фамилия»", "Выберите значение для поля «Регион происхождения»",
    ]  # fmt: skip
    check = asu.post(address, data={**choices(page, surname="second", origin="first"), "do": "check"})
    assert check.status_code == 200
    told = words_of(check)
    assert "Записей обучения у человека станет: 2" in told
    assert "Людей в отчётах на сегодня станет на 1 меньше; отчёты, выпущенные раньше, не изменятся" in told
    assert "Документов перейдёт: 1, с тем же номером: 1 (останется один)" in told
    assert "Обе записи учатся одновременно с 01.09.2026: АлтГУ" in told
    assert "разъединить можно в течение 30 дней" in told.lower()
    again = asu.post(address, data={**typed(check), "do": "back"})
    assert typed(again)["choice-surname"] == "second"
    done = asu.post(address, data={**typed(check), "do": "record"})
    assert done.status_code == 303
    with register.as_(SYSTEM) as asked:
        merge = asked.scalars(sa.select(Merge)).one().public_id
        assert len(asked.scalars(sa.select(Student).where(Student.person_id == pair[0])).all()) == 2
    assert done.location == f"{LIST}/merges/{merge}"
    shown = asu.get(done.location)
    assert "Записи объединены. Разъединить можно до 23.12.2026" in words_of(shown)
    gone = asu.get(address)
    assert gone.status_code == 410
    assert "Запись объединена" in words_of(gone)
    assert "Теперь это" in words_of(gone)
    assert "Разъединить" in words_of(asu.get(f"{LIST}?tab=done"))
    sent = typed(shown)
    stale = asu.post(done.location, data={**sent, "version": "7"})
    assert stale.status_code == 409
    parted = asu.post(done.location, data=sent)
    assert parted.status_code == 303
    assert "Записи разъединены: это снова два человека" in words_of(asu.get(done.location))
    assert asu.get(address).status_code == 200
    with register.as_(SYSTEM) as asked:
        assert asked.get_one(Person, pair[1]).merged_into_id is None


def test_two_values_that_tell_people_apart_need_a_word(asu: Any, register: Register) -> None:
    one = register.person(register.enter(human(iin="060504550000")))
    other = register.person(register.enter(human(iin="070504650000", birth_date=dt.date(2007, 5, 4), sex="F")))
    address = address_of(register, (one, other))
    page = asu.get(address)
    sent = {**choices(page, birth_date="first", sex="first", iin="first"), "do": "check"}
    check = asu.post(address, data=sent)
    told = words_of(check)
    assert "Даты рождения разные: 04.05.2006 и 04.05.2007" in told
    assert "Пол разный: Мужской и Женский" in told
    assert "ИИН разные: 0605••••0000 и 0705••••0000" in told
    refused = asu.post(address, data={**typed(check), "typed": "да", "do": "record"})
    assert refused.status_code == 422
    assert summary(refused) == ["Введите слово «объединить», если это один человек"]
    assert typed(refused)["typed"] == "да"
    done = asu.post(address, data={**typed(refused), "typed": " Объединить ", "do": "record"})
    assert done.status_code == 303


def test_put_aside_and_taken_back(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    keys = {"first": register.public_id(pair[0]), "second": register.public_id(pair[1])}
    assert asu.post(f"{LIST}/apart", data=keys).location == LIST
    assert "Возможных дублей нет" in words_of(asu.get(LIST))
    assert "Разные люди: Asu Tester, сегодня" in words_of(asu.get(f"{LIST}?tab=aside"))
    assert asu.post(f"{LIST}/apart", data=keys).status_code == 404, "what is not offered is not put aside"
    assert asu.post(f"{LIST}/together", data=keys).location == f"{LIST}?tab=aside"
    with register.as_(SYSTEM) as asked:
        assert asked.scalars(sa.select(Apart)).all() == []
    assert "Почему" in words_of(asu.get(LIST))


def test_of_another_university_only_its_office(asu: Any, register: Register, world: Any) -> None:
    mine = register.person(register.enter(human()))
    theirs = register.person(register.enter(human(surname="Курмангалиев", phone="+77012223344"), by="astu"))
    page = asu.get(LIST)
    assert "Числится в другом вузе" in words_of(page)
    assert "АлтГТУ" in words_of(page)
    assert "Курмангалиев" not in page.text
    assert "+7701" not in page.text
    assert soup_of(page).find("a", string="Сравнить") is None
    assert asu.get(address_of(register, (mine, theirs))).status_code == 404
    keys = {"first": register.public_id(mine), "second": register.public_id(theirs)}
    assert asu.post(f"{LIST}/apart", data=keys).status_code == 303
    assert "Возможных дублей нет" in words_of(asu.get(LIST))


def test_one_whom_another_office_keeps_is_not_compared(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    from exchange.people import keeping

    address = address_of(register, pair)
    with register.now, register.as_(SYSTEM) as asked:
        keeping.hand_over(asked, pair[1], register.world.organisations["ASTU"])
    answer = asu.get(address)
    assert answer.status_code == 409
    assert "Одну из записей ведёт АлтГТУ. Объединить записи двух вузов отсюда нельзя" in words_of(answer)


def test_somebody_changed_one_meanwhile(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    from exchange.students.actions import save_card

    address = address_of(register, pair)
    page = asu.get(address)
    with register.now, register.as_(register.world.actors["asu"]) as asked:
        student = asked.scalars(sa.select(Student).where(Student.person_id == pair[0])).one()
        save_card(asked, student, card={"note": "другая"}, person={}, version=student.version)
    answer = asu.post(address, data={**choices(page, surname="second", origin="second"), "do": "check"})
    assert answer.status_code == 409
    assert "Пока вы сравнивали, записи изменились: Asu Tester" in words_of(answer)
    assert typed(answer)["choice-origin"] == "second", "what was chosen is kept"
    assert asu.post(address, data={**typed(answer), "do": "check"}).status_code == 200


def test_sent_twice_joined_once(asu: Any, register: Register, pair: tuple[int, int]) -> None:
    address = address_of(register, pair)
    page = asu.get(address)
    check = asu.post(address, data={**choices(page, surname="first", origin="first"), "do": "check"})
    sent = {**typed(check), "do": "record"}
    first, second = asu.post(address, data=sent), asu.post(address, data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location


def test_after_registering_somebody_alike_the_pair_is_a_click_away(asu: Any, register: Register) -> None:
    register.enter(human(surname="Ахметова", name="Айгерим", sex="F", birth_date=dt.date(2008, 3, 14)))
    warned = asu.post("/students/new", data={**FORM, "organisation": "ASU", "do": "save"})
    assert warned.status_code == 422
    done = asu.post("/students/new", data={**FORM, "organisation": "ASU", "confirm_last_name": "1", "do": "save"})
    assert done.status_code == 303
    card = asu.get(done.location)
    link = soup_of(card).find("a", string="Сравнить")
    assert link is not None
    page = asu.get(str(link["href"]))
    assert page.status_code == 200
    assert words_of(page).count("Почему") == 1


def test_the_other_record_is_named_by_hand(asu: Any, register: Register) -> None:
    """Two records that nothing but a person takes for one: from the card to the comparison, and no number in an address."""
    one = register.enter(human(iin="060504550000"))
    other = register.enter(human(surname="Омаров", name="Данияр", birth_date=dt.date(2005, 1, 2), iin="050102550018"))
    foreign = "030303550012"
    register.enter(human(surname="Чужой", name="Студент", surname_lat="", name_lat="", iin=foreign), by="astu")
    with register.as_(SYSTEM) as asked:
        key, number = asked.get_one(Student, one).public_id, asked.get_one(Student, other).record_book_no
    link = soup_of(asu.get(f"/students/{key}")).find("a", string="Объединить с…")
    assert link is not None
    page = asu.get(str(link["href"]))
    assert "Возможных дублей нет" in words_of(page)
    where = address_of(register, (register.person(one), register.person(other)))
    for typed_ in (number, number.lower(), f" {number} ", "050102550018", "050102 550018"):
        named = asu.post(f"{LIST}/with", data={"of": key, "other": typed_})
        assert (named.status_code, named.location) == (303, where), typed_
    assert asu.get(where).status_code == 200
    for typed_, said in (
        ("", "Введите номер дела или ИИН другой записи"), ("060504550000", "Это запись того же человека"),
        ("нет-1", "Записи с номером дела или ИИН «нет-1» у вас нет"), (foreign, "у вас нет"), ("\x00", "Введите номер"),
    ):  # fmt: skip
        refused = asu.post(f"{LIST}/with", data={"of": key, "other": typed_})
        assert refused.status_code == 422
        assert said in summary(refused)[0]
        assert typed(refused)["other"] == typed_.replace("\x00", "")
    assert asu.post(f"{LIST}/with", data={"other": number}).status_code == 404


@pytest.mark.parametrize("who", ["ministry", "auditor", "altvagon", "akimat", "admin"])
def test_nobody_else_comes_in(client: Any, world: Any, login: Callable[..., Any], who: str) -> None:
    login(client, world.emails[who])
    assert client.get(LIST).status_code == 403
