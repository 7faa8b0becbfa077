"""The rules of the fields of a person: what is refused, what is warned of, what is suggested, with the sentence for each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.errors import RuleBroken
from exchange.people import iin as iins
from exchange.people import names
from exchange.people.documents import examine_document, guess_type
from exchange.people.snils import examine_snils
from exchange.reference import classifiers
from exchange.students import rules
from exchange.students.fields import countries
from exchange.students.order_kinds import NAMED

YOUNGEST, OLDEST = 14, 80
OLDEST_BIRTH = dt.date(1900, 1, 1)
SEXES = ("M", "F")
NAMES = tuple(NAMED)
NAME_SENTENCES = {
    "last_name": (
        _l("Фамилия не указана. Введите её, как в документе"),
        _l("Фамилия может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"),
    ),
    "first_name": (
        _l("Имя не указано. Введите его, как в документе"),
        _l("Имя может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"),
    ),
    "patronymic": (
        "",
        _l("Отчество может содержать только буквы, дефис, пробел и апостроф. Уберите остальные знаки"),
    ),
}
_LATIN = re.compile(r"[A-Z][A-Z' -]*")
_EMAIL = re.compile(r"[^@\s,;<>()\"]{1,64}@[^@\s,;<>()\".-][^@\s,;<>()\"]*\.[^@\s,;<>()\".\d]{2,24}")
_PHONE_NOISE = re.compile(r"[\s()\-–.]")


def keep(form: Any, rule: Callable[..., None], *facts: Any) -> None:
    """A rule that the action keeps too: here a broken one is told at its field, with all other faults of the form."""
    try:
        rule(*facts)
    except RuleBroken as broken:
        form.fail(broken.field, broken.message)


def check_paper(form: Any) -> None:
    """Number, date and first day of an order; an empty first day is the date of the order."""
    keep(form, rules.check_number, form.number.text)
    signed = form.read_day("signed_on", rules.MISSING["signed_on"])
    if not (form.effective_on.data or "").strip() and signed:
        form.effective_on.show(signed)
    begun = form.read_day("effective_on", rules.MISSING["effective_on"])
    if signed:
        keep(form, rules.check_dates, signed, begun or signed, form.today, "signed_on", "effective_on")
        if begun and not rules.add_months(signed, -12) <= begun <= rules.add_months(signed, 12):
            form.warn("effective_on", _("Между приказом и днём, с которого он действует, больше года. Проверьте даты"))


def check_names(form: Any) -> None:
    """Names in three writings: tidied, of letters only, of one alphabet."""
    for name in NAMES:
        field = form._fields[name]
        form.read_texts([name])
        if not field.errors:
            field.data = names.normalise(field.data)
            (_check_latin if name.endswith("_lat") else _check_name)(form, field)


def _check_latin(form: Any, field: Any) -> None:
    field.data = field.data.upper()
    if field.data and not _LATIN.fullmatch(field.data):
        form.fail(field.name, _("Здесь только латинские буквы. Введите имя, как в паспорте: AKHMETOVA"))


def _check_name(form: Any, field: Any) -> None:
    empty, signs = NAME_SENTENCES[field.name.removesuffix("_kk")]
    text = field.data
    if not text or (field.name.startswith("patronymic") and names.is_nothing(text)):
        field.data = ""
        if empty and not field.name.endswith("_kk"):
            form.fail(field.name, empty)
    elif not names.is_name(text):
        form.fail(field.name, signs)
    elif not text.isascii() and (mixed := names.mixed_scripts(text)):
        _mixed(form, field.name, text, mixed)


def forgive(form: Any, known: dict[str, str]) -> None:
    """Names that are on file already were confirmed when they were entered: nobody is asked again."""
    for name in NAMES:
        if form._fields[name].data == known.get(name):
            form.warnings.pop(name, None)


def _mixed(form: Any, name: str, text: str, mixed: names.MixedScripts) -> None:
    """Letters of two alphabets in one word: a row is put right when there is one way to do it, a person is asked."""
    if form.is_row and mixed.proposal:
        form._fields[name].data = mixed.proposal
        form.warn(name, _("В «%(text)s» смешаны алфавиты: исправлено на «%(right)s»", text=text, right=mixed.proposal))
        return
    letters = _("латинские") if mixed.is_latin_in_cyrillic else _("русские")
    sentence = _(
        "В «%(text)s» есть %(letters)s буквы: %(found)s. Замените их или отметьте, что в документе так",
        text=text,
        letters=letters,
        found=mixed.letters,
    )
    form.warn(name, sentence)
    if mixed.proposal:
        form.suggest(name, _("Возможно: %(right)s", right=mixed.proposal))
        form.proposals[name] = mixed.proposal


def check_facts(form: Any) -> None:
    """Sex, birth date, citizenship, origin."""
    row = form.is_row
    form.read_choice("sex", SEXES, _l("Пол не выбран. Выберите мужской или женский"))
    if (form.born.data or "").strip():
        born = form.read_day("born", birth=True)
        if born and born >= form.today:
            form.fail("born", _("Дата рождения должна быть в прошлом. Исправьте дату"))
        elif born and born < OLDEST_BIRTH:
            form.fail("born", _("Дата рождения раньше 1900 года. Проверьте год"))
    else:
        form.fail("born", _("Дата рождения не указана. Введите день, месяц и год, например 27.3.2007"))
    code = (form.citizenship.data or "").upper()
    form.citizenship.data = code or ("KZ" if row else "")
    if form.citizenship.data != "KZ" and form.citizenship.data not in countries():
        form.fail("citizenship", _("Гражданство не выбрано. Выберите страну из списка"))
    where = _l("Регион не выбран. Выберите регион Казахстана, где студент жил до поступления")
    form.read_choice("region", classifiers.regions(), where, required=not row)
    unknown = _l("Такого района нет. Выберите район из списка")
    district = form.read_choice("district", classifiers.districts(), unknown, required=False)
    if district and form.region.data and classifiers.districts()[district].region_code != form.region.data:
        form.fail("district", _("Этот район не в выбранном регионе. Измените район или регион"))


def check_iin(form: Any) -> None:
    """The number itself, and what it says of birth date and sex: to warn and to suggest, never to refuse."""
    finding = iins.examine((form.iin.data or "")[:60])
    if finding.error == "empty":
        _without_iin(form)
        return
    if finding.error == "digits":
        form.fail("iin", _("В ИИН должны быть только цифры. Введите 12 цифр, как в документе"))
        return
    if finding.error == "length":
        form.fail(
            "iin", _("ИИН должен состоять из 12 цифр, сейчас %(count)s. Сверьте номер с документом", count=finding.digits)
        )
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
            form.fail("iin", _("Нет ни ИИН, ни номера документа. Укажите один из них"))
    elif not form.no_iin.data:
        form.fail("iin", _("ИИН не указан. Введите 12 цифр или отметьте, что ИИН нет"))
    elif not has_document:
        form.fail("passport", _("Без ИИН нужен номер документа. Введите его"))


def check_document(form: Any) -> None:
    """Kind and number of the identity document, and its days."""
    number = (form.passport.data or "").strip()
    kind = form.document_type.data or ""
    if number and not kind:
        kind = form.document_type.data = guess_type(number[:60]) or ""
        if not kind:
            form.fail("document_type", _("По номеру вид документа не узнать. Выберите вид из списка"))
    if kind and kind not in classifiers.document_types():
        form.fail("document_type", _("Такого вида документа нет. Выберите вид из списка"))
        kind = ""
    if number and kind:
        finding = examine_document(kind, number)
        if finding.error is None:
            form.passport.data = finding.normalised
            if finding.repaired and not form.is_row:
                form.suggest("passport", _("Номер записан как %(number)s", number=finding.normalised))
        else:
            form.fail(
                "passport", DOCUMENT_SENTENCES.get(kind) or _("Номер не подходит к виду документа. Сверьте оба с документом")
            )
    elif kind and not number and not form.is_row and not form.passport.errors:
        form.fail("passport", _("Выбран вид документа, а номера нет. Введите номер"))
    issued, until = form.read_day("document_issued_on"), form.read_day("document_valid_until")
    if issued and issued > form.today:
        form.fail("document_issued_on", _("Дата выдачи должна быть не позже сегодняшней. Исправьте дату"))
    if issued and form.born.day and issued < form.born.day:
        form.fail("document_issued_on", _("Дата выдачи раньше даты рождения. Исправьте одну из дат"))
    if issued and until and until <= issued:
        form.fail("document_valid_until", _("Срок действия должен быть позже даты выдачи. Исправьте одну из дат"))


DOCUMENT_SENTENCES = {
    "kz_passport": _l("Номер паспорта Казахстана — буква N и 8 цифр, например N12345678. Сверьте номер с документом"),
    "kz_id": _l("Номер удостоверения личности — 9 цифр. Сверьте номер с документом"),
    "kz_birth": _l("В номере свидетельства о рождении от 3 до 30 знаков. Сверьте номер с документом"),
    "rf_passport": _l("Серия и номер паспорта РФ — 10 цифр. Сверьте номер с документом"),
    "vnzh": _l("Серия и номер вида на жительство — 9 цифр. Сверьте номер с документом"),
}


def tidy_phone(text: str) -> str | None:
    """A phone as + and digits; None when it is none."""
    phone = _PHONE_NOISE.sub("", text)
    if re.fullmatch(r"8\d{10}", phone):
        phone = f"+7{phone[1:]}"
    elif re.fullmatch(r"7\d{10}", phone):
        phone = f"+{phone}"
    return phone if re.fullmatch(r"\+[0-9]{10,15}", phone) else None


def check_contacts(form: Any) -> None:
    """Phone in the international form, e-mail, SNILS."""
    if _PHONE_NOISE.sub("", form.phone.data or "") and len(form.phone.data) <= form.phone.most:
        phone = tidy_phone(form.phone.data)
        if phone is not None:
            form.phone.data = phone
        elif form.is_row:
            form.warn("phone", _("Телефон не похож на номер и записан как есть. Исправьте его в карточке"))
        else:
            form.fail("phone", _("Это не похоже на телефон. Введите номер с кодом страны, например +7 777 123-45-67"))
    email = (form.email.data or "").strip()
    if email and len(email) <= form.email.most and not _EMAIL.fullmatch(email):
        if form.is_row:
            form.warn("email", _("Почта не похожа на адрес и не записана. Введите её в карточке"))
            form.email.data = ""
        else:
            form.fail("email", _("Это не похоже на почту. Введите адрес полностью, например имя@домен.kz"))
    snils, error = examine_snils((form.snils.data or "")[:40])
    if snils and not error:
        form.snils.data = snils
    elif error in ("format", "checksum"):
        if form.is_row:
            form.warn("snils", _("СНИЛС не сходится и не записан. Введите его в карточке"))
            form.snils.data = ""
        else:
            form.fail("snils", _("СНИЛС не сходится. Введите 11 цифр, как в документе, например 112-233-445 95"))


def check_age(form: Any, day: dt.date) -> None:
    """Born before the studies begin; an unusual age is asked about."""
    born = form.born.day
    if born is None or form.born.errors:
        return
    if born >= day:
        form.fail("born", _("Дата рождения должна быть раньше начала учёбы. Исправьте одну из дат"))
        return
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if not YOUNGEST <= age <= OLDEST:
        form.warn("born", _("Студенту получается лет: %(age)s. Проверьте год рождения", age=age))
