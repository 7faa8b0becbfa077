"""A row of a roster of students as values for the student form."""

from __future__ import annotations

import datetime as dt
import re

from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.imports.problems import Reading
from exchange.imports.reading import (
    begin,
    plain,
    read_coded,
    read_date,
    read_document,
    read_iin,
    read_names,
    read_order,
    read_texts,
)
from exchange.imports.tables import Row
from exchange.people import iin as iins
from exchange.reference import classifiers


def read(row: Row, *, as_of_on: dt.date, today: dt.date) -> Reading:
    """Everything that a row of students says; what can't be understood is remarked with the words of the file."""
    reading = begin(row)
    read_names(reading)
    born = read_date(reading, "born", birth=True, today=today)
    read_iin(reading, born)
    read_document(reading)
    for name in ("document_valid_until", "document_issued_on", "planned_end"):
        if name in row.cells:
            read_date(reading, name, today=today)
    _read_sex(reading)
    _read_origin(reading)
    _read_studies(reading)
    read_order(reading, today)
    read_texts(
        reading, "group", "phone", "email", "faculty", "record_book", "address", "dormitory", "snils", "document_issued_by"
    )
    if not reading.values.get("faculty") and re.search(r"факультет|институт", row.section, re.I):
        reading.values["faculty"] = row.section[:200]
    _read_status(reading, as_of_on)
    if not reading.values["iin"] and reading.values.get("passport") and not reading.is_rejected:
        reading.warn("iin", _("ИИН не указан: человек определён по документу"))
    return reading


def _read_sex(reading: Reading) -> None:
    text = plain(reading.row.cells.get("sex"))
    code = vocabulary.sex(text) if text else None
    if code is None:
        guess = iins.examine(reading.values["iin"]).sex if reading.values["iin"] else None
        if text and guess is None:
            reading.remark("sex", _("«%(text)s» не похоже на пол. Напишите «м» или «ж»", text=text))
        elif guess is not None:
            code = guess
            reading.warn("sex", _("Пол взят из ИИН: проверьте"))
    reading.values["sex"] = code or ""


def _read_origin(reading: Reading) -> None:
    country = plain(reading.row.cells.get("citizenship"))
    code = vocabulary.citizenship(country) if country else "KZ"
    if code is None:
        reading.remark("citizenship", _("Не нашли страну «%(text)s». Напишите, например, «Казахстан»", text=country))
    elif code != "KZ":
        reading.warn("citizenship", _("Не гражданин Казахстана: в численность не войдёт"))
    reading.values["citizenship"] = code or ""
    read_coded(
        reading,
        "region",
        vocabulary.region,
        lambda text: _("Не нашли регион Казахстана «%(text)s». Напишите область или город республиканского значения", text=text),
    )
    if not reading.values["region"] and not reading.is_rejected:
        reading.warn("region", _("Регион не указан: в отчёте по регионам студент будет в строке «Не указан»"))
    if settlement := plain(reading.row.cells.get("settlement")):
        reading.values["settlement"] = settlement


def _read_studies(reading: Reading) -> None:
    cells, values = reading.row.cells, reading.values
    level_text = plain(cells.get("level"))
    level = vocabulary.level(level_text) if level_text else None
    if level_text and level is None:
        reading.remark("level", _("Не нашли уровень «%(text)s». Напишите, например, «бакалавриат»", text=level_text))
    code, name = plain(cells.get("programme_code")), plain(cells.get("programme_name"))
    both = plain(cells.get("programme"))
    if both and not code:
        if match := re.match(r"\s*(\d{1,2}\.\d{1,2}\.\d{1,2})[\s.,:;–—-]*(.*)", both, re.S):
            code, name = match[1], match[2] or name
        else:
            name = both
    elif both and not name:
        name = both
    programme, problem = vocabulary.programme(code, name, level) if code or name else (None, None)
    if programme is None and (code or name):
        shown = " ".join(part for part in (code, name) if part)
        reading.remark(
            "programme",
            _("Такого направления нет в справочнике: «%(text)s». Проверьте код, например 09.03.01", text=shown),
        )
    elif problem:
        reading.warn("programme", problem)
    values["programme"] = programme.code if programme else ""
    values["level"] = level or (programme.level_code if programme else "") or ""
    read_coded(
        reading, "form", vocabulary.form, lambda text: _("Не нашли форму обучения «%(text)s». Напишите «очная», «заочная» или «очно-заочная»", text=text)
    )
    read_coded(
        reading,
        "funding",
        vocabulary.funding,
        lambda text: _("Не нашли источник оплаты «%(text)s». Напишите «бюджет», «квота» или «договор»", text=text),
    )
    _read_course(reading)


def _read_course(reading: Reading) -> None:
    text = plain(reading.row.cells.get("course"))
    number = vocabulary.course(text) if text else vocabulary.course(reading.row.section) if "курс" in reading.row.section.lower() else None
    if text and number is None:
        reading.remark("course", _("«%(text)s» не похоже на курс. Напишите число, например 2", text=text))
    reading.values["course"] = "" if number is None else str(number)


def _read_status(reading: Reading, as_of_on: dt.date) -> None:
    """A status is stated by the roster only where it still is one of the contingent; leaving needs an order."""
    text = plain(reading.row.cells.get("status"))
    code = vocabulary.status(text) if text else "studying"
    status = classifiers.statuses().get(code) if code else None
    if text and status is None:
        reading.warn("status", _("Состояние «%(text)s» не распознано: студент записан как обучающийся", text=text))
        code = "studying"
    elif status is not None and not status.in_contingent:
        reading.remark(
            "status", _("«%(text)s»: выбытие вносят приказом в карточке студента, а не списком. Уберите строку", text=text)
        )
    reading.values["status"] = code or "studying"
