"""What cells say besides their value: words for nothing, marks around names, tails of dates, titles of sections."""

from __future__ import annotations

import re

NOTHING = {"-", "–", "—", "нет", "б/о", "н/д", "не указано", "нет данных", "жоқ", "none", "n/a", "отсутствует"}
YES, NO = "да", "нет"
# «N12345678 от 01.02.2020», «паспорт N 12345678, выдан МВД РК»
NUMBER_AMONG_WORDS = re.compile(r"(?<!\w)[NНnн]\s?№?\s?\d{8}(?!\d)|(?<![\d.])\d{9}(?!\d)")
AFTER_DATE = re.compile(r"\s*(?:г\.?\s?р\.?|года\s+рожд\w*|г\.?|года|ж\.?)$")
AROUND_IIN = re.compile(r"^(?:иин|жсн|iin)|[\s\-\u2013.,:'\u2019№]")
# «А.», «А.Б.», «А. Б.» where a name should stand
INITIALS = re.compile(r"\w\.(?:\s*\w\.?)?")
FACULTY = re.compile(r"факультет|институт", re.IGNORECASE)
SECTION = re.compile(r"\d|курс|групп|факультет|институт")
COURSE = "курс"
# What is typed for 0, 1 and 3 by hand
LETTERS_LIKE_DIGITS = str.maketrans({"О": "0", "O": "0", "о": "0", "o": "0", "l": "1", "I": "1", "І": "1", "З": "3", "з": "3"})
# Words that many lines of a classifier have: they do not tell one from another
OF_EVERY_LINE = {"область", "обл", "город", "г", "форма", "обучения"}
# What is written into a cell for a choice of the page
MALE, FEMALE, PRACTICE, INTERNSHIP = "мужской", "женский", "практика", "стажировка"
