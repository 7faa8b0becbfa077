"""Short lists that only this room knows: languages, kinds of documents of education, what came after graduation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

NATIVE = {"kk": _l("Казахский"), "ru": _l("Русский"), "other": _l("Другой")}
RUSSIAN = {
    "none": _l("Не владеет"), "A1": _l("ТЭУ (A1)"), "A2": _l("ТБУ (A2)"), "B1": _l("ТРКИ-I (B1)"), "B2": _l("ТРКИ-II (B2)"),
    "C1": _l("ТРКИ-III (C1)"), "C2": _l("ТРКИ-IV (C2)"), "prep": _l("Сертификат подготовительного отделения"),
    "native": _l("Владеет свободно"),
}  # fmt: skip
COMPATRIOT = {"no": _l("Нет"), "self": _l("Со слов студента"), "document": _l("По документу")}
LANGUAGES = {"ru": _l("Русский"), "kk": _l("Казахский"), "en": _l("Английский"), "other": _l("Другой")}
YES_NO = {"yes": _l("Да"), "no": _l("Нет")}
PRIOR = {
    "school": _l("Аттестат о среднем образовании"), "spo": _l("Диплом о среднем профессиональном образовании"),
    "bachelor": _l("Диплом бакалавра"), "specialist": _l("Диплом специалиста"), "master": _l("Диплом магистра"),
    "other": _l("Другой документ"),
}  # fmt: skip
PRIOR_RECOGNITION = {
    "auto": _l("Признаётся без процедуры"), "procedure": _l("Нужна процедура признания"), "none": _l("Не требуется"),
}  # fmt: skip
SCHOLARSHIPS = {
    "none": _l("Не получает"), "rf": _l("Государственная, РФ"), "bolashak": _l("«Болашак»"), "other": _l("Иная"),
}  # fmt: skip
RECOGNITION_KZ = {
    "not_needed": _l("Не требуется"), "applied": _l("Подано заявление"), "granted": _l("Признан"), "refused": _l("Отказано"),
}  # fmt: skip
OUTCOMES = {
    "kz": _l("Работает в Казахстане"), "ru": _l("Работает в России"), "other": _l("Работает в другой стране"),
    "study": _l("Продолжает учёбу"), "unknown": _l("Неизвестно"),
}  # fmt: skip
RELATIONS = {
    "mother": _l("Мать"), "father": _l("Отец"), "adoptive": _l("Усыновитель"), "trustee": _l("Опекун или попечитель"),
    "other": _l("Другой представитель"),
}  # fmt: skip
