"""What would likely be right in place of a cell that is refused: said as a proposal, never taken by itself."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from flask_babel import gettext as _

from exchange.imports import vocabulary
from exchange.imports.problems import Problem, Reading
from exchange.imports.vocabulary_cells import LETTERS_LIKE_DIGITS, OF_EVERY_LINE
from exchange.imports.vocabulary_text import plain
from exchange.people import dates, iin, names
from exchange.reference import classifiers

LIKE = 0.78  # how alike two words must be, from 0 to 1
OLDEST = 60  # nobody's dates in a list are older, in years
DATES = ("born", "order_date", "enrolled_on", "starts_on", "ends_on", "briefing_on", "document_issued_on")
NAMES = ("last_name", "first_name", "patronymic")
CODED: dict[str, Callable[[], Any]] = {
    "region": classifiers.regions,
    "form": classifiers.study_forms,
    "funding": classifiers.fundings,
    "level": classifiers.levels,
    "status": classifiers.statuses,
}


def propose(reading: Reading, today: dt.date) -> None:
    """Gives each error of the row its suggestion, where one is likely."""
    for problem in reading.problems:
        if problem.severity != "error" or problem.twin or problem.target not in (problem.field, "full_name"):
            continue
        text, because = _likely(problem, reading, today)
        if text and text != problem.value:
            problem.suggestion, problem.because = text[:200], because


def _likely(problem: Problem, reading: Reading, today: dt.date) -> tuple[str, str]:
    """The text that may have been meant, and why; two empty texts when nothing is likely."""
    name, text = problem.field, problem.value
    if name in DATES:
        return _date(name, text, reading, today)
    if name == "iin":
        return _number(text, reading)
    if name in NAMES:
        return _name(text)
    if name == "programme":
        return _programme(text, reading)
    if name in CODED:
        return _coded(text, CODED[name]().values())
    return "", ""


# ----------------------------------------------------------------------------------------------------------------- dates
def _date(name: str, text: str, reading: Reading, today: dt.date) -> tuple[str, str]:
    told = iin.examine(str(reading.values.get("iin") or ""))
    if name == "born" and told.is_well_formed and told.birth_date:
        return f"{told.birth_date:%d.%m.%Y}", _("Подсказка по ИИН, проверьте")
    found = dates.parse_date(text, birth=name == "born", today=today)
    if isinstance(found, dates.DateProblem):
        if found.proposal:
            return f"{found.proposal:%d.%m.%Y}", _("Число похоже на дату Excel, проверьте")
        return "", ""
    if name != "born" and (near := _other_year(found, today)):
        return f"{near:%d.%m.%Y}", _("Исправлена вероятная опечатка в годе")
    return "", ""


def _other_year(day: dt.date, today: dt.date) -> dt.date | None:
    """The nearest past day whose year differs in one digit: 2036 was meant to be 2026, 2206 too (two digits changed places)."""
    if today.year - OLDEST < day.year <= today.year:
        return None
    year = f"{day.year:04d}"
    years = {int(year[:place] + digit + year[place + 1 :]) for place in range(4) for digit in "0123456789"}
    years |= {int(year[:place] + year[place + 1] + year[place] + year[place + 2 :]) for place in range(3)}
    past = sorted((one for one in years if today.year - OLDEST < one <= today.year), reverse=True)
    for one in past:
        if (near := _in_year(day, one)) and near <= today:
            return near
    return None


def _in_year(day: dt.date, year: int) -> dt.date | None:
    try:
        return day.replace(year=year)
    except ValueError:
        return None


# --------------------------------------------------------------------------------------------------------------- numbers
def _number(text: str, reading: Reading) -> tuple[str, str]:
    """An IIN with letters in place of digits, or without the zeros that a spreadsheet took off."""
    digits = re.sub(r"\D", "", text.translate(LETTERS_LIKE_DIGITS))
    if not 7 <= len(digits) <= iin.LENGTH:
        return "", ""
    told = iin.examine(digits.zfill(iin.LENGTH))
    if not told.is_well_formed or not _agrees(told, reading):
        return "", ""
    lacks = len(digits) < iin.LENGTH
    return str(told.normalised), _("Возвращены нули в начале, сверьте") if lacks else _("Буквы заменены цифрами, сверьте")


def _agrees(told: iin.IinFinding, reading: Reading) -> bool:
    """Whether the number says the birth date of the row; without one it is enough that the number is well formed."""
    born = str(reading.values.get("born") or "")
    if any(p.field == "born" and p.severity == "error" for p in reading.problems) or not born:
        return True
    return told.birth_date is not None and born == f"{told.birth_date:%d.%m.%Y}"


# ----------------------------------------------------------------------------------------------------------------- words
def _name(text: str) -> tuple[str, str]:
    """A name without the figures, stars and strange letters that stand in it."""
    bare = " ".join(re.sub(r"[\d*_#]+", " ", text).split())
    mended = names.normalise(names.in_one_alphabet(bare))
    if mended and names.is_name(mended) and "." not in mended and len(mended.split()) == len(text.split()):
        return mended, _("Убраны лишние знаки, проверьте")
    return "", ""


def _programme(text: str, reading: Reading) -> tuple[str, str]:
    if sum(sign.isalpha() for sign in text) < 4:
        return "", ""  # a code that is not in the classifier says too little
    near = programmes_like(text, str(reading.values.get("level") or ""))
    return (near[0], _("Похоже по названию, проверьте")) if near else ("", "")


def programmes_like(text: str, level: str = "", limit: int = 6) -> list[str]:
    """«09.03.01 Информатика и вычислительная техника» and others like what was written, the likeliest first.

    Words may be shortened: «Информатика и ВТ» has the first letters of the words that it leaves out.
    """
    words = plain(text)
    if len(words) < 3:
        return []
    found = vocabulary.similar_programmes(text, level or None, limit=4 * limit)
    if not re.search(r"\d\d", text):
        found = sorted(found, key=lambda one: -_likeness(words, plain(one.name_ru)))
    return [str(one) for one in found][:limit]


def _likeness(written: str, official: str) -> float:
    """How well a short writing fits a name: each of its words begins a word of the name, or is made of first letters."""
    long = [word for word in official.split() if len(word) > 2]
    first = "".join(word[0] for word in official.split() if len(word) > 1)
    short = [word for word in written.split() if len(word) > 1]
    fits = sum(any(word[:5] == other[: len(word[:5])] for other in long) or word in first for word in short)
    alike = difflib.SequenceMatcher(None, written, official).ratio()
    return fits / max(1, len(short)) + alike / 2 + (written.split()[:1] == official.split()[:1])


def _coded(text: str, lines: Iterable[Any]) -> tuple[str, str]:
    found = difflib.get_close_matches(_bare(text), list(_by_words(tuple(line.code for line in lines))), n=1, cutoff=LIKE)
    if not found:
        return "", ""
    return _by_words(tuple(line.code for line in lines))[found[0]], _("Похоже на слово справочника, проверьте")


def _bare(text: str) -> str:
    """Words without those that every line of a classifier may have."""
    return " ".join(word for word in plain(text).split() if word not in OF_EVERY_LINE)


@cache
def _by_words(codes: tuple[str, ...]) -> dict[str, str]:
    """Long and short names of the lines with these codes -> the word to write instead."""
    lines = [line for loader in CODED.values() for line in loader().values() if line.code in codes]
    return {_bare(words): line.name_ru for line in lines for words in (line.name_ru, line.short_ru) if words}
