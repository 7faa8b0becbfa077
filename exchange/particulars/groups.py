"""The groups of the tab in the order of the page: what each is called, its form, and where its columns stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from exchange.particulars import forms
from exchange.particulars.fields import GroupForm, as_text
from exchange.particulars.queries import Around
from exchange.people.actions import FACTS
from exchange.students.actions import CARD, CONTACTS


@dataclass(frozen=True)
class Group:
    """A part of the tab that is edited on a page of its own."""

    code: str
    title: Any
    form: type[GroupForm]
    note: Any = ""
    is_person: bool = True  # the office that keeps the person writes it
    is_closed: bool = False  # shown to those who may see numbers and contacts


_all = (
    Group("names", _l("ФИО"), forms.NamesForm,
          _l("Здесь исправляют ошибки. Если имя сменилось, запишите смену ФИО с даты: прежнее останется в истории.")),
    Group("birth", _l("Рождение и происхождение"), forms.BirthForm,
          _l("Здесь исправляют ошибки. Если гражданство сменилось, запишите смену с даты: прежнее останется в истории.")),
    Group("numbers", _l("Номера"), forms.NumbersForm, _l("Пустое поле оставляет номер как есть."), is_closed=True),
    Group("contacts", _l("Связь и проживание"), forms.ContactsForm, is_closed=True),
    Group("close", _l("Контакт близкого лица"), forms.CloseForm,
          _l("Сообщите этому человеку, что его данные внесены в реестр: 152-ФЗ, статья 18, часть 3."), is_closed=True),
    Group("background", _l("Школа и языки"), forms.BackgroundForm),
    Group("file", _l("Личное дело"), forms.FileForm, is_person=False),
    Group("study", _l("Обучение: ещё"), forms.StudyForm,
          _l("Направление, курс, форма и оплата меняются приказами."), is_person=False),
    Group("outcome", _l("После выпуска"), forms.OutcomeForm, is_person=False),
)  # fmt: skip
GROUPS = {group.code: group for group in _all}


def owner_of(column: str, around: Around) -> Any:
    """The row in which a column stands."""
    if column in FACTS:
        return around.latest
    if column in CONTACTS:
        return around.contacts
    if column in CARD:
        return around.student
    if column == "iin":
        return around.person
    return around.details if hasattr(type(around.details), column) else around.more


def kept_strings(form: GroupForm, around: Around) -> dict[str, str]:
    """The group as it is kept, as texts of the fields of its form."""
    return {name: as_text(getattr(owner_of(form.COLUMNS[name], around), form.COLUMNS[name])) for name in form.merged}
