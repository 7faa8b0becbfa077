"""Builds rosters as universities and enterprises write them: the same people in any layout, and what must be understood."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import openpyxl

from exchange.imports import actions, checking
from exchange.imports.checking import CheckedRow
from exchange.imports.student_kind import StudentKind
from exchange.people.iin import check_digit
from exchange.spreadsheets.book import Book, SheetRead

TODAY = dt.date(2026, 11, 23)
AS_OF = dt.date(2026, 10, 1)
GIVEN = Path(__file__).parent.parent / "data" / "rosters"
VKO, ABAI, PAVLODAR, ALMATY, NORTH = "630000000", "100000000", "550000000", "750000000", "590000000"


@dataclass(frozen=True)
class Someone:
    """A student as the truth has it."""

    last: str
    first: str
    middle: str
    sex: str
    born: dt.date
    region: str
    region_words: str
    code: str
    programme: str
    level: str
    form: str
    funding: str
    course: int
    group: str
    order_number: str
    order_date: dt.date
    serial: int = 9910

    @property
    def iin(self) -> str:
        return iin_of(self.born, self.sex, self.serial)

    @property
    def passport(self) -> str:
        return f"N{(self.serial * 10_007 + self.born.toordinal() * 17) % 100_000_000:08d}"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)


def iin_of(born: dt.date, sex: str, serial: int) -> str:
    """A well-formed number with a serial that nobody has."""
    century = {("M", 19): 3, ("F", 19): 4, ("M", 20): 5, ("F", 20): 6}[sex, born.year // 100]
    for further in range(serial, serial + 50):
        stem = f"{born:%y%m%d}{century}{further:04d}"
        if (digit := check_digit(stem)) is not None:
            return f"{stem}{digit}"
    raise AssertionError(born)


def _someone(words: str, sex: str, born: tuple[int, int, int], region: tuple[str, str], *rest: Any, serial: int) -> Someone:
    last, first, *middle = words.split(" ", 2)
    return Someone(last, first, "".join(middle), sex, dt.date(*born), *region, *rest, serial=serial)


_IVT = ("09.03.01", "Информатика и вычислительная техника", "bachelor")
_LAW = ("40.03.01", "Юриспруденция", "bachelor")
_MED = ("31.05.01", "Лечебное дело", "specialist")
_ECO = ("38.04.01", "Экономика", "master")
_EAST, _NORTH = (VKO, "Восточно-Казахстанская область"), (NORTH, "Северо-Казахстанская область")
_OLD, _NEW = ("123/с", dt.date(2025, 8, 15)), ("211-ст", dt.date(2026, 8, 20))
PEOPLE = (
    _someone("Ахметов Данияр Серикович", "M", (2005, 3, 14), _EAST, *_IVT, "full", "federal_general", 2, "415-1", *_OLD,
        serial=9911),
    _someone("Құрманғалиева Айгерім", "F", (2004, 7, 27), (ABAI, "область Абай"), *_LAW, "extra", "contract_person", 3,
        "Ю-231", "77", dt.date(2024, 8, 19), serial=9912),
    _someone("Ибраев Нұрлан Ерланұлы", "M", (2007, 11, 5), (PAVLODAR, "Павлодарская область"), *_IVT, "full", "quota", 1,
        "516-2", *_NEW, serial=9913),
    _someone("Жумабаева Асель Маратовна", "F", (2003, 2, 28), _EAST, *_MED, "full", "contract_person", 4, "443", "18/2",
        dt.date(2023, 8, 30), serial=9914),
    _someone("Ким Виктория Олеговна", "F", (2002, 12, 1), (ALMATY, "г. Алматы"), *_ECO, "full", "federal_general", 1,
        "М-11", *_NEW, serial=9915),
    _someone("Сейткали Мадина Қайратқызы", "F", (2006, 1, 9), _NORTH, *_LAW, "part", "contract_person", 2, "Ю-232", *_OLD,
        serial=9916),
    _someone("Оспанов Тимур Алиевич", "M", (2001, 5, 30), _EAST, *_MED, "full", "target", 6, "421", "5", dt.date(2021, 8,
        25), serial=9917),
    _someone("Шмидт Анна-Мария Викторовна", "F", (2006, 10, 10), _NORTH, *_IVT, "full", "quota", 2, "415-1", *_OLD,
        serial=9918),
)  # fmt: skip

SEX_RU = {"M": "муж.", "F": "жен."}
FORM_RU = {"full": "очная", "extra": "заочная", "part": "очно-заочная"}
FUNDING_RU = {"federal_general": "бюджет", "contract_person": "договор", "quota": "квота", "target": "целевое"}
LEVEL_RU = {"bachelor": "бакалавриат", "specialist": "специалитет", "master": "магистратура"}
Cell = Callable[[Someone], Any]
# What stands in a usual column; a layout says otherwise where it differs.
CELLS: dict[str, Cell] = {
    "full_name": lambda p: p.full_name,
    "last_name": lambda p: p.last,
    "first_name": lambda p: p.first,
    "patronymic": lambda p: p.middle,
    "sex": lambda p: SEX_RU[p.sex],
    "born": lambda p: p.born,
    "iin": lambda p: p.iin,
    "passport": lambda p: p.passport,
    "citizenship": lambda p: "Казахстан",
    "region": lambda p: p.region_words,
    "programme": lambda p: f"{p.code} {p.programme}",
    "programme_code": lambda p: p.code,
    "programme_name": lambda p: p.programme,
    "level": lambda p: LEVEL_RU[p.level],
    "form": lambda p: FORM_RU[p.form],
    "funding": lambda p: FUNDING_RU[p.funding],
    "course": lambda p: p.course,
    "group": lambda p: p.group,
    "order": lambda p: f"№ {p.order_number} от {p.order_date:%d.%m.%Y}",
    "order_number": lambda p: p.order_number,
    "order_date": lambda p: p.order_date,
}
Columns = Sequence[tuple[str, str]]
USUAL: Columns = (
    ("№ п/п", "number"), ("ФИО", "full_name"), ("Пол", "sex"), ("Дата рождения", "born"), ("ИИН", "iin"),
    ("Паспорт", "passport"), ("Гражданство", "citizenship"), ("Регион", "region"), ("Направление подготовки", "programme"),
    ("Уровень", "level"), ("Форма обучения", "form"), ("Финансирование", "funding"), ("Курс", "course"), ("Группа", "group"),
    ("Приказ о зачислении", "order"),
)  # fmt: skip


def lines(columns: Columns = USUAL, people: Iterable[Someone] = PEOPLE, heading: bool = True, **cells: Cell) -> list[list[Any]]:
    """The table as rows: the heading, then a row a person. A column named "number" counts, one named "" stays empty."""
    known = CELLS | cells
    found: list[list[Any]] = [[words for words, _ in columns]] if heading else []
    for number, person in enumerate(people, 1):
        found.append([number if name == "number" else known[name](person) if name else None for _, name in columns])
    return found


def xlsx(
    *sheets: Sequence[Sequence[Any]], merged: Iterable[str] = (), hidden: Sequence[int] = (), names: Sequence[str] = ()
) -> bytes:
    """A workbook of these sheets; `merged` areas are of the first, `hidden` are numbers of sheets from 0."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(names[number] if names else f"Лист{number + 1}")
        for row in rows:
            sheet.append(list(row))
        if number in hidden:
            sheet.sheet_state = "hidden"
        for area in merged if not number else ():
            sheet.merge_cells(area)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text(rows: Iterable[Sequence[Any]], sign: str = ";", encoding: str = "utf-8-sig") -> bytes:
    """The rows as a text file; days as they are written by hand."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=sign)
    for row in rows:
        writer.writerow([f"{cell:%d.%m.%Y}" if isinstance(cell, dt.date) else cell for cell in row])
    return target.getvalue().encode(encoding)


def understood(content: bytes | Book, kind: Any = None, known: Any = None, file_name: str = "roster.xlsx") -> list[CheckedRow]:
    """The rows of people of a file, through the form; the register is not asked."""
    book = content if isinstance(content, Book) else actions.read(content)
    return checking.understand(kind or StudentKind(), known, book, file_name, TODAY).rows


def expected(person: Someone) -> dict[str, str]:
    """The form's values of a person, when the roster says everything."""
    return {
        "last_name": person.last, "first_name": person.first, "patronymic": person.middle, "sex": person.sex,
        "born": f"{person.born:%d.%m.%Y}", "iin": person.iin, "passport": person.passport, "citizenship": "KZ",
        "region": person.region, "programme": person.code, "level": person.level, "form": person.form,
        "funding": person.funding, "course": str(person.course), "group": person.group,
        "order_number": person.order_number, "order_date": f"{person.order_date:%d.%m.%Y}",
    }  # fmt: skip


def errors(rows: Iterable[CheckedRow]) -> dict[int, dict[str, str]]:
    """Row number -> field -> sentence."""
    return {
        row.reading.row.number: {p.field: p.message for p in row.reading.problems if p.severity == "error"}
        for row in rows
        if row.reading.is_rejected
    }


def assert_understood(
    rows: Sequence[CheckedRow],
    people: Sequence[Someone] = PEOPLE,
    without: Iterable[str] = (),
    but: Mapping[str, Any] | None = None,
) -> None:
    """Everybody is there in this order, without an error, with every fact but those that the layout does not have."""
    assert errors(rows) == {}
    names = [name for name in expected(PEOPLE[0]) if name not in set(without)]
    told = [{name: row.reading.values.get(name, "") for name in names} for row in rows]
    assert told == [{name: {**expected(person), **(but or {})}[name] for name in names} for person in people]


def many(number: int) -> list[Someone]:
    """So many different people, each with an IIN of their own."""
    first = dt.date(2003, 1, 1)
    return [
        replace(
            PEOPLE[index % len(PEOPLE)], last=f"{PEOPLE[index % len(PEOPLE)].last}-{_letters(index)}",
            born=first + dt.timedelta(days=index % 1200), serial=9000 + index // 1200 * 50,
        )
        for index in range(number)
    ]  # fmt: skip


def _letters(number: int) -> str:
    """0 is Аа, 1 is Аб: a word of letters for a number."""
    letters = "абвгдежзик"
    return "".join(letters[int(digit)] for digit in f"{number:04d}").capitalize()


def book(*sheets: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> Book:
    """A file as it comes from the reader, without the file: for many small cases."""
    made = []
    for number, rows in enumerate(sheets):
        told = [(line, list(row)) for line, row in enumerate(rows, 1) if any(cell not in (None, "") for cell in row)]
        made.append(SheetRead(names[number] if names else f"Лист{number + 1}", hidden=False, rows=told))
    return Book(made, "xlsx", None, "0" * 64, 0)
