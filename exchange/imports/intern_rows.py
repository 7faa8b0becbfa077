"""A row of an enterprise's list of interns as values for the intern form."""

from __future__ import annotations

import datetime as dt
import re

from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.imports.problems import Reading
from exchange.imports.reading import begin, plain, read_coded, read_date, read_iin, read_names, read_texts
from exchange.imports.tables import Row, text_of
from exchange.internships.vocabulary import outcome_of

OUTCOME = {True: "hired", False: "no"}


def read(row: Row, *, today: dt.date) -> Reading:
    """Everything that a row of interns says."""
    reading = begin(row)
    read_names(reading)
    born = read_date(reading, "born", birth=True, today=today) if "born" in row.cells else None
    read_iin(reading, born)
    if (text := plain(row.cells.get("sex"))) and (sex := vocabulary.sex(text)):
        reading.values["sex"] = sex
    read_coded(
        reading,
        "kind",
        vocabulary.kind,
        lambda text: _("Не нашли вид «%(text)s». Напишите «практика» или «стажировка»", text=text),
    )
    for name in ("starts_on", "ends_on", "briefing_on"):
        if name in row.cells:
            read_date(reading, name, today=today)
    if "period" in row.cells and not ("starts_on" in row.cells or "ends_on" in row.cells):
        days = vocabulary.period(row.cells["period"])
        if days is None:
            reading.remark(
                "starts_on",
                _("«%(text)s» не похоже на срок. Напишите, например, 01.06.2026–30.06.2026", text=plain(row.cells["period"])),
            )
        else:
            reading.values |= {"starts_on": f"{days[0]:%d.%m.%Y}", "ends_on": f"{days[1]:%d.%m.%Y}"}
    for name in ("hours_planned", "hours"):
        if text := plain(row.cells.get(name)):
            reading.values[name] = re.sub(r"[.,]0+$|\.$", "", text)
    if text := plain(row.cells.get("hired")) or text_of(row.cells.get("hired")):
        answer = vocabulary.yes_no(text)
        outcome = OUTCOME[answer] if answer is not None else outcome_of(text)
        reading.values["hired"] = outcome
        if not outcome:
            reading.warn("hired", _("«%(text)s» не похоже на ответ. Напишите «да» или «нет»", text=text))
    read_texts(reading, "grade", "sender", "department", "mentor", "position", "programme", "phone", "email", "employer_bin")
    return reading
