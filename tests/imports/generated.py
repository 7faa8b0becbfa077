"""Registers made by chance, with the values that people and offices really have: zeros in front, dashes, «нет», apostrophes,
letters of three alphabets, texts that look like formulas, days from 1900 to 2100."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from exchange.imports.kit import vocabulary as words
from exchange.imports.kit.columns import layout
from exchange.imports.kit.records import Row
from exchange.imports.vocabulary_regions import country_names
from exchange.people.actions import Document, Human
from exchange.people.iin import check_digit
from exchange.reference import classifiers
from exchange.spreadsheets.book import Book, SheetRead
from exchange.students.registration import Paper, Registration, register_students
from exchange.students.rules import courses, level_fits
from tests.imports.rosters import TODAY

SURNAMES = (
    "Ахметов", "Сәрсенбаев", "Қасымова", "О'Коннор", "Д'Артаньян", "Ли", "Ё", "Ёлкина", "Нұрғалиева", "Петров-Водкин",
    "Ұлықбек", "Өмірзақ", "Жүнісова", "Сагындыкова", "Әбілқасымов", "Итогов", "Всеволодов", "Нетто", "Итог",
)  # fmt: skip
GIVEN = ("Айгерім", "Тимур", "Пётр", "Әсел", "Жан-Пьер", "Ян", "Гүлнұр", "Ұлан", "Ким Ир", "Семён", "Іңкәр")
PATRONYMICS = ("", "", "Серікқызы", "Ержан ұлы", "Петрович", "Ильинична", "Маратулы", "Алиевна оглы")
# Texts that a list takes as they are, and texts that say nothing there.
TEXTS = (
    "007", "0123/с", "=1+1", "+1", "-5", "@SUM(A1)", "1e5", "01.02", "12:30", "ПИ-261", "Ә-1", "ё", "<b>&\"'", "a_x0041_b",
    "№ 5", "группа «Б»", "x" * 40, "1.0", "TRUE", "#N/A", "'текст", "3-4",
)  # fmt: skip
NOTHING = ("", "", "-", "нет", "—", "н/д")
PLACES = ("г. Барнаул, пр. Ленина, 46", "=HYPERLINK(1)", "ул. Ұлы Дала, д. 7", "а" * 300, "0", 'пос. Южный; кв. 5"', "д.№1/2")
PHONES = ("+77010000001", "+79030000002", "", "8 (385) 2-12-34", "доб. 12", "+996555123456")
EMAILS = ("", "a.b@example.kz", "o'neil@example.com", "ё@пример.рф", "x_y+z@mail.example.org")
DAYS = (dt.date(1900, 1, 1), dt.date(1900, 2, 28), dt.date(1900, 3, 1), dt.date(2099, 12, 31), dt.date(2100, 12, 31))


@dataclass
class Roll:
    """Chance that never gives one number twice."""

    chance: random.Random
    used: set[str] = field(default_factory=set)
    count: int = 0

    def iin(self, born: dt.date, sex: str) -> str:
        century = {("M", 19): 3, ("F", 19): 4, ("M", 20): 5, ("F", 20): 6}[sex, born.year // 100]
        while True:
            stem = f"{born:%y%m%d}{century}{self.chance.randrange(10_000):04d}"
            digit = check_digit(stem)
            if digit is not None and f"{stem}{digit}" not in self.used:
                self.used.add(f"{stem}{digit}")
                return f"{stem}{digit}"

    def document(self) -> tuple[str, str]:
        self.count += 1
        kind = self.chance.choice(("kz_passport", "kz_passport", "kz_id", "kz_birth"))
        number = {"kz_passport": f"N{self.count:08d}", "kz_id": f"{self.count:09d}", "kz_birth": f"ТД {self.count:07d}"}[kind]
        return kind, number


def someone(roll: Roll, today: dt.date, *, any_day: bool = False) -> dict[str, Any]:
    """What a register may say of a student, by the names of the fields of a list, in codes and days."""
    chance = roll.chance
    born = dt.date(chance.randrange(1975, 2009), chance.randrange(1, 13), chance.randrange(1, 29))
    if any_day and chance.random() < 0.1:
        born = chance.choice(DAYS[:3])
    sex = chance.choice("MF")
    kind, number = roll.document()
    # a secondary number is not told apart from others by its form, and its list asks for the level of the code
    programme = chance.choice([p for p in classifiers.programmes().values() if p.level_code])
    level, form = programme.level_code or "", chance.choice(list(classifiers.study_forms()))
    assert level_fits(programme.code, level)
    most = courses(programme.code, level, form)
    district = chance.choice(list(classifiers.districts().values()))
    signed = today - dt.timedelta(days=chance.randrange(30, 1200))
    has_iin = chance.random() < 0.8
    status = chance.choice([code for code, line in classifiers.statuses().items() if line.in_contingent])
    return {
        "last_name": chance.choice(SURNAMES), "first_name": chance.choice(GIVEN), "patronymic": chance.choice(PATRONYMICS),
        "last_name_kk": chance.choice(("", "Нұрғалиева", "Әшім")), "first_name_kk": chance.choice(("", "Гүлнұр")),
        "patronymic_kk": chance.choice(("", "Серікқызы")), "last_name_lat": chance.choice(("", "AKHMETOV", "O'CONNOR")),
        "first_name_lat": chance.choice(("", "TIMUR", "ANNA-MARIA")), "sex": sex, "born": born,
        "iin": roll.iin(born, sex) if has_iin else "", "document_type": kind, "passport": number,
        "document_issued_on": None, "document_issued_by": chance.choice(("", "МВД РК", "=МВД")), "document_valid_until": None,
        "citizenship": chance.choice(("KZ", "KZ", "KZ", *country_names())), "region": district.region_code,
        "district": chance.choice(("", district.code)), "settlement": chance.choice(("", "с. Ақсу", "г. Семей", "0")),
        "programme": programme.code, "level": level, "course": chance.choice(("", str(chance.randrange(1, most + 1)))),
        "group": chance.choice((*TEXTS, *NOTHING)), "form": form, "funding": chance.choice(list(classifiers.fundings())),
        "faculty": chance.choice((*TEXTS, *NOTHING, "Факультет №1")), "order_number": f"{chance.randrange(1, 99)}/с",
        "order_date": signed, "enrolled_on": signed, "planned_end": chance.choice((None, dt.date(2100, 12, 31))),
        "status": status, "phone": chance.choice(PHONES), "email": chance.choice(EMAILS), "address": chance.choice(PLACES),
        "dormitory": chance.random() < 0.3, "snils": "", "record_book": "",
    }  # fmt: skip


def as_row(one: dict[str, Any]) -> Row:
    """The same in the words of the template."""
    kinds = classifiers.document_types()
    return {
        **one, "sex": words.SEXES[one["sex"]], "document_type": kinds[one["document_type"]].name_ru,
        "citizenship": country_names()[one["citizenship"]], "region": classifiers.regions()[one["region"]].name_ru,
        "district": classifiers.districts()[one["district"]].name_ru if one["district"] else None,
        "programme": str(classifiers.programmes()[one["programme"]]), "level": classifiers.levels()[one["level"]].name_ru,
        "form": classifiers.study_forms()[one["form"]].name_ru, "funding": classifiers.fundings()[one["funding"]].name_ru,
        "status": classifiers.statuses()[one["status"]].name_ru, "dormitory": words.YES_NO[one["dormitory"]], "key": None,
    }  # fmt: skip


def in_memory(rows: list[Row]) -> Book:
    """The workbook as the reader gives it, without a file."""
    shape = layout("students")
    lines: list[list[Any]] = [[f"Состояние на {TODAY:%d.%m.%Y}"], [], [], [column.title for column in shape.columns]]
    lines += [list(shape.example), *([row[name] or None for name in shape.fields] for row in rows)]
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if any(line)]
    return Book([SheetRead(words.STUDENTS, False, numbered)], "xlsx", None, "", 0)


def is_said(text: Any) -> bool:
    """Whether a cell with this text says anything."""
    return str(text).strip(" .").lower() not in NOTHING


def register(session: Session, organisation_id: int, people: list[dict[str, Any]]) -> None:
    """Enters people as the form of a new student does."""
    register_students(session, [_registration(organisation_id, one) for one in people], source="import")
    session.flush()


def _registration(organisation_id: int, one: dict[str, Any]) -> Registration:
    facts = {
        "surname": one["last_name"], "name": one["first_name"], "patronymic": one["patronymic"],
        "surname_kk": one["last_name_kk"], "name_kk": one["first_name_kk"], "patronymic_kk": one["patronymic_kk"],
        "surname_lat": one["last_name_lat"], "name_lat": one["first_name_lat"], "sex": one["sex"], "birth_date": one["born"],
        "citizenship": one["citizenship"], "region_code": one["region"], "district_code": one["district"] or None,
        "settlement": one["settlement"],
    }  # fmt: skip
    human = Human(
        facts=facts, iin=one["iin"] or None, phone=one["phone"], email=one["email"], address=one["address"],
        is_in_dormitory=one["dormitory"],
        documents=(Document(one["document_type"], one["passport"], one["document_issued_by"]),),
    )  # fmt: skip
    study = {
        "programme_code": one["programme"], "level_code": one["level"], "form_code": one["form"],
        "funding_code": one["funding"], "course": int(one["course"]) if one["course"] else None, "group_name": one["group"],
    }  # fmt: skip
    paper = Paper("enrolment", one["order_number"], one["order_date"])
    return Registration(
        organisation_id=organisation_id, study=study, human=human, paper=paper, enrolled_on=one["enrolled_on"],
        faculty=one["faculty"], planned_end_on=one["planned_end"],
    )  # fmt: skip
