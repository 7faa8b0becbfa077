"""Columns of the list: which there are, which are shown in which order, and what stands in them on a page and in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from exchange.people import iin as iins
from exchange.reference import classifiers
from exchange.spreadsheets.sheet import Column
from exchange.students.views.room import coded, full_name, group_name, moment_words, programme_name
from exchange.web.pages import BARNAUL, day


class Memory(dict[Any, Any]):
    """A dictionary that asks for what it lacks."""

    def __init__(self, ask: Callable[[Any], Any]) -> None:
        super().__init__()
        self.ask = ask

    def __missing__(self, key: Any) -> Any:
        self[key] = found = self.ask(key) if key else ""
        return found


class Words:
    """Names of codes for the rows of a list, each asked for once."""

    def __init__(self, organisations: Sequence[tuple[int, str, str]]) -> None:
        macro: Any = current_app.jinja_env.get_template
        badge = macro("components/records.html").module.badge
        self.nothing = macro("components/lists.html").module.value_or_dash("")
        self.organisation = {key: name for key, _code, name in organisations}
        self.programme = Memory(programme_name)
        self.level = Memory(lambda code: coded("levels", code, short=True))
        self.study = Memory(self._study)
        self.form = Memory(lambda code: coded("study_forms", code))
        self.region = Memory(lambda code: coded("regions", code, short=True))
        self.status = Memory(lambda code: coded("statuses", code, short=True))
        self.badge = Memory(lambda code: badge(code, self.status[code]))
        fundings = classifiers.fundings()
        self.funding = Memory(lambda code: group_name(fundings[code].group) if code in fundings else code)

    def _study(self, key: tuple[str, str]) -> Any:
        return escape(self.programme[key[0]]) + Markup('<span class="s2">') + self.level[key[1]] + Markup("</span>")


def _enrolment(row: Any) -> str:
    if not row.order_number:
        return ""
    return str(_("%(number)s от %(day)s", number=row.order_number, day=day(row.order_signed_on)))


def _address(row: Any) -> str:
    return ", ".join(part for part in (_("общежитие") if row.is_in_dormitory else "", row.address) if part)


@dataclass(frozen=True)
class Kind:
    """A column. `draw` makes its cell on a page; `said` is its name before the cell on phones; `name` its classes."""

    key: str
    label: Any
    draw: Callable[[Any, Words], Any]
    cells: tuple[tuple[Any, ...], ...]  # of a workbook: key, title, kind, width, whether it is digits
    values: Callable[[Any, Words, bool], tuple[Any, ...]]
    said: Any = ""
    name: str = ""
    sort: str = ""
    needs: str = ""

    def workbook(self) -> list[Column]:
        """Its columns in a workbook."""
        return [Column(key, str(title), kind, width=width, digit_text=digits) for key, title, kind, width, digits in self.cells]

    @property
    def attributes(self) -> Markup:
        said = Markup(' data-l="%s"') % self.said if self.said else Markup("")
        return (Markup(' class="%s"') % self.name if self.name else Markup("")) + said


def _plain(key: str, label: Any, draw: Callable[[Any, Words], Any], width: int = 18, **more: Any) -> Kind:
    """A column whose cell in a workbook says what the page says."""
    cells = ((key, label, "text", width, more.pop("digits", False)),)
    return Kind(key, label, draw, cells, lambda row, words, _open: (draw(row, words) or None,), label, "il", **more)


def _dated(key: str, label: Any, date: Callable[[Any], Any], said: Any, sort: str = "") -> Kind:
    cells = ((key, label, "date", None, False),)
    return Kind(
        key, label, lambda row, _w: day(date(row)), cells, lambda row, _w, _o: (date(row),), said, "nowrap", sort
    )  # fmt: skip


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        _dated("born", _l("Дата рождения"), lambda row: row.birth_date, _l("Род."), "birth"),
        Kind("programme", _l("Направление и уровень"), lambda row, w: w.study[row.programme_code, row.level_code],
             (("programme_code", _l("Код направления"), "text", 12, False), ("programme", _l("Направление"), "text", 40, False),
              ("level", _l("Уровень"), "text", 16, False)),
             lambda row, w, _o: (row.programme_code, _programme(row.programme_code), w.level[row.level_code])),
        Kind("course", _l("Курс"), lambda row, _w: row.course, (("course", _l("Курс"), "int", 8, False),),
             lambda row, _w, _o: (row.course,), _l("Курс"), "n il", "course"),
        _plain("region", _l("Регион"), lambda row, w: w.region[row.region_code], 20),
        _plain("funding", _l("Оплата"), lambda row, w: w.funding[row.funding_code], 12),
        _plain("organisation", _l("Вуз"), lambda row, w: w.organisation[row.organisation_id], 20),
        Kind("status", _l("Статус"), lambda row, w: w.badge[row.status_code], (("status", _l("Статус"), "text", 20, False),),
             lambda row, w, _o: (w.status[row.status_code],), "", "il"),
        Kind("updated", _l("Изменено"), lambda row, _w: moment_words(row.updated_at),
             (("updated", _l("Изменено"), "datetime", 18, False),),
             lambda row, _w, _o: (row.updated_at.astimezone(BARNAUL).replace(tzinfo=None),), "",
             "nowrap hide-m muted", "updated"),
        _plain("group", _l("Группа"), lambda row, _w: row.group_name, 12),
        _plain("form", _l("Форма обучения"), lambda row, w: w.form[row.form_code], 16),
        Kind("intake", _l("Год приёма"), lambda row, _w: row.enrolled_on.year if row.enrolled_on else "",
             (("intake", _l("Год приёма"), "int", 8, False),),
             lambda row, _w, _o: (row.enrolled_on.year if row.enrolled_on else None,), _l("Год приёма"), "n il"),
        _plain("enrolment", _l("Приказ о зачислении"), lambda row, _w: _enrolment(row), 26),
        Kind("iin", _l("ИИН"), lambda row, _w: iins.mask(row.iin) if row.iin else "",
             (("iin", _l("ИИН"), "text", 16, True),),
             lambda row, _w, is_open: ((row.iin if is_open else iins.mask(row.iin)) if row.iin else None,),
             _l("ИИН"), "nowrap"),
        _plain("phone", _l("Телефон"), lambda row, _w: row.phone, digits=True, needs="student:reveal"),
        _plain("address", _l("Адрес"), lambda row, _w: _address(row), 36, needs="student:reveal"),
        _dated("document", _l("Документ действует до"), lambda row: row.document_until, _l("Документ до")),
        _dated("planned", _l("Плановый выпуск"), lambda row: row.planned_end_on, _l("Плановый выпуск")),
        _plain("faculty", _l("Институт или факультет"), lambda row, _w: row.faculty, 30),
    )
}  # fmt: skip
USUAL = ("born", "programme", "course", "region", "funding", "organisation", "status", "updated")
NUMERIC = frozenset({"course", "intake"})


def _programme(code: str) -> str:
    known = classifiers.programmes().get(code)
    return known.name if known else ""


def offered(may: Callable[[str], bool]) -> list[str]:
    """Columns that this visitor may have."""
    return [key for key, kind in KINDS.items() if not kind.needs or may(kind.needs)]


def usual(with_organisation: bool) -> tuple[str, ...]:
    """The columns of a list that names none."""
    return tuple(key for key in USUAL if with_organisation or key != "organisation")


def chosen(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The columns that an address names, in its order; none: nothing that can be meant."""
    among = set(known)
    return tuple(key for key in dict.fromkeys(text.split(",")) if key in among)


class Line(NamedTuple):
    """A row of the list, in words. `cells`: (attributes, content) of its columns."""

    public_id: str
    name: str
    latin: str
    record_book: str
    missing: str
    cells: tuple[tuple[Markup, Any], ...]


def lines(rows: Iterable[Any], words: Words, shown: Sequence[str], *, with_missing: bool = False) -> list[Line]:
    """The rows of a page."""
    drawn = [(KINDS[key].attributes, KINDS[key].draw) for key in shown]
    nothing = words.nothing
    return [
        Line(
            row.public_id, full_name(row), f"{row.surname_lat} {row.name_lat}".strip().title(), row.record_book_no,
            _missing(row) if with_missing else "",
            tuple([(attributes, draw(row, words) or nothing) for attributes, draw in drawn]),
        )
        for row in rows
    ]  # fmt: skip


def _missing(row: Any) -> str:
    """What the card would say is missing."""
    if row.iin and row.region_code and (row.phone or row.email) and not getattr(row, "lacks_document", False):
        return ""
    found = [
        "" if row.iin else _("ИИН"),
        _("документ") if getattr(row, "lacks_document", False) else "",
        "" if row.region_code else _("регион"),
        "" if row.phone or row.email else _("телефон или почта"),
    ]
    return ", ".join(part for part in found if part)
