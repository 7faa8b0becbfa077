"""Forms of the groups of the tab: names, birth, numbers, contacts, background, the file, the enrolment, what came after."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.particulars import codes
from exchange.particulars.fields import GroupForm
from exchange.people import iin as iins
from exchange.people.inn import examine_inn
from exchange.reference import classifiers
from exchange.students import examination, rules
from exchange.students.fields import Cell, Choice, Day, LongText, Text, Tick, country_options, named
from exchange.students.order_kinds import NAMED
from exchange.students.student_form import district_options, sex_options

NOT_SAID = _l("Не указано")


def listed(items: dict[str, Any]) -> Any:
    return lambda: list(items.items())


class NamesForm(GroupForm):
    """Corrections of names. A name that changed is not corrected: it holds from a day."""

    COLUMNS = dict(NAMED)
    last_name = Text(_l("Фамилия"))
    first_name = Text(_l("Имя"))
    patronymic = Text(_l("Отчество"), optional=True)
    last_name_kk = Text(_l("Фамилия на казахском"), optional=True)
    first_name_kk = Text(_l("Имя на казахском"), optional=True)
    patronymic_kk = Text(_l("Отчество на казахском"), optional=True)
    last_name_lat = Text(_l("Фамилия латиницей"), optional=True)
    first_name_lat = Text(_l("Имя латиницей"), optional=True)

    known: dict[str, str] = {}

    def check(self) -> None:
        examination.check_names(self)
        examination.forgive(self, self.known)


class BirthForm(GroupForm):
    """Sex, birth, citizenship and origin: mistakes are corrected here; a new citizenship holds from a day."""

    COLUMNS = {
        "sex": "sex", "born": "birth_date", "birth_place": "birth_place", "citizenship": "citizenship",
        "is_rf_citizen": "is_rf_citizen", "region": "region_code", "district": "district_code", "settlement": "settlement",
    }  # fmt: skip
    sex = Choice(_l("Пол"), options=sex_options, empty=_l("Не выбран"))
    born = Day(_l("Дата рождения"))
    birth_place = Text(_l("Место рождения"), most=200, optional=True)
    citizenship = Choice(_l("Гражданство"), options=country_options, empty=_l("Не выбрано"))
    is_rf_citizen = Tick(_l("Есть также гражданство России"))
    region = Choice(_l("Регион Казахстана"), options=named(classifiers.regions), empty=_l("Не выбран"))
    district = Choice(_l("Район"), options=district_options, empty=_l("Не указан"), optional=True)
    settlement = Text(_l("Населённый пункт"), most=120, optional=True)

    def check(self) -> None:
        self.read_texts(["birth_place", "settlement"])
        examination.check_facts(self)
        examination.check_age(self, self.today)

    def values(self) -> dict[str, Any]:
        found = super().values()
        return {**found, "region_code": found["region_code"] or None, "district_code": found["district_code"] or None}


class NumbersForm(GroupForm):
    """IIN, SNILS, INN. An empty field means: as it is."""

    COLUMNS = {"iin": "iin", "snils": "snils", "inn": "inn"}
    SECRET = ("iin", "snils", "inn")
    iin = Text(_l("ИИН"), most=40, optional=True)
    snils = Text(_l("СНИЛС"), most=20, optional=True)
    inn = Text(_l("ИНН, Россия"), most=20, optional=True)

    iin_needs_check = False

    def check(self) -> None:
        self.read_texts(self.COLUMNS)
        if (self.iin.data or "").strip() and not self.iin.errors:
            self._check_iin()
        if (self.snils.data or "").strip() and not self.snils.errors:
            self.phone, self.email = Cell("phone", "", 40), Cell("email", "", 40)
            examination.check_contacts(self)
        inn, error = examine_inn(self.inn.data)
        if error is None:
            self.inn.data = inn
        elif error != "empty":
            self.fail("inn", _("ИНН человека — 12 цифр с контрольным числом. Сверьте номер со свидетельством"))

    def _check_iin(self) -> None:
        """The number itself; where it says another birth or sex than the card, it is asked once more."""
        finding, facts = iins.examine((self.iin.data or "")[:60]), self.around.facts
        self.born, self.sex = Cell("born", f"{facts.birth_date:%d.%m.%Y}", 60), Cell("sex", facts.sex, 1)
        examination.check_iin(self)
        if finding.error is None and finding.birth_date and finding.birth_date != facts.birth_date:
            day = f"{finding.birth_date:%d.%m.%Y}"
            self.warn("iin", _("По ИИН похоже на %(day)s. Совпадение не обязательно: сверьтесь с удостоверением", day=day))
        if finding.error is None and finding.sex and finding.sex != facts.sex:
            words = _("мужской") if finding.sex == "M" else _("женский")
            self.warn("iin", _("По ИИН пол %(sex)s. Сверьтесь с удостоверением", sex=words))
        for name in ("born", "sex"):
            self.warnings.pop(name, None)
            self.suggestions.pop(name, None)


class ContactsForm(GroupForm):
    """How to reach the person here and in Kazakhstan."""

    COLUMNS = {
        "phone": "phone", "phone_kz": "phone_kz", "email": "email", "messenger": "messenger", "address": "address",
        "dormitory": "is_in_dormitory", "room": "room",
    }  # fmt: skip
    phone = Text(_l("Телефон"), most=40, optional=True)
    phone_kz = Text(_l("Телефон в Казахстане"), most=40, optional=True)
    email = Text(_l("Почта"), most=255, optional=True)
    messenger = Text(_l("Мессенджер"), most=100, optional=True, description=_l("Какой и имя в нём, например Telegram @aigerim"))
    address = Text(_l("Адрес в крае"), most=300, optional=True)
    dormitory = Tick(_l("Живёт в общежитии"))
    room = Text(_l("Общежитие и комната"), most=40, optional=True, description=_l("Например, общежитие 4, комната 512"))

    def check(self) -> None:
        self.read_texts(name for name in self.COLUMNS if name != "dormitory")
        self.snils = Cell("snils", "", 20)
        examination.check_contacts(self)
        self.read_phone("phone_kz")
        if self.room.text and not self.dormitory.data:
            self.fail("room", _("Комната указана, а отметки «Живёт в общежитии» нет. Поставьте отметку или очистите поле"))


class CloseForm(GroupForm):
    """Whom to call when something happens: a third person, who is to know of it."""

    COLUMNS = {"close_name": "close_name", "close_relation": "close_relation", "close_phone": "close_phone"}
    close_name = Text(_l("Фамилия и имя"), most=200, optional=True)
    close_relation = Text(
        _l("Кем приходится"), most=60, optional=True, description=_l("Например, мать, тётя, сосед по комнате")
    )
    close_phone = Text(_l("Телефон"), most=40, optional=True)

    def check(self) -> None:
        self.read_all()
        self.read_phone("close_phone")
        if (self.close_phone.text or self.close_relation.text) and not self.close_name.text:
            self.fail("close_name", _("Имя не указано. Введите, кого спросить по телефону"))
        if self.close_name.text and not self.close_phone.text:
            self.fail("close_phone", _("Телефон не указан. Введите номер с кодом страны, например +7 777 123-45-67"))


class BackgroundForm(GroupForm):
    """School and languages."""

    COLUMNS = {
        "school": "school", "school_year": "school_year", "native_language": "native_language",
        "russian_level": "russian_level", "compatriot": "compatriot",
    }  # fmt: skip
    YEARS = ("school_year",)
    school = Text(_l("Окончил в РК"), most=300, optional=True, description=_l("Школа, лицей или колледж"))
    school_year = Text(_l("Год окончания"), most=4, optional=True)
    native_language = Choice(_l("Родной язык"), options=listed(codes.NATIVE), empty=NOT_SAID, optional=True)
    russian_level = Choice(_l("Уровень русского языка"), options=listed(codes.RUSSIAN), empty=NOT_SAID, optional=True)
    compatriot = Choice(
        _l("Соотечественник"), options=listed(codes.COMPATRIOT), empty=NOT_SAID, optional=True,
        description=_l("99-ФЗ, статья 17. Национальность не указывают"),
    )  # fmt: skip

    def check(self) -> None:
        self.read_all()
        year = self.school_year.data
        if year and not self.school_year.errors and int(year) < self.around.facts.birth_date.year + 10:
            self.fail("school_year", _("Год окончания слишком близок к году рождения. Исправьте год"))


class FileForm(GroupForm):
    """The personal file of the enrolment."""

    COLUMNS = {"record_book": "record_book_no", "faculty": "faculty", "planned_end": "planned_end_on", "note": "note"}
    record_book = Text(_l("Номер дела"), most=40)
    faculty = Text(_l("Институт или факультет"), most=200, optional=True)
    planned_end = Day(_l("Плановый выпуск"), optional=True)
    note = LongText(_l("Заметка"), most=1000, optional=True)

    def check(self) -> None:
        self.read_all()
        if not self.record_book.text:
            self.fail("record_book", rules.MISSING["record_book"])

    def values(self) -> dict[str, Any]:
        return {**super().values(), "note": (self.note.data or "").strip()}


class StudyForm(GroupForm):
    """The enrolment beyond its orders: language, contract, quota, earlier education, scholarship."""

    COLUMNS = {
        name: name for name in (
            "language", "accredited", "contract_no", "contract_on", "contract_payer", "quota_ref", "quota_year", "prior_type",
            "prior_series", "prior_number", "prior_on", "prior_country", "prior_recognition", "scholarship", "partner",
            "curator",
        )
    }  # fmt: skip
    YEARS = ("quota_year",)
    language = Choice(_l("Язык обучения"), options=listed(codes.LANGUAGES), empty=NOT_SAID, optional=True)
    accredited = Choice(
        _l("Программа аккредитована"), options=listed(codes.YES_NO), empty=NOT_SAID, optional=True,
        description=_l("Нужно для продления срока пребывания"),
    )  # fmt: skip
    contract_no = Text(_l("Номер договора"), most=60, optional=True)
    contract_on = Day(_l("Дата договора"), optional=True)
    contract_payer = Text(_l("Кто платит по договору"), most=200, optional=True)
    quota_ref = Text(_l("Номер направления или досье Россотрудничества"), most=60, optional=True)
    quota_year = Text(_l("Год квоты"), most=4, optional=True)
    prior_type = Choice(_l("Документ о предыдущем образовании"), options=listed(codes.PRIOR), empty=NOT_SAID, optional=True)
    prior_series = Text(_l("Серия"), most=20, optional=True)
    prior_number = Text(_l("Номер"), most=40, optional=True)
    prior_on = Day(_l("Дата выдачи"), optional=True)
    prior_country = Choice(_l("Страна выдачи"), options=country_options, empty=NOT_SAID, optional=True)
    prior_recognition = Choice(
        _l("Признание в России"), options=listed(codes.PRIOR_RECOGNITION), empty=NOT_SAID, optional=True,
        description=_l("Аттестаты и дипломы Казахстана признаются по соглашению 24.11.1998"),
    )  # fmt: skip
    scholarship = Choice(_l("Стипендия"), options=listed(codes.SCHOLARSHIPS), empty=NOT_SAID, optional=True)
    partner = Text(_l("Партнёр программы двойного диплома"), most=200, optional=True)
    curator = Text(_l("Куратор"), most=200, optional=True)

    def check(self) -> None:
        self.read_all()
        funding = self.around.current.funding_code if self.around.current else ""
        group = classifiers.fundings()[funding].group if funding else ""
        if (self.quota_ref.text or self.quota_year.data) and group and group != "quota":
            self.warn("quota_ref", _("Студент учится не по квоте. Проверьте номер или оплату обучения"))
        if (self.contract_no.text or self.contract_on.data or self.contract_payer.text) and group and group != "contract":
            self.warn("contract_no", _("Студент учится не по договору. Проверьте номер или оплату обучения"))
        for name in ("contract_on", "prior_on"):
            day = self._fields[name].day
            if day and day > self.today:
                self.fail(name, _("Дата должна быть не позже сегодняшней. Исправьте дату"))
            elif day and day < self.around.facts.birth_date:
                self.fail(name, _("Дата раньше дня рождения. Исправьте дату"))
        if self.prior_number.text and not self.prior_type.data:
            self.fail("prior_type", _("Вид документа не выбран. Выберите его из списка"))


class OutcomeForm(GroupForm):
    """What came after graduation: the question that both ministries ask."""

    COLUMNS = {
        name: name for name in (
            "outcome", "outcome_country", "outcome_region", "outcome_organisation", "outcome_on", "recognition_kz",
        )
    }  # fmt: skip
    outcome = Choice(_l("Трудоустройство"), options=listed(codes.OUTCOMES), empty=NOT_SAID, optional=True)
    outcome_country = Choice(_l("Страна"), options=country_options, empty=NOT_SAID, optional=True)
    outcome_region = Text(_l("Регион"), most=120, optional=True)
    outcome_organisation = Text(_l("Организация"), most=200, optional=True, description=_l("Где работает или учится"))
    outcome_on = Day(_l("Дата опроса"), optional=True)
    recognition_kz = Choice(
        _l("Признание российского диплома в Казахстане"), options=listed(codes.RECOGNITION_KZ), empty=NOT_SAID, optional=True
    )

    def check(self) -> None:
        self.read_all()
        said, country = self.outcome.data or "", self.outcome_country.data or ""
        own = {"kz": "KZ", "ru": "RU"}.get(said)
        if own and not country:
            self.outcome_country.data = own
        elif own and country != own:
            self.fail("outcome_country", _("Страна не совпадает с ответом о трудоустройстве. Исправьте одно из двух"))
        if said == "other" and country in ("", "KZ", "RU"):
            self.fail("outcome_country", _("Страна не выбрана. Выберите, где работает выпускник"))
        if said and not self.outcome_on.day and not self.outcome_on.errors:
            self.fail("outcome_on", _("Дата опроса не указана. Введите её, например 25.10.2026"))
        if not said and (country or self.outcome_region.text or self.outcome_organisation.text or self.outcome_on.data):
            self.fail("outcome", _("Ответ не выбран. Выберите, чем занят выпускник"))
        if self.outcome_on.day and self.outcome_on.day > self.today:
            self.fail("outcome_on", _("Дата должна быть не позже сегодняшней. Исправьте дату"))
