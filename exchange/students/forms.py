"""Forms of students: a new one, corrections of a card, an order of each kind, an annulment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.files.forms import ScanField
from exchange.reference import classifiers
from exchange.reference.labels import label
from exchange.students import examination, order_kinds, rules
from exchange.students.examination import NAMES
from exchange.students.fields import (
    Choice,
    Day,
    LongText,
    Lookup,
    RoomForm,
    Text,
    Tick,
    course_options,
    funding_options,
    language,
    named,
)
from exchange.students.order_kinds import Kind
from exchange.students.student_form import PersonFields
from exchange.web.forms import VersionField

LEAVE_GROUNDS = {
    "family": _l("По семейным обстоятельствам"),
    "medical": _l("По медицинским показаниям"),
    order_kinds.MILITARY: _l("В связи с военной службой"),
    "other": _l("По другой причине"),
}
RETURNS = {"yes": _l("Да"), "no": _l("Нет"), "unknown": _l("Пока не знает")}
INITIATIVES = {
    "org": _l("По решению вуза"),
    "student": _l("По желанию студента"),
    "none": _l("Не зависит от сторон"),
}


def ground_options() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Grounds of expulsion under the heading of who decided."""
    return [
        (
            heading,
            [
                (code, label(ground, language()))
                for code, ground in classifiers.expulsion_grounds().items()
                if ground.initiative == initiative and code not in rules.OTHER_ORDERS
            ],
        )
        for initiative, heading in INITIATIVES.items()
    ]


class OrderForm(RoomForm):
    """An order of one kind: number, date, the day it works from, and the fields of its kind alone."""

    number = Text(_l("Номер приказа"), most=60)
    signed_on = Day(_l("Дата приказа"))
    effective_on = Day(_l("Действует с"))
    course = Choice(_l("Курс"), options=course_options, empty=_l("Без изменений"), optional=True)
    group = Text(_l("Группа"), most=40, optional=True)
    programme = Lookup(_l("Направление подготовки"))
    level = Choice(_l("Уровень"), options=named(classifiers.levels), empty=_l("По коду направления"), optional=True)
    form = Choice(_l("Форма обучения"), options=named(classifiers.study_forms), empty=_l("Не выбрана"))
    funding = Choice(_l("Оплата обучения"), options=funding_options, empty=_l("Не выбрана"))
    leave_ground = Choice(_l("Основание"), options=lambda: list(LEAVE_GROUNDS.items()), empty=_l("Не выбрано"))
    until = Day(_l("Последний день"))
    host = Text(_l("Куда: вуз"), most=200)
    place = Text(_l("Место практики"), most=200)
    last_name = Text(_l("Фамилия"))
    first_name = Text(_l("Имя"))
    patronymic = Text(_l("Отчество"), optional=True)
    last_name_kk = Text(_l("Фамилия на казахском"), optional=True)
    first_name_kk = Text(_l("Имя на казахском"), optional=True)
    patronymic_kk = Text(_l("Отчество на казахском"), optional=True)
    last_name_lat = Text(_l("Фамилия латиницей"), optional=True)
    first_name_lat = Text(_l("Имя латиницей"), optional=True)
    ground = Choice(_l("Чьё решение и причина"), options=ground_options, empty=_l("Не выбрано"))
    explanation = LongText(_l("Пояснение"), most=400, optional=True)
    will_return = Choice(
        _l("Планирует вернуться"), options=lambda: list(RETURNS.items()), empty=_l("Не указано"), optional=True
    )
    honours = Tick(_l("Диплом с отличием"))
    scan_file = ScanField(_l("Скан приказа"))

    def __init__(
        self, *args: Any, kind: Kind, facts: dict[str, Any], names: dict[str, str], status: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.facts, self.names, self.status = kind, facts, names, status
        self.effective_on.label.text = kind.since
        if kind.type_code in ("course_transfer", "reinstatement"):
            self.course.empty, self.course.flags.optional = _l("Не выбран"), None

    @property
    def shown(self) -> tuple[str, ...]:
        return self.kind.fields

    def begin(self) -> None:
        """What the form opens with: today, the next course, what is studied now, the present names."""
        self.signed_on.show(self.today)
        course = self.facts.get("course")
        if self.kind.type_code == "course_transfer" and course:
            self.course.data = str(course + 1)
        for name in ("programme", "level", "form", "funding"):
            if name in self.shown:
                self._fields[name].data = self.facts.get(f"{name}_code") or ""
        if self.kind.type_code == "reinstatement":
            self.course.data = str(course or "")
        for name, value in self.names.items():
            if name in self.shown:
                self._fields[name].data = value

    def check(self) -> None:
        self.read_texts(["number", *(n for n in ("group", "host", "place", "explanation") if n in self.shown)])
        examination.check_paper(self)
        for name in self.shown:
            getattr(self, f"_check_{name}", lambda: None)()
        if "last_name" in self.shown:
            examination.check_names(self)
            examination.forgive(self, self.names)
            if all(self._fields[name].data == value for name, value in self.names.items()):
                self.fail("last_name", _("ФИО те же, что и сейчас. Измените фамилию, имя или отчество"))

    def _check_programme(self) -> None:
        code = self.find_programme()
        level = self.read_choice("level", classifiers.levels(), _l("Такого уровня нет. Выберите из списка"), required=False)
        if code and not level and not self.level.errors:
            level = self.level.data = classifiers.programmes()[code].level_code or self.facts["level_code"]
        if code and level and not rules.level_fits(code, level):
            self.fail("level", rules.level_sentence(code))

    def _check_form(self) -> None:
        self.read_choice("form", classifiers.study_forms(), rules.MISSING["form"])

    def _check_funding(self) -> None:
        code = self.read_choice("funding", classifiers.fundings(), rules.MISSING["funding"])
        if code and self.kind.type_code == "funding_transfer" and code == self.facts["funding_code"]:
            self.fail("funding", _("Оплата та же, что и сейчас. Выберите другую"))

    def _check_course(self) -> None:
        study = self._study()
        most = rules.courses(study["programme_code"], study["level_code"], study["form_code"])
        self.read_course(most, required=self.kind.type_code in ("course_transfer", "reinstatement"))

    def _check_leave_ground(self) -> None:
        self.read_choice("leave_ground", LEAVE_GROUNDS, _l("Основание отпуска не выбрано. Выберите его из списка"))

    def _check_until(self) -> None:
        until, begun = self.read_day("until", rules.MISSING["until"]), self.effective_on.day
        if until and begun:
            examination.keep(self, rules.check_end, self.event(), begun, until, self.leave_ground.data)

    def _check_host(self) -> None:
        if not self.host.text:
            self.fail("host", rules.MISSING["host"])

    def _check_place(self) -> None:
        if not self.place.text:
            self.fail("place", _("Место практики не указано. Введите название предприятия или отдела вуза"))

    def _check_ground(self) -> None:
        said = {"ground": self.ground.data, "explanation": self.explanation.text}
        examination.keep(self, rules.check_expulsion, self.event(), said)
        if self.ground.data == "discipline" and self.status.endswith("_leave"):
            self.warn("ground", _("Во время отпуска дисциплинарное отчисление запрещено: 273-ФЗ, статья 43, часть 9"))

    def _check_will_return(self) -> None:
        self.read_choice("will_return", RETURNS, _l("Такого ответа нет. Выберите из списка"), required=False)

    def _study(self) -> dict[str, Any]:
        """What will be studied: what the order says, else what is studied now."""
        said = {f"{n}_code": self._fields[n].data for n in ("programme", "level", "form", "funding") if n in self.shown}
        return {**self.facts, **{name: code for name, code in said.items() if code}}

    def fields(self) -> dict[str, Any]:
        """What the order sets, as it is kept with its line."""
        said: dict[str, Any] = {}
        for name in self.shown:
            field = self._fields[name]
            if name in ("programme", "level", "form", "funding"):
                said[f"{name}_code"] = field.data
            elif name == "course":
                said["course"] = int(field.data) if (field.data or "").isdecimal() else None
            elif name == "group":
                said["group_name"] = field.text
            elif name == "until":
                said["until"] = field.day.isoformat() if field.day else None
            elif name == "honours":
                said[name] = bool(field.data)
            else:
                said[name] = " ".join((field.data or "").split())
        if self.kind.type_code == "expulsion":
            said["initiative"] = classifiers.expulsion_grounds()[said["ground"]].initiative
        if "last_name" in self.shown:
            return said  # an empty patronymic says that there is none
        return {name: value for name, value in said.items() if value not in (None, "")}

    def event(self) -> str:
        return order_kinds.event_of(self.kind, {"leave_ground": self.leave_ground.data, "ground": self.ground.data})

    def values(self) -> list[tuple[str, str]]:
        """Everything that was typed, for the hidden fields of the page that asks once more."""
        names = ["number", "signed_on", "effective_on", *self.shown]
        return [
            (name, "1" if self._fields[name].data is True else str(self._fields[name].data))
            for name in names
            if self._fields[name].data not in (None, "", False)
        ] + [(f"confirm_{name}", "1") for name in self.warnings]


class AnnulForm(RoomForm):
    """The order that annuls an order, and why."""

    number = Text(_l("Номер приказа об отмене"), most=60)
    signed_on = Day(_l("Дата приказа об отмене"))
    reason = LongText(_l("Причина"), most=400)

    def check(self) -> None:
        examination.keep(self, rules.check_number, self.number.text)
        if not self.reason.text:
            self.fail("reason", rules.MISSING["reason"])
        self.read_texts(("number", "reason"))
        if signed := self.read_day("signed_on", rules.MISSING["signed_on"]):
            examination.keep(self, rules.check_signed, signed, self.today)


# Fields of the card that two people may change at once; numbers of documents are not among them: an empty one is kept.
MERGED = (
    *NAMES, "sex", "born", "citizenship", "is_rf_citizen", "region", "district", "settlement", "phone", "email", "address",
    "dormitory", "record_book", "faculty", "planned_end", "note",
)  # fmt: skip
TICKS = ("is_rf_citizen", "dormitory")


class EditForm(PersonFields):
    """Corrections of a card. An empty IIN, document or SNILS means: as it is."""

    record_book = Text(_l("Номер дела"), most=40)
    faculty = Text(_l("Институт или факультет"), most=200, optional=True)
    planned_end = Day(_l("Плановый выпуск"), optional=True)
    note = LongText(_l("Заметка"), most=1000, optional=True)
    version = VersionField()

    def __init__(self, *args: Any, opened: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened = opened or {}

    def open_with(self, values: dict[str, str]) -> None:
        for name, value in values.items():
            self._fields[name].data = bool(value) if name in TICKS else value

    def check(self) -> None:
        examination.check_names(self)
        examination.forgive(self, self.opened)
        examination.check_facts(self)
        if (self.iin.data or "").strip():
            examination.check_iin(self)
        examination.check_document(self)
        examination.check_contacts(self)
        self.read_texts(
            ("settlement", "document_issued_by", "phone", "email", "address", "snils", "record_book", "faculty", "note")
        )
        if not self.record_book.text:
            self.fail("record_book", rules.MISSING["record_book"])
        self.read_day("planned_end")
        examination.check_age(self, self.today)

    def card(self) -> dict[str, Any]:
        """Contacts and particulars of the file."""
        values = {
            "phone": self.phone.text, "email": self.email.text, "address": self.address.text,
            "is_in_dormitory": bool(self.dormitory.data), "record_book_no": self.record_book.text, "faculty": self.faculty.text,
            "planned_end_on": self.planned_end.day, "note": (self.note.data or "").strip(),
        }  # fmt: skip
        return {**values, **({"snils": self.snils.data} if self.snils.data else {})}

    def person(self) -> dict[str, Any]:
        """Facts, and the number or the document when one was typed."""
        values = self.facts()
        if self.iin.data:
            values |= {"iin": self.iin.data, "iin_needs_check": self.iin_needs_check}
        if documents := self.documents():
            values["document"] = documents[0]
        return values

    def strings(self) -> dict[str, str]:
        """What is in the fields, as texts to compare."""
        return {
            name: ("1" if self._fields[name].data else "") if name in TICKS else str(self._fields[name].data or "").strip()
            for name in MERGED
        }


def card_strings(person: Any, facts: Any, student: Any) -> dict[str, str]:
    """The card as it is kept, as texts of the form's fields."""

    def day(value: dt.date | None) -> str:
        return f"{value:%d.%m.%Y}" if value else ""

    columns: Sequence[Any] = (
        facts.surname, facts.name, facts.patronymic, facts.surname_kk, facts.name_kk, facts.patronymic_kk, facts.surname_lat,
        facts.name_lat, facts.sex, day(facts.birth_date), facts.citizenship, "1" if facts.is_rf_citizen else "",
        facts.region_code or "", facts.district_code or "", facts.settlement, person.phone, person.email, person.address,
        "1" if person.is_in_dormitory else "", student.record_book_no, student.faculty, day(student.planned_end_on),
        student.note,
    )  # fmt: skip
    return dict(zip(MERGED, columns, strict=True))
