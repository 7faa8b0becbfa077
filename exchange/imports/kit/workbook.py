"""A template as a workbook: empty, or with the records of an organisation as of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from flask_babel import gettext as _

from exchange.imports.kit import vocabulary as words
from exchange.imports.kit.columns import layout
from exchange.imports.kit.records import Row, in_order
from exchange.imports.kit.stamp import VERSION, Stamp
from exchange.internships.universities import Universities
from exchange.spreadsheets.entry import EntryBook
from exchange.spreadsheets.sheet import Properties, Sheet

TYPED_ROWS = 1_000  # ready to be typed below what is filled


def template(
    kind: str,
    organisation: tuple[str, str],
    day: dt.date,
    rows: Sequence[Row] | None = None,
    universities: Universities | None = None,
    author: str = "",
) -> EntryBook:
    """Of a kind of list, for an organisation (code and short name). `rows`: its records of that day; None: an empty one."""
    code, name = organisation
    shape = layout(kind, universities)
    filled = rows or ()
    title = _("Список студентов") if kind == "students" else _("Список практикантов и стажёров")
    # a filled one speaks of its day; an empty one of the day on which it comes
    said = (
        _("Состояние на %(day)s. Если данные на другой день, исправьте дату здесь", day=f"{day:%d.%m.%Y}")
        if rows is not None
        else _("Заполните строки ниже примера. Как заполнять, сказано на втором листе")
    )
    return EntryBook(
        sheet=Sheet(
            title=words.STUDENTS if kind == "students" else words.INTERNS, columns=shape.columns,
            rows=in_order(filled, shape.fields), count=len(filled), heading=f"{title}: {name}", subtitle=said,
            name="Template", freeze=3,
        ),
        guides=shape.guides, example=shape.example, stamp=Stamp(kind, VERSION, day, code, name, rows is not None).lines(),
        steps=_steps(kind, rows is not None), guide=words.GUIDE, lists=words.LISTS, mark=words.MARK, room=TYPED_ROWS,
        properties=Properties(title=title, author=author),
        footer=_("Содержит персональные данные") if filled else "",
    )  # fmt: skip


def _steps(kind: str, is_filled: bool) -> list[str]:
    """What to do with it, one sentence or two a step."""
    steps = [
        _("Пишите в строки под заголовками, каждый человек — одна строка. Тёмные заголовки — обязательные столбцы."),
        _("Строка «Пример» не загружается. Её можно оставить или удалить."),
        _("Где есть стрелка, выберите значение из списка. Даты пишите как 27.03.2007."),
    ]
    if is_filled:
        steps += [
            _("Исправляйте только то, что изменилось. Пустая ячейка ничего не меняет, удалённая строка никого не отчисляет."),
            _students_stay() if kind == "students" else _interns_stay(),
        ]
    steps.append(
        _("Сохраните файл как .xlsx и загрузите в разделе «Загрузки». Сначала он проверяется, в реестр его записываете вы.")
        if kind == "students"
        else _(
            "Сохраните файл как .xlsx. Загрузите его сами в разделе «Загрузки» или отправьте тому, "
            "у кого есть доступ к реестру предприятия."
        )
    )
    return steps


def _students_stay() -> str:
    return _(
        "Список меняет учёбу (направление, курс, группу, форму, оплату, статус), факультет, телефон, почту, адрес и добавляет "
        "документ. Имена, дату рождения и остальное исправляют в карточке студента."
    )


def _interns_stay() -> str:
    return _("Список дополняет пустые поля записи. Что уже записано, меняют в карточке практиканта.")
