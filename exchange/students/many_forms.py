"""Forms of orders for many students: the fields of a kind once for all; a paper that is entered before its students."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.reference import classifiers
from exchange.students import rules
from exchange.students.fields import Choice, RoomForm, Text, course_options, named
from exchange.students.forms import OrderForm
from exchange.students.models import Order
from exchange.students.order_kinds import KINDS, MOST, Kind

NEXT = "next"
# Field of the form -> key of what is kept.
KEPT = {
    "programme": "programme_code", "level": "level_code", "form": "form_code", "funding": "funding_code", "group": "group_name",
}  # fmt: skip


def with_next_options() -> list[tuple[str, Any]]:
    return [(NEXT, _("Следующий: у каждого на один больше")), *course_options()]


class ManyForm(OrderForm):
    """An order for many: what would have to differ by student is checked for each of them on the next page."""

    def __init__(self, *args: Any, kind: Kind, paper: Order | None = None, **kwargs: Any) -> None:
        super().__init__(*args, kind=kind, facts={}, names={}, status="", **kwargs)
        self.paper = paper
        if kind.type_code == "course_transfer":
            self.course.options = with_next_options
        if kind.type_code == "program_transfer":
            self.form.empty = _l("Без изменений")
            self.form.flags.optional = self.programme.flags.optional = True
            self.level.empty = _l("По коду направления")

    @property
    def is_next(self) -> bool:
        """Everybody goes one course on."""
        return self.kind.type_code == "course_transfer" and self.course.data == NEXT

    def begin(self) -> None:
        """Today, and the next course."""
        self.signed_on.show(self.today)
        if self.kind.type_code == "course_transfer":
            self.course.data = NEXT

    def join(self, order: Order, effective_on: dt.date | None, said: dict[str, Any]) -> None:
        """Opens with what the order says already."""
        self.paper = order
        self.name_paper()
        self.effective_on.show(effective_on)
        for name in self.shown:
            value = said.get(KEPT.get(name, name))
            if name == "honours":
                self.honours.data = bool(value)
            elif name == "until" and value:
                self.until.show(dt.date.fromisoformat(str(value)[:10]))
            elif value not in (None, ""):
                self._fields[name].data = str(value)
        if self.kind.type_code == "course_transfer":
            self.course.data = NEXT if said.get("course") in (None, "", NEXT) else str(said["course"])

    def name_paper(self) -> None:
        """The number and the date are those of the order that is joined."""
        if self.paper is not None:
            self.number.data = self.paper.number
            self.signed_on.show(self.paper.signed_on)

    def check(self) -> None:
        self.name_paper()
        super().check()
        if self.kind.type_code == "program_transfer" and not self.errors and not self.fields():
            self.fail("programme", _("Ничего не меняется. Заполните хотя бы одно поле"))

    def _check_course(self) -> None:
        if not self.is_next:
            self.read_course(rules.MOST_COURSES, required=self.kind.type_code == "course_transfer")

    def _check_funding(self) -> None:
        self.read_choice("funding", classifiers.fundings(), rules.MISSING["funding"])

    def _check_form(self) -> None:
        self.read_choice("form", classifiers.study_forms(), rules.MISSING["form"], required=False)

    def _check_programme(self) -> None:
        code = self.find_programme(required=False)
        level = self.read_choice("level", classifiers.levels(), _l("Такого уровня нет. Выберите из списка"), required=False)
        if code and not level and not self.level.errors:
            level = self.level.data = classifiers.programmes()[code].level_code or ""
            if not level:
                self.fail("level", _("Уровень не выбран. Выберите его из списка"))
        if code and level and not rules.level_fits(code, level):
            self.fail("level", rules.level_sentence(code))


class PaperForm(ManyForm):
    """A paper before its students: how many names it has is counted down on its page."""

    org = Choice(_l("Вуз или филиал"), options=list)
    expected = Text(_l("Сколько человек в приказе"), most=10)

    def __init__(self, *args: Any, offices: Sequence[tuple[int, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offices = {code: key for key, code, _name in offices}
        self.org.options = lambda: [(code, name) for _key, code, name in offices]
        self.org.empty = _l("Не выбран")
        if len(offices) == 1:
            self.org.data = offices[0][1]

    @property
    def number_of_names(self) -> int:
        text = self.expected.text
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0

    def check(self) -> None:
        super().check()
        self.read_choice("org", self.offices, _l("Вуз не выбран. Выберите, чей это приказ"))
        if not 1 <= self.number_of_names <= MOST:
            self.fail("expected", _("Введите число от 1 до %(most)s, например 37", most=MOST))

    def fields(self) -> dict[str, Any]:
        said = super().fields()
        return {**said, "course": NEXT} if self.is_next else said


class PapersForm(RoomForm):
    """The filters of the list of orders; sent by GET."""

    class Meta(RoomForm.Meta):
        csrf = False

    type = Choice(_l("Вид приказа"), options=named(classifiers.order_types), empty=_l("Любой"))
    number = Text(_l("Номер"), most=60)
    year = Text(_l("Год"), most=10)
    unfinished = Choice(_l("Состав"), options=lambda: [("1", _("Внесены не все"))], empty=_l("Любой"))


def kind_of(order: Order) -> Kind | None:
    """The kind of an order that can be recorded for many; None for the others."""
    kind = KINDS.get(order.type_code)
    return kind if kind is not None and kind.is_for_many else None
