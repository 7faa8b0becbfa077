"""Rosters to measure with: synthetic students in the columns that a university would send."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from openpyxl import Workbook

from exchange.demo.people import Crowd

HEADINGS = (
    "№", "Фамилия", "Имя", "Отчество", "Пол", "Дата рождения", "ИИН", "Паспорт", "Гражданство", "Регион",
    "Направление подготовки", "Уровень", "Курс", "Форма обучения", "Источник финансирования", "Группа", "Номер приказа",
    "Дата приказа",
)  # fmt: skip
REGIONS = ("Восточно-Казахстанская область", "область Абай", "Павлодарская область", "Карагандинская область")
PROGRAMMES = ("09.03.03 Прикладная информатика", "38.03.01 Экономика", "40.03.01 Юриспруденция", "06.03.01 Биология")


def write(path: Path, students: int, seed: int = 1) -> None:
    """A workbook with so many people who are in no register yet."""
    dice = random.Random(seed)
    crowd = Crowd(dice, first_passport=70_000_000, last_serial=9899)
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Список")
    sheet.append(HEADINGS)
    for number in range(1, students + 1):
        human = crowd.human("bachelor", 2026)
        sheet.append(
            (
                number, human.surname, human.name, human.patronymic, "муж" if human.sex == "M" else "жен", human.birth_date,
                human.iin, human.passport, "Казахстан", dice.choice(REGIONS), dice.choice(PROGRAMMES), "бакалавриат", 1,
                dice.choice(("очная", "заочная")), dice.choice(("бюджет", "договор")), f"{dice.randint(100, 999)}", "517-ст",
                dt.date(2026, 8, 20),
            )
        )  # fmt: skip
    workbook.save(path)
