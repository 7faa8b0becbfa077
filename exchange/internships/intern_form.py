"""The form of one intern: a page or a row of a spreadsheet, checked by the same rules."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from exchange.internships import rules, vocabulary
from exchange.internships.entry import Entry
from exchange.internships.fields import DayField, HoursField, RoomForm, WordedRadio, WordedSelect
from exchange.internships.stages import GRADES, KINDS, OUTCOMES, Kind
from exchange.internships.universities import Universities, University
from exchange.people import iin as iins
from exchange.people.names import is_name, is_nothing, mixed_scripts, normalise, split_full_name
from exchange.web.forms import NotRequired, ShorterThan, VersionField, choices


def _grade_code(text: str) -> str:
    grade = vocabulary.grade_of(text)
    return "" if grade is None else str(grade)


def _text(label: Any, most: int, **kwargs: Any) -> StringField:
    return StringField(label, [NotRequired(), ShorterThan(most)], **kwargs)


class InternForm(RoomForm):
    """One intern. `InternForm.from_row(values, known=…, today=…)` fills it from a row of a spreadsheet; nothing is queried.

    A row may give `full_name` instead of three names and `sender` (any writing) instead of `university` or `employer`.
    `known` are the universities; `has_iin`: the record keeps an IIN that stays when the field is left empty; `has_weeks`:
    actual hours are the sum of the weeks and are not entered here.
    """

    kind = WordedRadio(
        _l("Кто проходит"),
        choices=choices(KINDS.items()),
        understand=vocabulary.kind_of,
        sentence=_l("Выберите: практика студента или стажировка специалиста"),
    )
    full_name = _text(_l("ФИО"), 300)
    last_name = _text(_l("Фамилия"), 100)
    first_name = _text(_l("Имя"), 100)
    patronymic = _text(_l("Отчество"), 100)
    iin = _text(_l("ИИН"), 40)
    born = DayField(_l("Дата рождения"), [NotRequired()], birth=True)
    sex = WordedSelect(
        _l("Пол"), [NotRequired()], choices=choices((("M", _l("Мужской")), ("F", _l("Женский"))), _l("Не указан")),
        understand=vocabulary.sex_of,
    )  # fmt: skip
    phone = _text(_l("Телефон"), 40)
    email = _text(_l("Электронная почта"), 255)
    sender = _text(_l("Откуда направлен"), 400)
    university = SelectField(_l("Вуз, который направил студента"), [NotRequired()], validate_choice=False)
    employer = _text(_l("Организация в Казахстане"), 200)
    employer_bin = _text(_l("БИН организации"), 40)
    position = _text(_l("Должность"), 200)
    programme = _text(_l("Программа или задание"), 400)
    department = _text(_l("Цех или отдел"), 200)
    mentor = _text(_l("Руководитель от предприятия"), 200)
    mentor_phone = _text(_l("Телефон руководителя"), 40)
    starts_on = DayField(_l("Первый день"))
    ends_on = DayField(_l("Последний день"))
    hours_planned = HoursField(_l("Часов по плану"), [NotRequired()])
    hours = HoursField(_l("Часов пройдено"), [NotRequired()])
    briefing_on = DayField(_l("Инструктаж по охране труда"), [NotRequired()])
    grade = WordedSelect(
        _l("Оценка"), [NotRequired()], choices=choices(((str(g), words) for g, words in GRADES.items()), _l("Нет")),
        understand=_grade_code,
    )  # fmt: skip
    hired = WordedSelect(
        _l("Принят на работу"),
        [NotRequired()],
        choices=choices(OUTCOMES.items(), _l("Не указано")),
        understand=vocabulary.outcome_of,
    )
    version = VersionField()

    def __init__(
        self, *args: Any, known: Universities, has_iin: str | None = None, has_weeks: bool = False, **kwargs: Any
    ) -> None:
        self.known = known
        self.has_iin = has_iin
        self.has_weeks = has_weeks
        self.sending_university: University | None = None
        super().__init__(*args, **kwargs)
        self.university.choices = choices(known.choices, _("Выберите вуз"))

    # -------------------------------------------------------------------------------------------------------- one field
    def validate_grade(self, field: Any) -> None:
        if field.data and not field.data.isdigit():
            raise ValidationError(_("Оценка — число от 2 до 5"))

    def validate_email(self, field: Any) -> None:
        local, at, domain = str(field.data).partition("@")
        if not (at and local and "." in domain.strip(".")) or any(sign.isspace() for sign in field.data):
            raise ValidationError(_("Введите адрес в виде name@example.kz"))

    def validate_employer_bin(self, field: Any) -> None:
        if iins.bin_error(field.data):
            raise ValidationError(_("БИН — 12 цифр. Проверьте номер или оставьте поле пустым"))

    # ---------------------------------------------------------------------------------------------------- several fields
    def validate(self, extra_validators: Any = None) -> bool:
        if self.is_row:
            self._understand_row()
        return super().validate(extra_validators)

    def _understand_row(self) -> None:
        """What files write for «nothing» is nothing; «passed» is no mark of five."""
        for field in self:
            if isinstance(field, StringField) and isinstance(field.data, str) and field.data and is_nothing(field.data):
                self._empty(field)
        mark = str(self.grade.data or "")
        if mark and (is_nothing(mark) or vocabulary.is_passed(mark)):
            if vocabulary.is_passed(mark):
                self.warn("grade", _("«%(mark)s» — не оценка по пятибалльной шкале. Поле останется пустым", mark=mark[:20]))
            self._empty(self.grade)
        for field in (self.hired, self.sex):
            if field.data and not any(sign.isalnum() or sign in "+-" for sign in field.data):
                self._empty(field)

    @staticmethod
    def _empty(field: Any) -> None:
        field.data, field.raw_data = "", [""]

    def check(self) -> None:
        self._check_names()
        self._check_iin()
        self._check_sender()
        self._check_period()

    def _check_names(self) -> None:
        joined = "full_name" if self.full_name.data and not self.last_name.data else ""
        if joined and not self.full_name.errors:
            surname, name, patronymic = split_full_name(self.full_name.data)
            self.last_name.data, self.first_name.data, self.patronymic.data = surname, name, patronymic or ""
        for field, sentence in (
            (self.last_name, _("Введите фамилию")),
            (self.first_name, _("Введите имя")),
            (self.patronymic, ""),
        ):
            where = joined or field.name
            if not field.data or (not sentence and is_nothing(field.data)):
                field.data = ""
                if sentence:
                    self.fail(where, _("Введите фамилию и имя полностью") if joined else sentence)
                continue
            field.data = normalise(field.data)
            mixed = mixed_scripts(field.data)
            if mixed and mixed.proposal and self.is_row:
                self.warn(where, _("Смешаны русские и латинские буквы, записано «%(name)s»", name=mixed.proposal))
                field.data = mixed.proposal
            elif mixed:
                self.fail(
                    where,
                    _(
                        "Смешаны русские и латинские буквы: «%(letters)s». Введите имя одним алфавитом",
                        letters=mixed.letters[:20],
                    ),
                )
            elif not is_name(field.data.replace(".", "")):
                self.fail(where, _("В имени бывают буквы, дефис, пробел и апостроф, не больше 100 знаков. Проверьте"))

    def _check_iin(self) -> None:
        if self.iin.errors:
            return
        born = self.born.day
        text = self.iin.data or ""
        if text and self.is_row:
            text = iins.restore_zeros(text, born) or text
        if not text:
            if born is None and not self.has_iin and self.kind.data == Kind.PRACTICE and not self.born.errors:
                self.warn("iin", _("Без ИИН и даты рождения вуз может не узнать студента"))
            return
        finding = iins.examine(text)
        if finding.error:
            self.fail("iin", _say_iin(finding))
            return
        self.iin.data = finding.normalised
        if born is None and not self.born.errors and finding.birth_date:
            self.born.process_data(finding.birth_date)
        if not self.sex.data and finding.sex:
            self.sex.data = finding.sex
        if "foreigner" in finding.warnings:
            self.warn("iin", _("Такой ИИН дают в Казахстане иностранцам. Проверьте гражданство"))
        for fact in iins.differences(finding, born, self.sex.data):
            if fact == "birth_date" and finding.birth_date:
                self.warn("iin", _("По ИИН дата рождения %(day)s. Проверьте оба поля", day=rules.day(finding.birth_date)))
            elif fact == "sex":
                self.warn("iin", _("ИИН говорит о другом поле. Проверьте оба поля"))

    def _check_sender(self) -> None:
        if self.kind.errors:
            return
        named = str(self.university.data or "")
        sender = str(self.sender.data or "")
        self.sending_university = self.known.by_code.get(named.casefold())
        if self.sending_university is None and self.is_row:
            self.sending_university = self.known.match(named or sender)
        if self.kind.data == Kind.PRACTICE:
            where = "sender" if self.is_row and sender and not named else "university"
            if self.sending_university is None and sender and self.is_row:
                self.fail(where, _("Не нашли вуз «%(name)s». Напишите краткое название, например АлтГТУ", name=sender[:60]))
            elif self.sending_university is None:
                self.fail(where, rules.university_needed())
            return
        if not self.employer.data and sender:
            if len(sender) > 200:
                self.fail("sender", _("Сократите до %(most)s знаков, сейчас %(now)s", most=200, now=len(sender)))
            self.employer.data = sender[:200]
        if not self.employer.data:
            self.fail("employer", rules.employer_needed())
        self.sending_university = None

    def _check_period(self) -> None:
        for field, sentence in ((self.starts_on, _("Введите первый день")), (self.ends_on, _("Введите последний день"))):
            if not field.data and not field.errors:
                self.fail(field.name, sentence)
        starts_on, ends_on = self.starts_on.day, self.ends_on.day
        if starts_on is None or ends_on is None or not self.try_rule(rules.check_period, starts_on, ends_on, self.today):
            return
        born = self.born.day
        if born is not None and not self.born.errors:
            self.try_rule(rules.check_age, born, starts_on)
        for name in ("hours_planned", "hours"):
            if (hours := self._fields[name].hours) is not None:
                self.try_rule(rules.check_hours, name, hours, starts_on, ends_on, born)
        briefing = self.briefing_on.day
        if briefing is not None:
            self.try_rule(rules.check_briefing, briefing, starts_on, ends_on)
        elif self.is_row and starts_on <= self.today and not self.briefing_on.errors:
            self.warn("briefing_on", _("Нет даты инструктажа. Запись останется подтверждённой, но не начатой"))
        if self.kind.errors:
            return
        said = rules.warnings(kind=self.kind.data, starts_on=starts_on, ends_on=ends_on, briefing_on=briefing, birth_date=born)
        for name, sentence in said:
            self.warn(name, sentence)

    # ------------------------------------------------------------------------------------------------------------- values
    def entry(self) -> Entry:
        """The values; only after the form was found valid."""
        starts_on, ends_on = self.starts_on.day, self.ends_on.day
        if starts_on is None or ends_on is None:
            raise ValueError("ask for the entry of a valid form only")
        university, is_practice = self.sending_university, self.kind.data == Kind.PRACTICE
        return Entry(
            kind=self.kind.data, surname=self.last_name.data, name=self.first_name.data, patronymic=self.patronymic.data or "",
            starts_on=starts_on, ends_on=ends_on, iin=self.iin.data or self.has_iin or None, birth_date=self.born.day,
            sex=self.sex.data or None, phone=self.phone.data or "", email=self.email.data or "",
            university_id=university.id if university and is_practice else None,
            university_is_here=bool(university and is_practice and university.is_here),
            employer="" if is_practice else self.employer.data or "", employer_bin="" if is_practice else self._bin(),
            position="" if is_practice else self.position.data or "", programme=self.programme.data or "",
            department=self.department.data or "", mentor=self.mentor.data or "", mentor_phone=self.mentor_phone.data or "",
            hours_planned=self.hours_planned.hours, hours_done=self.hours.hours, briefing_on=self.briefing_on.day,
            grade=int(self.grade.data) if self.grade.data else None, outcome=self.hired.data or None,
        )  # fmt: skip

    def _bin(self) -> str:
        return "".join(sign for sign in self.employer_bin.data or "" if sign.isdigit())


def _say_iin(finding: iins.IinFinding) -> Any:
    match finding.error:
        case "length":
            return _("В ИИН 12 цифр, здесь %(count)s. Проверьте номер по документу", count=finding.digits)
        case "digits":
            return _("ИИН состоит только из цифр. Проверьте, нет ли букв")
        case "checksum":
            return _("Контрольная цифра ИИН не сходится. Проверьте номер по документу")
        case _:
            return _("Такого ИИН не бывает: проверьте первые семь цифр по документу")
