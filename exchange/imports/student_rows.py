"""A row of a roster of students as values for the student form."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext as _

from exchange.imports import event_rows, suggestions, vocabulary
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
from exchange.imports.tables import Row, text_of
from exchange.imports.vocabulary_cells import COURSE, FACULTY, INITIALS
from exchange.people import iin as iins
from exchange.reference import classifiers
from exchange.reference.programmes import Programme


def read(row: Row, *, today: dt.date) -> Reading:
    """Everything that a row of students says; what can't be understood is remarked with the words of the file."""
    reading = begin(row)
    read_names(reading)
    if INITIALS.fullmatch(reading.values["first_name"]):
        told = reading.values["first_name"]
        reading.remark("first_name", _("Вместо имени инициалы «%(text)s». Напишите имя полностью", text=told))
    born = read_date(reading, "born", birth=True, today=today)
    read_iin(reading, born)
    read_document(reading)
    for name in ("document_valid_until", "document_issued_on", "planned_end"):
        if name in row.cells:
            read_date(reading, name, today=today)
    _read_sex(reading)
    _read_origin(reading)
    _read_studies(reading)
    is_order = event_rows.read(reading, today)
    if not is_order:
        read_order(reading, today)
    read_texts(
        reading, "group", "phone", "email", "faculty", "record_book", "address", "dormitory", "snils", "document_issued_by"
    )
    if not reading.values.get("faculty") and FACULTY.search(row.section):
        reading.values["faculty"] = row.section[:200]
    if is_order:
        reading.values["status"] = ""
        # of what an order does not need, nothing is said
        reading.problems = [p for p in reading.problems if p.severity == "error" or p.cell]
        return reading
    _read_status(reading)
    if not reading.values["iin"] and reading.values.get("passport") and not reading.is_rejected:
        reading.warn("iin", _("ИИН не указан: человек определён по документу. Если ИИН есть, добавьте его"))
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
            reading.warn("sex", _("Пол не указан: взят из ИИН. Проверьте"))
    reading.values["sex"] = code or ""


def _read_origin(reading: Reading) -> None:
    country = plain(reading.row.cells.get("citizenship"))
    code = vocabulary.citizenship(country) if country else "KZ"
    if code is None:
        reading.remark("citizenship", _("Не нашли страну «%(text)s». Напишите, например, «Казахстан»", text=country))
    elif code != "KZ":
        reading.warn("citizenship", _("Гражданство не Казахстана: в численность студент не войдёт. Проверьте гражданство"))
    reading.values["citizenship"] = code or ""
    if vocabulary.citizenship(plain(reading.row.cells.get("region"))):
        reading.row.cells["region"] = None  # «Казахстан» names no region
    read_coded(
        reading,
        "region",
        vocabulary.region,
        lambda text: _(
            "Не нашли регион Казахстана «%(text)s». Напишите область или город республиканского значения", text=text
        ),
    )
    _read_district(reading)
    if not reading.values["region"] and not reading.is_rejected:
        reading.warn("region", _("Регион не указан: в отчёте по регионам студент будет в строке «Не указан». Добавьте регион"))
    if settlement := plain(reading.row.cells.get("settlement")):
        reading.values["settlement"] = settlement


def _read_district(reading: Reading) -> None:
    """A district of the region, which it names where the list does not; one that is not found is no reason to refuse."""
    text, values = plain(reading.row.cells.get("district")), reading.values
    if not text:
        return
    code = vocabulary.district(text, values["region"] or None)
    if code is None:
        reading.warn("district", _("Не нашли район «%(text)s»: не записан. Проверьте название и регион", text=text))
        return
    values["district"] = code
    values["region"] = classifiers.districts()[code].region_code


def _read_studies(reading: Reading) -> None:
    cells, values = reading.row.cells, reading.values
    level_text = plain(cells.get("level"))
    level = vocabulary.level(level_text) if level_text else None
    if level_text and level is None:
        reading.remark("level", _("Не нашли уровень «%(text)s». Напишите, например, «бакалавриат»", text=level_text))
    _read_course(reading)
    course = int(values["course"]) if values["course"] else None
    code = cells.get("programme_code") or cells.get("programme")
    name = cells.get("programme_name") or (cells.get("programme") if cells.get("programme_code") else None)
    programme, problem = vocabulary.programme(code, name, level, course)
    if problem in vocabulary.WARNINGS and programme is not None:
        reading.warn("programme", _programme_words(problem, programme))
        values["programme_name"] = programme.name_ru if problem == "unlisted" else ""
    elif problem is not None and problem != "empty":
        shown = " ".join(dict.fromkeys(part for part in (text_of(code), text_of(name)) if part))
        reading.remark("programme" if problem != "level_mismatch" else "level", _refused_words(problem, shown, programme))
    values["programme"] = programme.code if programme else ""
    values["level"] = level or (programme.level_code if programme else "") or ""
    read_coded(
        reading,
        "form",
        vocabulary.form,
        lambda text: _("Не нашли форму обучения «%(text)s». Напишите «очная», «заочная» или «очно-заочная»", text=text),
    )
    read_coded(
        reading,
        "funding",
        vocabulary.funding,
        lambda text: _("Не нашли источник оплаты «%(text)s». Напишите «бюджет», «квота» или «договор»", text=text),
    )


def _programme_words(problem: str, programme: Programme) -> str:
    """What was assumed of a programme."""
    said = {
        "name_mismatch": _(
            "Название не совпадает с кодом: принято %(programme)s. Если верно название, исправьте код", programme=programme
        ),
        "unlisted": _("Кода нет в справочнике: записано как в файле, %(programme)s. Проверьте код", programme=programme),
        "name_guessed": _("Кода нет, название понято как %(programme)s. Если это не так, добавьте код", programme=programme),
        "level_assumed": _(
            "Название есть у бакалавриата и магистратуры: принято %(programme)s. Если это не так, добавьте код",
            programme=programme,
        ),
    }
    return said[problem]


def _refused_words(problem: str, shown: str, programme: Programme | None) -> str:
    """Why a programme can't be taken, with the nearest one where there is one."""
    if problem == "level_mismatch" and programme is not None:
        level = classifiers.levels()[programme.level_code].name_ru.lower() if programme.level_code else ""
        return _("%(code)s — это %(level)s. Измените уровень или направление", code=programme.code, level=level)
    if problem == "ambiguous_name":
        return _("Название «%(text)s» есть у нескольких направлений. Добавьте код, например 09.03.01", text=shown)
    near = suggestions.programmes_like(shown, limit=1)
    if near and problem != "unknown_code":
        return _(
            "Такого направления нет в справочнике: «%(text)s». Похоже на %(near)s. Исправьте код или название",
            text=shown,
            near=near[0],
        )
    return _("Такого направления нет в справочнике: «%(text)s». Проверьте код, например 09.03.01", text=shown)


def _read_course(reading: Reading) -> None:
    text = plain(reading.row.cells.get("course"))
    number = (
        vocabulary.course(text)
        if text
        else vocabulary.course(reading.row.section)
        if COURSE in reading.row.section.lower()
        else None
    )
    if text and number is None:
        reading.remark("course", _("«%(text)s» не похоже на курс. Напишите число, например 2", text=text))
    reading.values["course"] = "" if number is None else str(number)


def _read_status(reading: Reading) -> None:
    """A status is stated by the roster only where it still is one of the contingent; leaving needs an order."""
    text = plain(reading.row.cells.get("status"))
    code = vocabulary.status(text) if text else ""
    status = classifiers.statuses().get(code) if code else None
    if text and status is None:
        reading.warn(
            "status", _("Состояние «%(text)s» не распознано: студент записан как обучающийся. Проверьте слово", text=text)
        )
        code = "studying"
    elif status is not None and not status.in_contingent and not any(p.field == "event" for p in reading.problems):
        reading.remark(
            "status",
            _(
                "«%(text)s»: выбытие вносят приказом. Добавьте столбцы «№ приказа о движении», «Дата приказа о движении» и "
                "«С какого числа» или уберите строку",
                text=text,
            ),
        )
    reading.values["status"] = code or ""
