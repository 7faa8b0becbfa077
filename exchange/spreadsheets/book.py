"""What the reader gives back: a book of sheets of plain values, or the reason why not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext


@dataclass(frozen=True)
class CellError:
    """A cell in which Excel shows an error (#N/A) or whose stored number is none."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class NoCachedValue:
    """A formula that was never calculated: the program that wrote the file left no value."""

    formula: str

    def __str__(self) -> str:
        return "=" + self.formula


Value = str | int | float | dt.date | dt.datetime | dt.time | dt.timedelta | CellError | NoCachedValue
Cell = Value | None


@dataclass
class SheetRead:
    """One sheet. Rows without a value are left out; a row is as long as its last value; numbers are those that Excel shows.

    merged: (top, left, bottom, right), cut to the cells in use. skipped_formulas: (row, column) of each NoCachedValue.
    truncated: a hidden sheet longer than the limit, of which only the beginning is here.
    """

    name: str
    hidden: bool
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    skipped_formulas: list[tuple[int, int]] = field(default_factory=list)
    truncated: bool = False


@dataclass
class Book:
    """An upload that was read. kind: xlsx, ods or csv; encoding is known for csv only."""

    sheets: list[SheetRead]
    kind: str
    encoding: str | None
    sha256: str
    size: int


class Unreadable(Exception):
    """The file cannot be taken; `str()` is a sentence for the person, `code` is stable, `note` is for the operator's log."""

    def __init__(self, code: str, *, note: str = "", **details: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.note = note
        self.details = details

    @property
    def message(self) -> str:
        """The sentence, in the language of whoever reads it."""
        return str(_sentence(self.code, self.details))

    def __str__(self) -> str:
        return self.message


def _grouped(number: int | str) -> str:
    return f"{number:,}".replace(",", "\u00a0") if isinstance(number, int) else number


def column_letters(number: int) -> str:
    """1 is A, 28 is AB."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _sentence(code: str, details: dict[str, int | str]) -> object:
    most = _grouped(details.get("most", ""))
    row = details.get("row", 0)
    match code:
        case "too_many_rows" if "over" in details:
            return _(
                "В файле больше %(over)s строк, за раз принимается %(most)s. Разделите файл на части",
                over=_grouped(details["over"]),
                most=most,
            )
        case "too_many_rows":
            found = int(details.get("found", 0))
            return ngettext(
                "В файле %(found)s строка, за раз принимается %(most)s. Разделите файл на части",
                "В файле %(found)s строк, за раз принимается %(most)s. Разделите файл на части",
                found,
                found=_grouped(found),
                most=most,
            )
        case "too_large":
            return _("Файл должен быть меньше %(most)s МБ", most=most)
        case "too_many_columns":
            cell = f"{column_letters(int(details.get('column', 0)))}{row}"
            return _(
                "В ячейке %(cell)s есть значение, а принимается не больше %(most)s столбцов. Удалите лишние столбцы",
                cell=cell,
                most=most,
            )
        case "too_many_sheets":
            return _("В файле больше %(most)s листов. Оставьте листы с данными", most=most)
        case "long_text" if row:
            return _("В строке %(row)s есть ячейка длиннее 32 767 знаков. Сократите её", row=row)
        case "open_quote":
            return _("Кавычка, открытая в строке %(row)s файла, не закрыта. Закройте или удалите её", row=row)
    sentences = {
        "missing": _("Файл не найден или не открывается. Проверьте путь к файлу"),
        "empty": _("Файл пустой. Выберите файл с таблицей"),
        "wrong_kind": _("Файл должен быть .xlsx, .ods или .csv"),
        "old_format": _("Формат .xls устарел. В Excel: Файл → Сохранить как → Книга Excel (.xlsx)"),
        "other_format": _("Эта книга не в формате .xlsx или .ods. В Excel: Файл → Сохранить как → Книга Excel (.xlsx)"),
        "web_page": _("В файле веб-страница, а не таблица Excel. В Excel: Файл → Сохранить как → Книга Excel (.xlsx)"),
        "password": _("Файл защищён паролем. Снимите пароль и загрузите снова"),
        "encoding": _("Кодировка файла не распознана. В Excel: Файл → Сохранить как → Книга Excel (.xlsx)"),
        "no_table": _("На листах нет таблицы с данными. Нужна строка с заголовками: ФИО, дата рождения и другие"),
        "long_text": _("В файле есть ячейка длиннее 32 767 знаков. Сократите её"),
        "too_much_text": _("В файле слишком много текста. Разделите файл на части"),
        "too_many_cells": _("В файле слишком много ячеек. Скопируйте таблицу на лист новой книги и загрузите её"),
        "bomb": _("Файл разворачивается в слишком большой объём. Скопируйте таблицу на лист новой книги и загрузите её"),
        "declarations": _("В файле есть вставки, которых в книгах Excel не бывает. Откройте его в Excel и сохраните как .xlsx"),
        "too_complex": _("Файл слишком сложный для проверки. Скопируйте таблицу на лист новой книги и загрузите её"),
        "unavailable": _("Сейчас файлы не проверяются. Повторите через минуту"),
    }
    return sentences.get(code) or _("Файл повреждён. Откройте его в Excel, сохраните как .xlsx и загрузите снова")
