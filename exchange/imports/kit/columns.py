"""The columns of the templates: what stands in them, what to choose from, what to write. The order is that of the sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.imports.kit import vocabulary as words
from exchange.imports.vocabulary_regions import country_names
from exchange.internships.universities import Universities
from exchange.reference import classifiers
from exchange.spreadsheets.entry import Guide
from exchange.spreadsheets.sheet import Column
from exchange.students.student_form import IDENTITY

DAYS = {
    "born", "document_issued_on", "document_valid_until", "order_date", "enrolled_on", "planned_end", "starts_on", "ends_on",
    "briefing_on",
}  # fmt: skip
NUMBERS = {"hours_planned", "hours"}
DIGITS = {"iin", "passport", "phone", "snils", "course", "grade", "record_book", "order_number", "group"}
LENGTHS = {"iin": 12}
WIDTHS = {
    "last_name": 22.0, "first_name": 18.0, "patronymic": 20.0, "sex": 11.0, "iin": 15.0, "document_type": 30.0,
    "passport": 16.0, "region": 28.0, "district": 22.0, "settlement": 20.0, "programme": 44.0, "level": 20.0, "course": 8.0,
    "group": 12.0, "form": 16.0, "funding": 30.0, "faculty": 30.0, "address": 34.0, "email": 24.0, "phone": 16.0,
    "status": 20.0, "kind": 13.0, "sender": 24.0, "grade": 9.0, "key": 12.0, "order_number": 16.0, "dormitory": 11.0,
}  # fmt: skip
# Where the importer understands more than the list has.
LOOSE = {"programme", "citizenship", "sender"}
NEEDED = {
    "students": {"last_name", "first_name", "sex", "born", "programme", "form", "funding"},
    "interns": {"last_name", "first_name", "kind", "sender", "starts_on", "ends_on"},
}
NOTES: dict[str, Any] = {
    "last_name": _l("Как в документе, русскими буквами"),
    "first_name": _l("Имя полностью, без инициалов"),
    "patronymic": _l("Если есть"),
    "sex": _l("Выберите из списка"),
    "born": _l("День, месяц и год, например 27.03.2007"),
    "iin": _l("12 цифр. Столбец текстовый: нули в начале сохраняются. Без ИИН нужен номер документа"),
    "document_type": _l("Выберите из списка. Если пусто, вид узнаётся по номеру"),
    "passport": _l("Паспорт Казахстана — буква N и 8 цифр, удостоверение — 9 цифр"),
    "citizenship": _l("Если пусто, Казахстан"),
    "region": _l("Где студент жил до поступления: область или город республиканского значения"),
    "district": _l("Выберите из списка. Район с таким же названием в другом регионе различается по региону"),
    "programme": _l("Код и название. Кода, которого нет в списке, можно написать с названием"),
    "level": _l("Если пусто, уровень узнаётся по коду направления"),
    "course": _l("Год обучения числом"),
    "form": _l("Выберите из списка"),
    "funding": _l("Выберите из списка"),
    "order_number": _l("Без приказа студент будет внесён по списку"),
    "order_date": _l("День подписания приказа"),
    "enrolled_on": _l("Если пусто, день подписания приказа"),
    "status": _l("Если пусто, студент обучается. Выбытие вносят приказом, а не списком"),
    "phone": _l("С кодом страны, например +77010000001"),
    "dormitory": _l("Живёт в общежитии вуза"),
    "record_book": _l("Если пусто, реестр даст следующий номер"),
    "last_name_lat": _l("Как в паспорте"),
    "first_name_lat": _l("Как в паспорте"),
    "kind": _l("Практика студента или стажировка специалиста"),
    "sender": _l("Для практики — вуз из списка, для стажировки — организация в Казахстане"),
    "starts_on": _l("Первый день, например 01.06.2026"),
    "ends_on": _l("Последний день, например 30.06.2026"),
    "mentor": _l("Фамилия и инициалы того, кто отвечает за практиканта"),
    "position": _l("Для стажировки"),
    "hours_planned": _l("Целое число на весь срок"),
    "hours": _l("Целое число на весь срок"),
    "briefing_on": _l("День инструктажа. Без него практика не считается начатой"),
    "grade": _l("От 2 до 5, после последнего дня"),
    "hired": _l("Что решило предприятие после практики"),
}


@dataclass(frozen=True)
class Layout:
    """The columns of one kind, with what helps to fill them in and the row of the example."""

    fields: tuple[str, ...]
    columns: list[Column]
    guides: list[Guide]
    example: list[object]


def layout(kind: str, universities: Universities | None = None) -> Layout:
    """Of a kind of list. `universities` are those that an intern may come from."""
    headings = words.STUDENT_HEADINGS if kind == "students" else words.INTERN_HEADINGS
    example = words.STUDENT_EXAMPLE if kind == "students" else words.INTERN_EXAMPLE
    choices = _of_students() if kind == "students" else _of_interns(universities)
    fields = tuple(headings)
    return Layout(
        fields,
        [
            Column(
                name, headings[name], "date" if name in DAYS else "int" if name in NUMBERS else "text",
                width=13.0 if name in DAYS else WIDTHS.get(name, 20.0), digit_text=name in DIGITS,
            )
            for name in fields
        ],
        [
            Guide(
                str(NOTES.get(name, "")), choices.get(name, ()), is_strict=name not in LOOSE,
                is_required=name in NEEDED[kind], is_hidden=name == "key", length=LENGTHS.get(name, 0),
            )
            for name in fields
        ],
        [example[name] for name in fields],
    )  # fmt: skip


def _of_students() -> dict[str, Sequence[str]]:
    documents, statuses = classifiers.document_types(), classifiers.statuses()
    return {
        "sex": tuple(words.SEXES.values()),
        "document_type": [documents[code].name_ru for code in IDENTITY],
        "citizenship": list(country_names().values()),
        "region": [region.name_ru for region in classifiers.regions().values()],
        "district": sorted({district.name_ru for district in classifiers.districts().values()}),
        "programme": [str(programme) for programme in classifiers.programmes().values()],
        "level": [level.name_ru for level in classifiers.levels().values()],
        "course": [str(number) for number in range(1, 8)],
        "form": [form.name_ru for form in classifiers.study_forms().values()],
        "funding": [funding.name_ru for funding in classifiers.fundings().values()],
        "status": [status.name_ru for status in statuses.values() if status.in_contingent],
        "dormitory": tuple(words.YES_NO.values()),
    }


def _of_interns(universities: Universities | None) -> dict[str, Sequence[str]]:
    names = [name for _code, name in universities.choices] if universities else []
    return {
        "kind": tuple(words.KINDS.values()),
        "sender": list(dict.fromkeys(names)),
        "sex": tuple(words.SEXES.values()),
        "grade": ("5", "4", "3", "2"),
        "hired": tuple(words.OUTCOMES.values()),
    }
