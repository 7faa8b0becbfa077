"""Forms of transfers: asking for a student, sending one, enrolling whom one was sent, declining."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.students import examination, rules
from exchange.students.fields import Choice, Day, LongText, RoomForm, Text, Tick
from exchange.students.student_form import StudentForm
from exchange.web.forms import VersionField


class AskForm(RoomForm):
    """Whom the new university asks for: typed again, never carried over in an address."""

    number = Text(_l("ИИН или номер документа"), most=40)
    born = Day(_l("Дата рождения"))
    planned_on = Day(_l("Когда начнёт учиться у вас"), optional=True)
    note = LongText(_l("Примечание для другого вуза"), most=400, optional=True)

    def check(self) -> None:
        if len(self.number.text) < 3:
            self.fail("number", _("Номер не указан. Введите 12 цифр ИИН или номер документа"))
        self.read_texts(("number", "note"))
        self.read_day("born", _l("Дата рождения не указана. Введите день, месяц и год, например 27.3.2007"), birth=True)
        planned = self.read_day("planned_on")
        if planned and planned > rules.add_months(self.today, 12):
            self.fail("planned_on", _("Эта дата больше чем через год. Проверьте дату"))


class SendForm(RoomForm):
    """How the old university lets go. `has_left`: the order of leaving is on file, only the university is chosen."""

    to = Choice(_l("Принимающий вуз"), options=list, empty=_l("Вуз не из реестра"), optional=True)
    host = Text(_l("Название вуза, если его нет в списке"), most=200, optional=True)
    number = Text(_l("Номер приказа"), most=60)
    signed_on = Day(_l("Дата приказа"))
    effective_on = Day(_l("Отчисление с"))
    has_history = Tick(_l("Передать историю обучения"))
    note = LongText(_l("Примечание для принимающего вуза"), most=400, optional=True)
    version = VersionField()

    def __init__(self, *args: Any, receivers: list[tuple[str, str]], has_left: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.receivers, self.has_left = receivers, has_left
        self.to.options = lambda: receivers

    def check(self) -> None:
        self.read_texts(("host", "number", "note"))
        code = self.read_choice(
            "to", dict(self.receivers), _l("Такого вуза в реестре нет. Выберите его из списка"), required=False
        )
        if self.has_left:
            if not code:
                self.fail("to", _("Принимающий вуз не выбран. Выберите его из списка"))
            return
        if not code and not self.host.text:
            self.fail("to", _("Принимающий вуз не указан. Выберите его из списка или введите название"))
        elif not code and self.host.text.casefold() in {name.casefold() for _code, name in self.receivers}:
            self.fail("to", _("Этот вуз есть в реестре. Выберите его из списка: тогда он получит студента"))
        examination.check_paper(self)

    def values(self) -> list[tuple[str, str]]:
        """Everything that was typed, for the hidden fields of the page that asks once more."""
        found = [
            (f.name, str(f.data)) for f in self if f.name not in ("has_history", "csrf_token") and f.data not in (None, "")
        ]
        found += [(f"confirm_{name}", "1") for name in self.warnings]
        return [*found, ("has_history", "1")] if self.has_history.data else found


class AcceptForm(StudentForm):
    """The own enrolment of the new university; the person is the one who was sent."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_known_person = True
        self.order_type.data = "enrolment_transfer"


class ReasonForm(RoomForm):
    """Why a transfer is declined."""

    reason = LongText(_l("Причина"), most=400)
    version = VersionField()

    def check(self) -> None:
        self.read_texts(("reason",))
        if not self.reason.text:
            self.fail("reason", _("Причина не указана. Напишите, почему отказываете: её увидит другой вуз"))
