"""What stands in the cells, field by field, as values for the same form that a person fills."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.imports.problems import Reading
from exchange.imports.tables import Row, text_of
from exchange.imports.vocabulary_cells import AFTER_DATE, AROUND_IIN, NOTHING, NUMBER_AMONG_WORDS
from exchange.people import dates, documents, iin, names
from exchange.spreadsheets.book import Cell, CellError, NoCachedValue

# «1. Ахметов», «Ахметова*»: marks of the list around a name
_MARKS = re.compile(r"^\d{1,4}\s*[.)]\s*|[\s*]+$")


def plain(cell: Cell) -> str:
    """The text of a cell; a dash or «нет» stands for nothing."""
    text = text_of(cell)
    return "" if text.lower().strip(" .") in NOTHING else text


def begin(row: Row) -> Reading:
    """A reading of a row in which cells with errors of Excel are already remarked."""
    reading = Reading(row)
    for name, cell in row.cells.items():
        if not isinstance(cell, CellError | NoCachedValue):
            continue
        sentence = (
            _("В ячейке ошибка Excel %(error)s. Введите значение", error=cell.text)
            if isinstance(cell, CellError)
            else _("В ячейке формула без значения. Откройте файл в Excel, сохраните и загрузите снова")
        )
        reading.remark("last_name" if name == "full_name" else name, sentence)
        row.cells[name] = None
    return reading


def read_names(reading: Reading) -> None:
    """Surname, given name, patronymic: from three columns or from one."""
    cells = reading.row.cells
    parts = {name: _MARKS.sub("", plain(cells.get(name))) for name in ("last_name", "first_name", "patronymic")}
    if not parts["last_name"] and (full := _MARKS.sub("", plain(cells.get("full_name")))):
        surname, name, patronymic = names.split_full_name(full)
        parts = {"last_name": surname or "", "first_name": parts["first_name"] or name or "", "patronymic": patronymic or ""}
    elif not parts["last_name"] and "last_name" not in cells and len(parts["first_name"].split()) > 1:
        # «Имя» alone, with the whole name under it
        surname, name, patronymic = names.split_full_name(parts["first_name"])
        parts = {"last_name": surname, "first_name": name, "patronymic": patronymic or parts["patronymic"]}
    if not parts["first_name"]:
        parts = _names_in_one(reading, parts)
    for key, value in parts.items():
        reading.values[key] = names.normalise(value) if value else ""
    for key in ("last_name_kk", "first_name_kk", "patronymic_kk"):
        if value := plain(cells.get(key)):
            reading.values[key] = names.normalise(value)
    for key in ("last_name_lat", "first_name_lat"):
        if value := plain(cells.get(key)):
            reading.values[key] = value.upper()
    if (latin := plain(cells.get("latin_name"))) and len(latin.split()) >= 2:
        reading.values["last_name_lat"], reading.values["first_name_lat"] = latin.upper().split()[:2]


def _names_in_one(reading: Reading, parts: dict[str, str]) -> dict[str, str]:
    """The whole name under «Фамилия», when nothing stands under «Имя»."""
    surname, name, patronymic = names.split_full_name(parts["last_name"])
    if not name or (not patronymic and parts["patronymic"]):
        return parts
    if "first_name" in reading.row.columns:
        reading.warn("last_name", _("Фамилия, имя и отчество стояли в одной ячейке. Проверьте, верно ли они разделены"))
    return {"last_name": surname, "first_name": name, "patronymic": patronymic or parts["patronymic"]}


def read_date(reading: Reading, name: str, *, birth: bool = False, today: dt.date) -> dt.date | None:
    """A date: a true one, a text in any usual form, or Excel's serial number. What is no date stays as typed for the form."""
    cell = reading.row.cells.get(name)
    found: Any = None
    if isinstance(cell, dt.datetime):
        found = cell.date()
    elif isinstance(cell, dt.date):
        found = cell
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and 20000 <= cell <= 60000:
        found = dates.excel_serial(int(cell))
    elif text := text_of(cell):
        if re.fullmatch(r"[2-5]\d{4}", text):
            found = dates.excel_serial(int(text))
        else:
            found = dates.parse_date(AFTER_DATE.sub("", text), birth=birth, today=today)
    if isinstance(found, dt.date):
        reading.values[name] = f"{found:%d.%m.%Y}"
        return found
    reading.values[name] = text_of(cell) if birth else plain(cell)
    return None


def read_iin(reading: Reading, born: dt.date | None) -> None:
    """An IIN; zeros that a spreadsheet took off are put back when the check digit and the birth date agree."""
    cell = reading.row.cells.get("iin")
    text = AROUND_IIN.sub("", re.sub(r"[.,]0+$", "", plain(cell)).lower()).upper()
    if isinstance(cell, int | float):
        text = str(int(cell)) if math.isfinite(cell) else text_of(cell)
    elif re.fullmatch(r"\d[.,]\d+E\+?\d\d", plain(cell), re.IGNORECASE):
        text = iin.restore_zeros(plain(cell), born) or text_of(cell)
    reading.values["iin"] = text
    if not text:
        return
    if text.isdigit() and 7 <= len(text) < 12:
        restored = iin.restore_zeros(text, born) if born else None
        if restored:
            reading.values["iin"] = restored
            reading.warn("iin", _("В ИИН не хватало нулей в начале: восстановлено %(iin)s. Сверьте с документом", iin=restored))
        elif born is None:
            # the birth date itself is in error and is said; the number can be judged when it is mended
            reading.values["iin"] = text.zfill(12)


def read_document(reading: Reading) -> None:
    """An identity document: Cyrillic look-alikes and spaces are mended and said."""
    text = plain(reading.row.cells.get("passport"))
    if not text:
        reading.values["passport"] = ""
        return
    told = vocabulary.document_type(plain(reading.row.cells.get("document_type")))
    if told and documents.examine_document(told, text).error is None:
        kind: str | None = told
    else:
        kind = documents.guess_type(text)
    if kind is None and (among := NUMBER_AMONG_WORDS.search(text)):
        text = among.group()
        kind = documents.guess_type(text)
    kind = kind or "kz_passport"
    normalised, error, repaired = documents.examine_document(kind, text)
    reading.values["passport"] = normalised or text
    reading.values["document_type"] = kind
    if repaired and not error:
        reading.warn(
            "passport", _("Номер документа исправлен: «%(was)s» → «%(now)s». Сверьте с документом", was=text, now=normalised)
        )


def read_coded(
    reading: Reading, name: str, recognise: Callable[[str], str | None], unknown: Callable[[str], str], default: str = ""
) -> str:
    """A coded value: recognised from the words of the file, or refused with the words of the file."""
    text = plain(reading.row.cells.get(name))
    if not text:
        reading.values[name] = default
        return default
    code = recognise(text)
    if code is None:
        reading.remark(name, unknown(text))
        reading.values[name] = ""
        return ""
    reading.values[name] = code
    return code


def read_order(reading: Reading, today: dt.date) -> None:
    """Number and date of the order of enrolment, joined in one cell or apart."""
    cells = reading.row.cells
    number, signed = plain(cells.get("order_number")), None
    if joined := plain(cells.get("order")):
        found = vocabulary.order(joined)
        number = number or found.number or ""
        if isinstance(found.date, dt.date):
            signed = found.date
        elif found.date is not None and found.date.code == "impossible":
            reading.remark("order_date", _("Даты приказа «%(text)s» не бывает. Проверьте день и месяц", text=joined[:60]))
    if "order_date" in cells:
        signed = read_date(reading, "order_date", today=today) or signed
    enrolled = read_date(reading, "enrolled_on", today=today) if "enrolled_on" in cells else None
    if number and isinstance((parts := vocabulary.order(number)).date, dt.date) and parts.number:
        number, signed = parts.number, signed or parts.date
    reading.values["order_number"] = re.sub(r"^№\s*", "", number)
    if signed or enrolled:
        reading.values["order_date"] = f"{signed or enrolled:%d.%m.%Y}"
        reading.values["enrolled_on"] = f"{enrolled or signed:%d.%m.%Y}"
    elif not number and not any(plain(cells.get(name)) for name in ("key", "order", "order_date", "enrolled_on")):
        # (a row with a key is of somebody who is in the register already)
        reading.warn(
            "order_number",
            _("Приказ о зачислении не указан: студент внесён по списку. Чтобы записать приказ, добавьте его номер и дату"),
        )


def read_texts(reading: Reading, *fields: str) -> None:
    for name in fields:
        if name in reading.row.cells:
            reading.values[name] = plain(reading.row.cells[name])
