"""Forms of an identity document and of a guardian."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.particulars import codes
from exchange.particulars.fields import GroupForm
from exchange.particulars.forms import listed
from exchange.particulars.shown import Shown
from exchange.people.actions import Document
from exchange.people.models import Guardian, IdentityDocument
from exchange.reference import classifiers
from exchange.students import examination
from exchange.students.fields import Cell, Choice, Day, RoomForm, Text, Tick, named
from exchange.students.student_form import IDENTITY


class DocumentForm(RoomForm):
    """An identity document. On the form of a known one an empty number means: as it is."""

    document_type = Choice(
        _l("Документ"), options=named(classifiers.document_types, only=IDENTITY), empty=_l("По номеру"), optional=True
    )
    passport = Text(_l("Номер"), most=60, description=_l("Например, N12345678"))
    document_issued_by = Text(_l("Кем выдан"), most=200, optional=True)
    document_issued_on = Day(_l("Дата выдачи"), optional=True)
    document_valid_until = Day(_l("Действителен до"), optional=True)
    is_presented = Tick(_l("Студент предъявляет этот документ сейчас"))

    def __init__(self, *args: Any, around: Any, known: IdentityDocument | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.around, self.known = around, known

    def begin(self, document: IdentityDocument) -> None:
        """What is known, without the number."""
        self.document_type.data, self.document_issued_by.data = document.type_code, document.issued_by
        self.document_issued_on.show(document.issued_on)
        self.document_valid_until.show(document.valid_until)
        self.is_presented.data = document.is_presented

    def check(self) -> None:
        self.read_texts(["passport", "document_issued_by"])
        keeps = self.known is not None and not (self.passport.data or "").strip()
        if not keeps and not (self.passport.data or "").strip():
            self.fail("passport", _("Номер документа не указан. Введите его"))
            return
        if keeps and self.known is not None and self.document_type.data != self.known.type_code:
            self.fail("passport", _("Вид документа изменён: введите и номер"))
            return
        self.born = Cell("born", "", 60)
        self.born.day = self.around.facts.birth_date
        kept = self.passport.data
        if keeps and self.known is not None:
            self.passport.data = self.known.number
        examination.check_document(self)
        if keeps:
            self.passport.data = kept
            self.suggestions.pop("passport", None)
        until = self.document_valid_until.day
        if self.is_presented.data and until and until < self.today:
            self.warn("document_valid_until", _("Документ просрочен. Проверьте срок или снимите отметку"))

    def said(self) -> Shown:
        document = Document(
            self.document_type.data or "", self.passport.data or "", self.document_issued_by.text, self.document_issued_on.day,
            self.document_valid_until.day,
        )  # fmt: skip
        return Shown(document, bool(self.is_presented.data))


class GuardianForm(GroupForm):
    """Who acts for a student who is under 18."""

    COLUMNS = {
        "name": "name", "relation": "relation", "document": "document", "phone": "phone", "since": "since", "until": "until",
    }  # fmt: skip
    SECRET = ("document",)
    name = Text(_l("Фамилия, имя, отчество"), most=200)
    relation = Choice(_l("Кем приходится"), options=listed(codes.RELATIONS), empty=_l("Не выбрано"))
    document = Text(
        _l("Документ"), most=200, optional=True, description=_l("Вид и номер, например акт об опеке 15 от 3.2.2024")
    )
    phone = Text(_l("Телефон"), most=40, optional=True)
    since = Day(_l("Представляет с"))
    until = Day(_l("По какой день"), optional=True, description=_l("Пусто: до 18 лет"))

    def begin(self, guardian: Guardian) -> None:
        """What is known, without the number of the document."""
        self.name.data, self.relation.data, self.phone.data = guardian.name, guardian.relation, guardian.phone
        self.since.show(guardian.since)
        self.until.show(guardian.until)

    def check(self) -> None:
        self.read_texts(["name", "document", "phone"])
        if not self.name.text:
            self.fail("name", _("Имя не указано. Введите фамилию, имя и отчество представителя"))
        self.read_choice("relation", codes.RELATIONS, _("Не выбрано, кем приходится. Выберите из списка"))
        self.read_phone("phone")
        self.read_day("since", _("День не указан. Введите, с какого дня представляет, например 1.9.2026"))
        self.read_day("until")
