"""The rules of the fields of a person: what is refused, what is warned of, what is suggested, with the sentence for each."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.people import iin as iins
from exchange.people import names
from exchange.people.documents import examine_document, guess_type
from exchange.people.snils import examine_snils
from exchange.reference import classifiers
from exchange.students.fields import countries

YOUNGEST, OLDEST = 14, 80
OLDEST_BIRTH = dt.date(1900, 1, 1)
SEXES = ("M", "F")
NAME_SENTENCES = {
    "last_name": (
        _l("Введите фамилию"),
        _l("Фамилия может содержать только буквы, дефис, пробел и апостроф"),
        _l("Фамилия должна быть не длиннее 100 знаков"),
    ),
    "first_name": (
        _l("Введите имя"),
        _l("Имя может содержать только буквы, дефис, пробел и апостроф"),
        _l("Имя должно быть не длиннее 100 знаков"),
    ),
    "patronymic": (
        "",
        _l("Отчество может содержать только буквы, дефис, пробел и апостроф"),
        _l("Отчество должно быть не длиннее 100 знаков"),
    ),
}
_LATIN = re.compile(r"[A-Z][A-Z' -]*")
_EMAIL = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\".-][^@\s,;<>()\"]*\.[^@\s,;<>()\".\d]{2,24}")
_PHONE_NOISE = re.compile(r"[\s()\-–.]")


def check_names(form: Any) -> None:
    """Names in three writings: tidied, of letters only, of one alphabet."""
    for name in ("last_name", "first_name", "patronymic", "last_name_kk", "first_name_kk", "patronymic_kk"):
        field = form._fields[name]
        empty, signs, length = NAME_SENTENCES[name.removesuffix("_kk")]
        typed = field.data or ""
        if len(typed) > names.LONGEST:
            form.fail(name, length)
            continue
        text = field.data = names.normalise(typed)
        if not text or (name.startswith("patronymic") and names.is_nothing(text)):
            field.data = ""
            if empty and not name.endswith("_kk"):
                form.fail(name, empty)
        elif not names.is_name(text):
            form.fail(name, signs)
        elif not text.isascii() and (mixed := names.mixed_scripts(text)):
            _mixed(form, name, text, mixed)
    for name in ("last_name_lat", "first_name_lat"):
        field = form._fields[name]
        text = field.data = names.normalise(field.data or "").upper() if len(field.data or "") <= names.LONGEST else field.data
        if text and len(text) > names.LONGEST:
            form.fail(name, _("Не длиннее 100 знаков"))
        elif text and not _LATIN.fullmatch(text):
            form.fail(name, _("Введите латинскими буквами, как в паспорте: AKHMETOVA"))


def _mixed(form: Any, name: str, text: str, mixed: names.MixedScripts) -> None:
    """Letters of two alphabets in one word: a row is put right when there is one way to do it, a person is asked."""
    if form.is_row and mixed.proposal:
        form._fields[name].data = mixed.proposal
        form.warn(name, _("В «%(text)s» смешаны алфавиты: исправлено на «%(right)s»", text=text, right=mixed.proposal))
        return
    letters = _("латинские") if mixed.is_latin_in_cyrillic else _("русские")
    sentence = _("В «%(text)s» есть %(letters)s буквы: %(found)s. Проверьте", text=text, letters=letters, found=mixed.letters)
    form.warn(name, sentence)
    if mixed.proposal:
        form.suggest(name, _("Возможно: %(right)s", right=mixed.proposal))
        form.proposals[name] = mixed.proposal


def check_facts(form: Any) -> None:
    """Sex, birth date, citizenship, origin."""
    row = form.is_row
    form.read_choice("sex", SEXES, _l("Выберите пол"))
    if (form.born.data or "").strip():
        born = form.read_day("born", birth=True)
        if born and born >= form.today:
            form.fail("born", _("Дата рождения должна быть в прошлом"))
        elif born and born < OLDEST_BIRTH:
            form.fail("born", _("Проверьте год рождения"))
    else:
        form.fail("born", _("Введите дату рождения"))
    code = (form.citizenship.data or "").upper()
    form.citizenship.data = code or ("KZ" if row else "")
    if form.citizenship.data != "KZ" and form.citizenship.data not in countries():
        form.fail("citizenship", _("Выберите гражданство"))
    form.read_choice("region", classifiers.regions(), _l("Выберите регион Казахстана"), required=not row)
    district = form.read_choice("district", classifiers.districts(), _l("Выберите район из списка"), required=False)
    if district and form.region.data and classifiers.districts()[district].region_code != form.region.data:
        form.fail("district", _("Этот район не в выбранном регионе. Измените район или регион"))


def check_iin(form: Any) -> None:
    """The number itself, and what it says of birth date and sex: to warn and to suggest, never to refuse."""
    finding = iins.examine((form.iin.data or "")[:60])
    if finding.error == "empty":
        _without_iin(form)
        return
    if finding.error == "digits":
        form.fail("iin", _("В ИИН должны быть только цифры"))
        return
    if finding.error == "length":
        form.fail("iin", _("ИИН должен состоять из 12 цифр, сейчас %(count)s", count=finding.digits))
        return
    form.iin.data = finding.normalised
    if finding.error is not None:
        sentence = IIN_SENTENCES[finding.error]
        if form.is_row:
            form.fail("iin", sentence)
        else:
            form.warn("iin", sentence)
            form.iin_needs_check = form.confirmed("iin")
        return
    if "foreigner" in finding.warnings:
        form.warn("iin", _("Седьмая цифра ИИН — 0, как у иностранцев в Казахстане. Сверьте номер с документом"))
    born, sex = form.born.day, form.sex.data if form.sex.data in SEXES else None
    if finding.birth_date and born and born != finding.birth_date:
        day = f"{finding.birth_date:%d.%m.%Y}"
        form.warn("born", _("По ИИН похоже на %(day)s. Совпадение не обязательно: сверьтесь с удостоверением", day=day))
    elif finding.birth_date and not (form.born.data or "").strip():
        form.suggest("born", _("По ИИН: %(day)s", day=f"{finding.birth_date:%d.%m.%Y}"))
        form.proposals["born"] = f"{finding.birth_date:%d.%m.%Y}"
    if finding.sex and sex and sex != finding.sex:
        words = _("мужской") if finding.sex == "M" else _("женский")
        form.warn("sex", _("По ИИН пол %(sex)s. Сверьтесь с удостоверением", sex=words))
    elif finding.sex and not sex:
        form.suggest("sex", _("По ИИН: %(sex)s", sex=_("мужской") if finding.sex == "M" else _("женский")))
        form.proposals["sex"] = finding.sex


IIN_SENTENCES = {
    "checksum": _l("Контрольная цифра ИИН не сходится. Сверьте номер с документом"),
    "unassignable": _l("Контрольная цифра ИИН не сходится. Сверьте номер с документом"),
    "date": _l("Первые шесть цифр ИИН не складываются в дату. Сверьте номер с документом"),
    "century": _l("Седьмая цифра ИИН должна быть от 0 до 6. Сверьте номер с документом"),
}


def _without_iin(form: Any) -> None:
    """Either a number or a document proves who it is."""
    form.iin.data = ""
    has_document = bool((form.passport.data or "").strip())
    if form.is_row:
        if not has_document:
            form.fail("iin", _("Введите ИИН или номер документа"))
    elif not form.no_iin.data:
        form.fail("iin", _("Введите ИИН или отметьте, что ИИН нет"))
    elif not has_document:
        form.fail("passport", _("Введите номер документа: без ИИН нужен документ"))


def check_document(form: Any) -> None:
    """Kind and number of the identity document, and its days."""
    number = (form.passport.data or "").strip()
    kind = form.document_type.data or ""
    if number and not kind:
        kind = form.document_type.data = guess_type(number[:60]) or ""
        if not kind:
            form.fail("document_type", _("Выберите вид документа"))
    if kind and kind not in classifiers.document_types():
        form.fail("document_type", _("Выберите вид документа"))
        kind = ""
    if number and kind:
        finding = examine_document(kind, number)
        if finding.error is None:
            form.passport.data = finding.normalised
            if finding.repaired and not form.is_row:
                form.suggest("passport", _("Номер записан как %(number)s", number=finding.normalised))
        else:
            form.fail("passport", DOCUMENT_SENTENCES.get(kind) or _("Проверьте номер документа"))
    elif kind and not number and not form.is_row and not form.passport.errors:
        form.fail("passport", _("Введите номер документа"))
    issued, until = form.read_day("document_issued_on"), form.read_day("document_valid_until")
    if issued and issued > form.today:
        form.fail("document_issued_on", _("Дата выдачи должна быть не позже сегодняшней"))
    if issued and form.born.day and issued < form.born.day:
        form.fail("document_issued_on", _("Дата выдачи раньше даты рождения"))
    if issued and until and until <= issued:
        form.fail("document_valid_until", _("Срок действия должен быть позже даты выдачи"))


DOCUMENT_SENTENCES = {
    "kz_passport": _l("Номер паспорта Казахстана — буква N и 8 цифр, например N12345678"),
    "kz_id": _l("Номер удостоверения личности — 9 цифр"),
    "kz_birth": _l("Введите номер свидетельства о рождении, до 30 знаков"),
    "rf_passport": _l("Серия и номер паспорта РФ — 10 цифр"),
    "vnzh": _l("Серия и номер вида на жительство — 9 цифр"),
}


def check_contacts(form: Any) -> None:
    """Phone in the international form, e-mail, SNILS."""
    phone = _PHONE_NOISE.sub("", form.phone.data or "")
    if phone and len(form.phone.data) <= form.phone.most:
        if re.fullmatch(r"8\d{10}", phone):
            phone = f"+7{phone[1:]}"
        elif re.fullmatch(r"7\d{10}", phone):
            phone = f"+{phone}"
        if re.fullmatch(r"\+\d{10,15}", phone, re.ASCII):
            form.phone.data = phone
        elif form.is_row:
            form.warn("phone", _("Телефон не похож на номер: записан как есть"))
        else:
            form.fail("phone", _("Введите телефон с кодом страны, например +7 777 123-45-67"))
    email = (form.email.data or "").strip()
    if email and len(email) <= form.email.most and not _EMAIL.fullmatch(email):
        if form.is_row:
            form.warn("email", _("Почта не похожа на адрес: не записана"))
            form.email.data = ""
        else:
            form.fail("email", _("Введите почту в формате имя@домен.kz"))
    snils, error = examine_snils((form.snils.data or "")[:40])
    if snils and not error:
        form.snils.data = snils
    elif error in ("format", "checksum"):
        if form.is_row:
            form.warn("snils", _("СНИЛС не сходится: не записан"))
            form.snils.data = ""
        else:
            form.fail("snils", _("Введите 11 цифр СНИЛС, например 112-233-445 95"))


def check_age(form: Any, day: dt.date) -> None:
    """Born before the studies begin; an unusual age is asked about."""
    born = form.born.day
    if born is None or form.born.errors:
        return
    if born >= day:
        form.fail("born", _("Дата рождения должна быть раньше начала учёбы"))
        return
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        form.warn("born", _("Студенту получается лет: %(age)s. Проверьте год рождения", age=age))
