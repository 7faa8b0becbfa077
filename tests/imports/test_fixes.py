"""Mending rows on the page: what is proposed, what is kept, what is refused; doubles, the guard, who is not in the file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from exchange.imports import controls, vocabulary
from exchange.imports.models import Import, ImportChoice, ImportRow
from exchange.people.models import Person
from exchange.reference.terms import term
from tests.applications import Client
from tests.imports.register import fingerprint
from tests.imports.rosters import PEOPLE, USUAL, Someone, errors, lines, many, understood, xlsx
from tests.imports.test_pages import send, words

pytestmark = pytest.mark.usefixtures("today")
Login = Callable[..., Any]
PHONED = (*USUAL, ("Телефон", "phone"))


def form_of(client: Client, place: str) -> dict[str, Any]:
    """What a browser would send from the page when nothing is touched."""
    page = BeautifulSoup(client.get(place).data, "html.parser")
    form = next(one for one in page.select("main form") if str(one["action"]).endswith("/fixes"))
    sent: dict[str, Any] = {}
    for field in form.select("[name]"):
        kind = field.get("type")
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[str(field["name"])] = str(chosen["value"]) if chosen else ""
        elif field.name == "input" and (kind not in ("checkbox", "radio") or field.has_attr("checked")):
            sent.setdefault(str(field["name"]), []).append(str(field.get("value", "")))
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in sent.items()}


def save(client: Client, place: str, tab: str = "", **typed: Any) -> Any:
    """Presses «Сохранить исправления и проверить» after typing; None takes a tick away."""
    form = form_of(client, f"{place}?tab={tab}" if tab else place) | typed
    return client.post(f"{place}/fixes", data={name: value for name, value in form.items() if value is not None})


def at(index: int, fault: Any, usual: Callable[[Someone], Any]) -> Callable[[Someone], Any]:
    return lambda p: fault if p is PEOPLE[index] else usual(p)


# ------------------------------------------------------------------------------------------------------------- proposals
@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("field", "fault", "proposed"),
    [
        ("born", "31.02.2005", "14.03.2005"),  # what the IIN says
        ("region", "Восточно-Казахстнская обл.", "Восточно-Казахстанская область"),
        ("form", "очьная", "Очная"),
        ("order_date", "15.08.2035", "15.08.2025"),
        ("programme", "Информатика и ВТ", "09.03.01 Информатика и вычислительная техника"),
        ("level", "ьакалавриат", "Бакалавриат"),
        ("iin", PEOPLE[0].iin.replace("0", "О"), PEOPLE[0].iin),
        ("region", "Нарния", ""),
        ("programme", "99.99.99", ""),
        ("order_date", "01.12.2026", ""),  # a day of this year is no error of typing
    ],
)
def test_what_is_likely_is_proposed(field: str, fault: str, proposed: str) -> None:
    columns = [(heading, name) for heading, name in USUAL if name != "order"] + [("Дата приказа", "order_date")]
    usual = {"born": lambda p: p.born, "iin": lambda p: p.iin, "order_date": lambda p: p.order_date}
    usual |= {
        "region": lambda p: p.region_words,
        "form": lambda p: "очная",
        "level": lambda p: p.level,
        "programme": lambda p: p.code,
    }
    rows = understood(xlsx(lines(columns, **{field: at(0, fault, usual[field])})))
    told = next(p for p in rows[0].reading.problems if p.field == field)
    assert told.severity == "error"
    assert told.suggestion == proposed
    assert bool(told.because) == bool(proposed)


@pytest.mark.usefixtures("words")
def test_every_word_of_a_list_is_understood() -> None:
    """What a control writes into a cell is read back as the code that it stands for."""
    readers: dict[str, Any] = {
        "region": vocabulary.region, "form": vocabulary.form, "funding": vocabulary.funding, "level": vocabulary.level,
        "status": vocabulary.status, "citizenship": vocabulary.citizenship, "sex": vocabulary.sex, "kind": vocabulary.kind,
    }  # fmt: skip
    for name, read in readers.items():
        options = controls.choices(name)
        assert options, name
        codes = [read(written) for written, _shown in options]
        assert None not in codes, (name, [w for (w, _s), code in zip(options, codes, strict=True) if code is None])
        assert len(set(codes)) == len(codes), name


@pytest.mark.usefixtures("words")
def test_the_richer_of_two_rows_stands() -> None:
    poor = lines(people=PEOPLE[:1], heading=False, group=lambda p: None, region=lambda p: None)
    later = understood(xlsx([*lines(people=PEOPLE[:2]), *poor]))
    assert list(errors(later)) == [4]
    told = next(p for p in later[2].reading.problems if p.severity == "error")
    assert (told.skip, told.twin, told.because) == (True, "Лист1!2", "В строке 2 заполнено больше столбцов")
    earlier = understood(xlsx([*lines()[:1], *poor, *lines(people=PEOPLE[:2], heading=False)]))
    assert errors(earlier) == {2: {"iin": "Тот же ИИН в строке 3 этого файла. Оставьте одну"}}


@pytest.mark.usefixtures("words")
def test_one_number_of_two_people_is_not_proposed_to_be_left_out() -> None:
    rows = understood(xlsx(lines(iin=at(3, PEOPLE[4].iin, lambda p: p.iin), people=PEOPLE)))
    told = [p for row in rows for p in row.reading.problems if p.twin]
    assert [p.skip for p in told] == [False]


# ---------------------------------------------------------------------------------------------------------------- saving
def test_fixes_are_kept_and_the_file_is_checked_again(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    before = fingerprint(session)
    content = xlsx(lines(born=at(2, "весна", lambda p: p.born), form=at(3, "по выходным", lambda p: "очная")))
    place = send(client, content).headers["Location"]
    answer = save(client, place, **{"fix-0-5-form": "Очно-заочная", "keep-0-5-form": "1"})
    assert answer.status_code == 303
    page = words_of(client, place)
    assert "1 строку нужно исправить или пропустить" in page or "Строк с ошибками нет" in page
    kept = session.scalars(sa.select(Import)).one()
    assert kept.decisions["cells"]["Лист1!5"] == {"form": "Очно-заочная"}
    assert fingerprint(session) == before
    choice = session.scalars(sa.select(ImportChoice)).one()
    assert (choice.field, choice.shown, choice.choice) == ("form", "по выходным", "Очно-заочная")
    again = words_of(client, send(client, content, "second.xlsx").headers["Location"])
    assert "Не нашли форму обучения" not in again


def words_of(client: Client, place: str) -> str:
    return words(client.get(place))


def test_a_row_is_left_out_and_taken_back(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines(form=at(3, "по выходным", lambda p: "очная")))).headers["Location"]
    assert save(client, place, **{"skip-0-5": "1"}).status_code == 303
    assert "Загрузить 7 строк" in words_of(client, place)
    assert save(client, place, "skipped", **{"skip-0-5": None}).status_code == 303
    assert "1 строку нужно исправить или пропустить" in words_of(client, place)


def test_one_fix_for_all_rows_with_the_same_fault(client: Client, login: Login, world: Any, session: Session) -> None:
    """Sixty rows on two pages; a value in the file, and no value at all."""
    login(client, world.emails["asu"])
    people = many(120)
    wrong = dict.fromkeys(people[:60], "по выходным") | dict.fromkeys(people[60:], "")
    place = send(client, xlsx(lines(people=people, form=lambda p: wrong[p]))).headers["Location"]
    assert place.endswith("/columns"), "words of many rows are settled with the columns, or with the rows"
    place = place.removesuffix("/columns")
    page = words_of(client, place)
    assert "Исправить во всех 60 строках" in page
    assert "Как в строке 2" in page
    answer = save(client, place, **{"fix-0-2-form": "Заочная", "all-0-2-form": "1"})
    assert answer.status_code == 303
    assert "60 строк нужно исправить" in words_of(client, place)
    first = next(name for name in form_of(client, place) if name.startswith("all-"))
    assert save(client, place, **{first: "1", first.replace("all-", "fix-"): "Очная"}).status_code == 303
    said = sa.select(ImportRow.verdict, sa.func.count()).group_by(ImportRow.verdict)
    assert dict(session.execute(said).all()) == {"new": 120}


def test_a_missing_column_is_filled_for_all(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    without = [(heading, name) for heading, name in USUAL if name != "funding"]
    place = send(client, xlsx(lines(without))).headers["Location"]
    assert place.endswith("/columns"), "a column is missing: its values may be given there, or with the rows"
    place = place.removesuffix("/columns")
    assert "Строк с ошибками больше, чем без них" in words_of(client, place)
    assert save(client, place, **{"fix-0-2-funding": "Договор об оказании платных услуг, физическое лицо"}).status_code == 303
    assert session.scalars(sa.select(Import)).one().decisions["everywhere"]["funding"].startswith("Договор")
    assert "Загрузить 8 строк" in words_of(client, place)


def test_warnings_are_accepted_as_they_are(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines(region=at(1, None, lambda p: p.region_words)))).headers["Location"]
    assert "Регион не указан" in words_of(client, f"{place}?tab=warnings")
    assert save(client, place, "warnings", **{"ok-0-3-region": "1"}).status_code == 303
    assert "Предупреждений нет" in words_of(client, f"{place}?tab=warnings")


def test_what_can_not_be_taken_stays_in_its_box(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines(born=at(2, "весна", lambda p: p.born), form=at(3, "по выходным", lambda p: "очная"))))
    place = place.headers["Location"]
    answer = save(client, place, **{"fix-0-4-born": "x" * 400, "fix-0-5-form": "Очная"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.find(id="fix-0-4-born")["value"] == "x" * 400  # type: ignore[index]
    assert page.select_one("#fix-0-5-form option[selected]")["value"] == "Очная"  # type: ignore[index]
    assert "Сократите до 300 знаков" in words(answer)
    assert save(client, place, **{"fix-0-5-form": "выдумка"}).status_code == 422
    assert session.scalars(sa.select(Import)).one().decisions.keys() <= {"by", "at"}


def test_two_people_at_once(client: Client, login: Login, world: Any) -> None:
    login(client, world.emails["asu"])
    place = send(
        client, xlsx(lines(form=at(3, "по выходным", lambda p: "очная"), region=at(2, "Нарния", lambda p: p.region_words)))
    )
    place = place.headers["Location"]
    stale = form_of(client, place)
    assert save(client, place, **{"fix-0-5-form": "Очная"}).status_code == 303
    answer = client.post(f"{place}/fixes", data=stale | {"fix-0-4-region": "область Абай"})
    assert answer.status_code == 422
    assert "Пока вы исправляли, файл уже проверили снова" in words(answer)
    page = BeautifulSoup(answer.data, "html.parser")
    assert page.select_one("#fix-0-4-region option[selected]")["value"] == "область Абай"  # type: ignore[index]


@pytest.mark.parametrize("row", ["", "9-1", "0-99999999", "x", "0-3-4", "-1-3", "0-١"])
@pytest.mark.sqlite_only
def test_names_that_no_page_gave_change_nothing(client: Client, login: Login, world: Any, session: Session, row: str) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines())).headers["Location"]
    version = session.scalars(sa.select(Import.version)).one()
    sent = {"row": row, f"fix-{row}-form": "Очная", f"skip-{row}": "1", "version": str(version), "tab": "<b>"}
    assert client.post(f"{place}/fixes", data=sent).status_code == 303
    session.expire_all()
    assert session.scalars(sa.select(Import)).one().decisions.keys() <= {"by", "at"}


# -------------------------------------------------------------------------------------- empty cells, the guard, the absent
def test_an_empty_cell_empties_when_the_file_is_said_to(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx(lines(PHONED, phone=lambda p: "+77051234567"))).headers["Location"]
    assert client.post(f"{place}/apply").status_code == 303
    empty = xlsx([["Список на 01.11.2026"], *lines(PHONED, phone=lambda p: "", group=at(0, "416", lambda p: p.group))])
    place = send(client, empty).headers["Location"]
    assert "Телефон" not in words_of(client, f"{place}?tab=changed").split("Было")[1].split("Пустая ячейка")[0]
    assert save(client, place, "changed", empty="clear").status_code == 303
    assert client.post(f"{place}/apply").status_code == 303
    phones = sa.select(Person.phone).where(Person.iin.in_([p.iin for p in PEOPLE]))
    assert set(session.scalars(phones)) <= {"", None}


def test_a_file_that_changes_much_waits_for_its_number(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    people = many(40)
    place = send(client, xlsx([["Список на 01.10.2026"], *lines(people=people)])).headers["Location"]
    assert client.post(f"{place}/apply").status_code == 303
    least = term("IMPORT_GUARD_LEAST", dt.date(2026, 11, 1))
    moved = people[: least - 1]
    few = xlsx([["Список на 01.11.2026"], *lines(people=people, group=lambda p: "новая" if p in moved else p.group)])
    assert "Впишите" not in words_of(client, send(client, few).headers["Location"])
    all_of_them = xlsx([["Список на 01.11.2026"], *lines(people=people, group=lambda p: "новая")])
    place = send(client, all_of_them).headers["Location"]
    assert re.search(r"Файл изменит записи 40 из \d+ студентов. Впишите 40", words_of(client, place))
    before = fingerprint(session)
    for typed in ("", "39", "сорок"):
        answer = client.post(f"{place}/apply", data={"confirmed": typed})
        assert answer.status_code == 422
        assert "Впишите это число" in words(answer)
    assert fingerprint(session) == before
    assert client.post(f"{place}/apply", data={"confirmed": " 40 "}).status_code == 303
    assert fingerprint(session) != before


def test_who_is_not_in_the_file_is_listed_and_left_alone(client: Client, login: Login, world: Any, session: Session) -> None:
    login(client, world.emails["asu"])
    place = send(client, xlsx([["Список на 01.10.2026"], *lines()])).headers["Location"]
    others = len(BeautifulSoup(client.get(f"{place}/absent").data, "html.parser").select("tbody tr"))
    assert client.post(f"{place}/apply").status_code == 303
    wrong = lines(people=PEOPLE[:6], form=at(5, "по выходным", lambda p: "очная"))
    place = send(client, xlsx([["Список на 01.11.2026"], *wrong])).headers["Location"]
    page = BeautifulSoup(client.get(f"{place}/absent").data, "html.parser")
    names = [one.get_text(strip=True) for one in page.select("tbody th")]
    assert len(names) == others + 2
    assert {PEOPLE[6].full_name, PEOPLE[7].full_name} <= set(names)
    assert PEOPLE[5].full_name not in names, "a refused row is in the file all the same"
    assert "которых нет в файле" in words_of(client, place)
