"""The form of a new student: a page, or a row of a roster filled into the same fields and judged by the same rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.people import names
from exchange.people.actions import Document, Human
from exchange.people.doubles import Candidate
from exchange.reference import classifiers
from exchange.reference.labels import label
from exchange.students import examination, rules
from exchange.students.fields import (
    Choice,
    Day,
    Lookup,
    RoomForm,
    Text,
    Tick,
    country_options,
    course_options,
    funding_options,
    language,
    named,
)
from exchange.students.order_kinds import ENROLMENTS
from exchange.students.registration import Paper, Registration, Stated
from exchange.students.vocabulary import NO_NUMBER

IDENTITY = ("kz_passport", "kz_id", "kz_birth", "rf_passport", "vnzh")
SEXES = {"M": _l("Мужской"), "F": _l("Женский")}
TEXTS = (
    "settlement", "document_issued_by", "phone", "email", "address", "snils", "faculty", "group", "record_book",
    "order_number", "programme_name",
)  # fmt: skip


def sex_options() -> list[tuple[str, Any]]:
    return list(SEXES.items())


def district_options() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Districts under the names of their regions."""
    found: dict[str, list[tuple[str, Any]]] = {code: [] for code in classifiers.regions()}
    for code, district in classifiers.districts().items():
        found[district.region_code].append((code, label(district, language())))
    return [(label(classifiers.regions()[code], language()), districts) for code, districts in found.items() if districts]


def order_options() -> list[tuple[str, Any]]:
    return named(classifiers.order_types, only=ENROLMENTS)()


class PersonFields(RoomForm):
    """What is said of a person, on the form of a new student and on the form of corrections."""

    iin = Text(_l("ИИН"), most=40)
    born = Day(_l("Дата рождения"))
    sex = Choice(_l("Пол"), options=sex_options, empty=_l("Не выбран"))
    no_iin = Tick(_l("У студента нет ИИН"))
    last_name = Text(_l("Фамилия"))
    first_name = Text(_l("Имя"))
    patronymic = Text(_l("Отчество"), optional=True)
    last_name_kk = Text(_l("Фамилия на казахском"), optional=True)
    first_name_kk = Text(_l("Имя на казахском"), optional=True)
    patronymic_kk = Text(_l("Отчество на казахском"), optional=True)
    last_name_lat = Text(_l("Фамилия латиницей"), optional=True)
    first_name_lat = Text(_l("Имя латиницей"), optional=True)
    citizenship = Choice(_l("Гражданство"), options=country_options, empty=_l("Не выбрано"))
    is_rf_citizen = Tick(_l("Есть также гражданство России"))
    region = Choice(_l("Регион Казахстана"), options=named(classifiers.regions), empty=_l("Не выбран"))
    district = Choice(_l("Район"), options=district_options, empty=_l("Не указан"), optional=True)
    settlement = Text(_l("Населённый пункт"), most=120, optional=True)
    document_type = Choice(
        _l("Документ"), options=named(classifiers.document_types, only=IDENTITY), empty=_l("Не выбран"), optional=True
    )
    passport = Text(_l("Номер документа"), most=60, optional=True)
    document_issued_by = Text(_l("Кем выдан"), most=200, optional=True)
    document_issued_on = Day(_l("Дата выдачи"), optional=True)
    document_valid_until = Day(_l("Действителен до"), optional=True)
    phone = Text(_l("Телефон"), most=40, optional=True)
    email = Text(_l("Почта"), most=255, optional=True)
    address = Text(_l("Адрес в крае"), most=300, optional=True)
    dormitory = Tick(_l("Живёт в общежитии"))
    snils = Text(_l("СНИЛС"), most=20, optional=True)

    iin_needs_check = False

    def facts(self) -> dict[str, Any]:
        """Columns of PersonFacts."""
        return {
            "surname": self.last_name.text, "name": self.first_name.text, "patronymic": self.patronymic.text,
            "surname_kk": self.last_name_kk.text, "name_kk": self.first_name_kk.text, "patronymic_kk": self.patronymic_kk.text,
            "surname_lat": self.last_name_lat.text, "name_lat": self.first_name_lat.text, "sex": self.sex.data,
            "birth_date": self.born.day, "citizenship": self.citizenship.data, "is_rf_citizen": bool(self.is_rf_citizen.data),
            "region_code": self.region.data or None, "district_code": self.district.data or None,
            "settlement": self.settlement.text,
        }  # fmt: skip

    def documents(self) -> tuple[Document, ...]:
        if not self.passport.data:
            return ()
        return (
            Document(
                self.document_type.data or "", self.passport.data, self.document_issued_by.text, self.document_issued_on.day,
                self.document_valid_until.day,
            ),
        )  # fmt: skip


class StudentForm(PersonFields):
    """A new student on one page: the person, the studies, the order of enrolment.

    `from_row` fills the same fields from a spreadsheet: there the order, the course and the region may be missing (a roster
    states them), warnings do not refuse, and nothing is asked of the database. `organisations` are the offices to choose from
    (code -> id and name) when there is more than one.
    """

    organisation = Choice(_l("Вуз"), options=list, empty=_l("Не выбран"))
    programme = Lookup(_l("Направление подготовки"))
    programme_name = Text(_l("Название направления"), most=400, optional=True)
    level = Choice(_l("Уровень"), options=named(classifiers.levels), empty=_l("По коду направления"), optional=True)
    form = Choice(_l("Форма обучения"), options=named(classifiers.study_forms), empty=_l("Не выбрана"))
    course = Choice(_l("Курс"), options=course_options, empty=_l("Не выбран"))
    funding = Choice(_l("Оплата обучения"), options=funding_options, empty=_l("Не выбрана"))
    group = Text(_l("Группа"), most=40, optional=True)
    faculty = Text(_l("Институт или факультет"), most=200, optional=True)
    record_book = Text(_l("Номер дела"), most=40, optional=True)
    planned_end = Day(_l("Плановый выпуск"), optional=True)
    order_type = Choice(_l("Вид приказа"), options=order_options, empty=_l("О зачислении"), optional=True)
    order_number = Text(_l("Номер приказа"), most=60)
    order_date = Day(_l("Дата приказа"))
    enrolled_on = Day(_l("Учится с"))

    def __init__(self, *args: Any, organisations: Mapping[str, tuple[int, str]] | None = None, **kwargs: Any) -> None:
        self._prepare(organisations=organisations)
        super().__init__(*args, **kwargs)
        self.organisation.options = lambda: [(code, name) for code, (_key, name) in self.organisations.items()]

    def _prepare(self, **kwargs: Any) -> None:
        self.organisations: dict[str, tuple[int, str]] = dict(kwargs.get("organisations") or {})
        self.is_known_person = False

    def check(self) -> None:
        """Every field, then what fields say together; all faults are found in one pass."""
        if not self.is_known_person:
            examination.check_names(self)
            examination.check_facts(self)
            examination.check_iin(self)
            examination.check_document(self)
            examination.check_contacts(self)
        self.read_texts(TEXTS)
        self._check_organisation()
        self._check_study()
        self._check_order()
        if not self.is_known_person:
            examination.check_age(self, self.enrolled_on.day or self.today)

    def _check_organisation(self) -> None:
        if self.organisations and self.organisation.data not in self.organisations:
            if len(self.organisations) == 1 and not self.organisation.data:
                self.organisation.data = next(iter(self.organisations))
            else:
                self.fail("organisation", _("Вуз не выбран. Выберите его из списка"))

    def _check_study(self) -> None:
        code = self.find_programme()
        level = self.read_choice("level", classifiers.levels(), _l("Такого уровня нет. Выберите из списка"), required=False)
        if code and not level and not self.level.errors:
            programme = classifiers.programmes().get(code) or self.unlisted_programme(code)
            level = self.level.data = (programme.level_code if programme else "") or ""
        if not level and code:
            self.fail("level", _("По коду направления уровень не узнать. Выберите уровень"))
        form = self.read_choice("form", classifiers.study_forms(), rules.MISSING["form"])
        self.read_choice("funding", classifiers.fundings(), rules.MISSING["funding"])
        if code and level and not rules.level_fits(code, level):
            self.fail("level", rules.level_sentence(code))
        known = code and level and not self.level.errors
        self.read_course(rules.courses(code, level, form) if known else rules.MOST_COURSES, required=not self.is_row)

    def _check_order(self) -> None:
        """The paper of the enrolment. A row may lack it: then the roster itself states who studies."""
        row = self.is_row
        number = self.order_number.text
        if not row:
            examination.keep(self, rules.check_number, number, "order_number")
            self.read_choice("order_type", ENROLMENTS, _l("Такого вида приказа нет. Выберите из списка"), required=False)
        signed = self.read_day("order_date", "" if row else rules.MISSING["signed_on"])
        begun = self.read_day("enrolled_on", "" if row else rules.MISSING["enrolled_on"])
        if row and number and not signed and not begun and not self.order_date.errors:
            self.warn("order_date", _("У приказа нет даты: зачисление не записано, студент внесён по списку"))
        if signed:
            examination.keep(self, rules.check_dates, signed, begun or signed, self.today, "order_date", "enrolled_on")
            if begun and not (self.order_date.errors or self.enrolled_on.errors) and abs((begun - signed).days) > 366:
                self.warn("enrolled_on", _("Между приказом и началом учёбы больше года. Проверьте даты"))
        ends = self.read_day("planned_end")
        if ends and begun and ends <= begun:
            self.fail("planned_end", _("Плановый выпуск должен быть позже начала учёбы. Исправьте одну из дат"))

    # ------------------------------------------------------------------------------------- what the actions are given
    def study(self) -> dict[str, Any]:
        """Fields of a study period; a code outside the list goes with the name that the document gives it."""
        code = self.programme.data
        written = {} if code in classifiers.programmes() else {"programme_name": self.programme_name.text}
        return {
            "programme_code": code, **written, "level_code": self.level.data, "form_code": self.form.data,
            "funding_code": self.funding.data, "course": int(self.course.data) if self.course.data else None,
            "group_name": self.group.text,
        }  # fmt: skip

    def human(self) -> Human:
        return Human(
            facts=self.facts(), iin=self.iin.data or None, iin_needs_check=self.iin_needs_check, snils=self.snils.data or None,
            phone=self.phone.text, email=self.email.text, address=self.address.text, is_in_dormitory=bool(self.dormitory.data),
            documents=self.documents(),
        )  # fmt: skip

    def candidate(self, key: Any, organisation_id: int) -> Candidate:
        """Whom to look for among those who are registered."""
        return Candidate(
            key, organisation_id, self.last_name.text, self.first_name.text, self.born.day, self.iin.data or None,
            tuple((d.type_code, d.number) for d in self.documents()),
        )  # fmt: skip

    def registration(self, organisation_id: int, *, stated: Stated | None = None, person_id: int | None = None) -> Registration:
        """What `register_students` is given; call it after `validate`. `stated`: what a roster says as of its day."""
        signed, begun = self.order_date.day, self.enrolled_on.day
        paper = None
        if signed or begun:
            kind = self.order_type.data or "enrolment"
            paper = Paper(kind, self.order_number.text or NO_NUMBER, signed or begun)  # type: ignore[arg-type]
        return Registration(
            organisation_id=organisation_id, study=self.study(), human=None if person_id else self.human(), person_id=person_id,
            paper=paper, enrolled_on=begun or signed, record_book_no=self.record_book.text or None, faculty=self.faculty.text,
            planned_end_on=self.planned_end.day, stated=stated,
        )  # fmt: skip

    @property
    def title(self) -> str:
        return names.initials(self.last_name.text, self.first_name.text, self.patronymic.text)
