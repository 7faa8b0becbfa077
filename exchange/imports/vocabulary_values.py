"""What cells of rosters mean: sex, form, funding, level, status, course and the like, in Russian, Kazakh and English.

Every function takes a cell and gives a code of a classifier, or None when the cell says nothing or more than one thing.
Words are written as `plain` text: small letters, Kazakh letters as their Russian neighbours.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Any, Literal

from exchange.imports.vocabulary_text import LONGEST, as_text, plain, without_brackets
from exchange.reference.classifiers import document_types, fundings, levels, statuses, study_forms

_SEX = {
    "M": "м|муж|мужской|мужчина|мужск|юноша|ер|еркек|ер адам|ул|ер бала|m|male|man|boy|мальчик",
    "F": "ж|жен|женский|женщина|женск|девушка|айел|аиел|айел адам|кыз|кыз бала|f|female|w|woman|girl|девочка",
}
# (pattern, code): the first that fits wins, so the longer word stands before the shorter one that it contains.
_FORMS = (
    ((
        r"очно заоч\w*|вечерн\w*|\bвеч\b|^о з(?: ?о)?$|^оз$|^озо$|^озфо$|^о зф?о$|кундизги сырттай|кешки|part time|^pt$"
        r"|evening|^очно з$|^оч заоч$"
    ), "part"),
    (r"заоч\w*|^з о$|^зо$|^зфо$|^з$|^з ф(?: о)?$|сырттай|extramural|correspondence|distance|^заочн?$", "extra"),
    (r"экстерн\w*|самообраз\w*|external", "family"),
    ((
        r"\bочн\w*|^очка$|дневн\w*|^о о$|^оо$|^офо$|^о$|^оч$|^о ф(?: о)?$|^д о$|^до$|кундизги|full time|fulltime|^ft$"
        r"|^full$|intramural|on campus|стационар\w*"
    ), "full"),
)  # fmt: skip
_CONTRACT = (
    r"вне ?бюдж\w*|не бюджет\w*|договор\w*|^дог\b|^д$|\bдог\b|\bплатн\w*|контракт\w*|коммер[цч]\w*|возмещ\w*|^в б$|^вб$|^п$"
    r"|^пву$|^пвз$|^пл$|с оплатой|^ком\b|хозрасч\w*|^х р$|физ\w* лиц\w*|юр\w* лиц\w*|^оплата обуч\w*|"
)
_CONTRACT += (
    r"за свой счет|собственн\w* средств\w*|акылы|^шарт\w*|келисим\w*|\bпо договору|\bpaid\b|contract\w*|tuition"
    r"|self funded|fee\b|fee paying|commercial"
)
_BUDGET = (
    r"\bбюдж\w*|^б$|^фб$|^ф б$|"
    r"\bбудж\w*|бесплатн\w*|госбюдж\w*|федерал\w*|^кцп$|общ\w* (?:основ\w*|прием\w*|мест\w*|конкурс\w*)"
    r"|за счет государства|тегин|budget\w*|state funded|"
)
_BUDGET += r"government funded|free of charge|мемлекеттик тапсырыс"
_FUNDINGS = (
    ("bolashak", r"болаша[кг]\w*|bolash\w*"),
    ("exchange", r"\bобмен\w*|exchange|алмасу|мобильн\w*|включенн\w*"),
    ("target", r"целев\w*|нысаналы|\btarget\w*|sponsored place"),
    ("quota", (
        r"\b(?:гос)?квот\w*|госстипенд\w*|гос стипенд\w*|гослини\w*|гос лини\w*|россотрудн\w*|правительств\w* рф|quota|^к$|^кв$"
        r"|межправ\w*|направлени\w* (?:минобр\w*|министерств\w*)"
    )),
    ("kz_other", (
        r"\bгрант\w*|акимат\w*|аким(?:и|ди)к\w*|средств\w* рк|бюджет\w* (?:рк|казахстан\w*)|\bgrant\b|kazakhstan funds"
        r"|кр каражат\w*"
    )),
    ("krai", (
        r"краев\w*|региональн\w*|бюджет\w* (?:алтайск\w* )?кра\w*|бюджет\w* субъект\w*|алтайск\w* кра\w*|regional budget"
        r"|krai budget|олке бюджет\w*"
    )),
    ("local", r"местн\w* бюдж\w*|муницип\w*|local budget|municipal|жергиликти бюджет\w*"),
)  # fmt: skip
_ORGANISATION_PAYS = re.compile(r"организац|предприят|юр\w* лиц|юрлиц|работодат|спонсор|компани|employer|company|уйым")
_LEVELS = (
    ("prep", r"подготовит\w*|подфак\w*|^по$|^пфо$|нулев\w*|дайындык|prep\w*|foundation|слушател\w*"),
    ("spo", r"^спо\b|средн\w* проф\w*|колледж\w*|техникум\w*|средн\w* звен\w*|vocational|college|орта кас\w*|^окб"),
    ("spo_worker", r"квалифиц\w* рабоч\w*|нпо|птоп"),
    ("dpo_pp", r"переподгот\w*|кайта даярлау|retraining"),
    ("dpo_pk", r"повыш\w* квал\w*|^дпо|биликтил\w*|professional development"),
    ("included", r"включен\w*|обмен\w*|мобильн\w*|non degree|exchange|алмасу"),
    ("assistantship", r"ассист\w*|assistantship"),
    ("residency", r"\bорд\w*|интернатур\w*|residen\w*|резидент\w*"),
    ("postgraduate", r"\bасп\w*|адъюнкт\w*|доктор\w*|\bphd\b|ph d|postgrad\w*|doctor\w*|^а$|кадр\w* высш\w* квал\w*"),
    ("base_ho", r"базов\w* высш\w*|базалык"),
    ("spec_ho", r"специализированн\w* высш\w*|мамандандыр\w*"),
    ("master", r"\bмаг\w*|^м$|master\w*|\bmsc\b|\bma\b"),
    ("bachelor", r"\bбак\w*|^б$|bachelor\w*|\bbsc\b|\bba\b|undergrad\w*"),
    ("specialist", r"\bспец\w*|^с$|specialist\w*|диплом\w* специалист\w*|мамандык"),
)  # fmt: skip
_STATUSES = (
    ("deceased", r"\bумер\w*|смерт\w*|скончал\w*|кайтыс|deceased|died"),
    ("maternity_leave", r"декрет\w*|беремен\w*|уход\w* за реб\w*|бала кут\w*|maternity|childcare|parental"),
    ("military_leave", r"военн\w*|\bарми\w*|служб\w*|аскери|military|conscript"),
    ("mobility_out", r"мобильн\w*|\bобмен\w*|уткырлык\w*|mobility|exchange"),
    ("academic_leave", (
        r"академ\w*|\bак\w* отп\w*|^а о$|^ао$|\bотпуск\w*|акад\w* демалыс\w*|демалыс\w*|academic leave|on leave"
        r"|leave of absence"
    )),
    ("transferred_out", (
        r"(?:отчисл\w*|выбыл\w*).*перевод\w*|перевед\w* в (?:др|дру)\w*|перевел\w* в др\w*|переведен\w* из вуза"
        r"|transferred|ауыскан|ауысты|ауысуына"
    )),
    ("graduated", (
        r"выпуск\w*|окончил\w*|законч\w*|завершил\w*|в связи с (?:окончан|завершен|получен)\w*|битир\w*|аяктады|graduat\w*"
        r"|alumn\w*|completed"
    )),
    ("expelled", r"отчисл\w*|исключ\w*|выбыл\w*|^отч\b|шыгарыл\w*|expel\w*|withdrawn|dismiss\w*|dropped"),
    ("applicant", r"абитур\w*|поступающ\w*|талапкер|applicant"),
    ("declined", r"не зачисл\w*|отказ\w*|кабылданбады|not admitted"),
    ("studying", (
        r"обуча\w*|учи\w*|учащ\w*|студент\w*|актив\w*|зачисл\w*|восстанов\w*|перевед\w* на \d|^об$|оки\w*|окып|окуда"
        r"|бил\w* алуда|study\w*|studies|enrolled|active|current|student"
    )),
)  # fmt: skip
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "и": 1, "ии": 2, "иии": 3, "1у": 4, "у": 5}
_ORDINALS = (
    ("перв", 1), ("втор", 2), ("трет", 3), ("четв", 4), ("пят", 5), ("шест", 6), ("седьм", 7), ("биринши", 1), ("екинши", 2),
    ("ушинши", 3), ("тортинши", 4), ("бесинши", 5), ("алтыншы", 6), ("first", 1), ("second", 2), ("third", 3), ("fourth", 4),
    ("fifth", 5), ("sixth", 6),
)  # fmt: skip
_COMPANY = (
    r"\b(?:тоо|ао|оао|зао|пао|ооо|ип|гкп|ркп|гкккп|кгп|фирма|компани\w*|завод\w*|комбинат\w*|фабрик\w*|предприят\w*|холдинг\w*"
    r"|корпорац\w*|концерн\w*|шахта|рудник\w*|больниц\w*|клиник\w*|жшс|ак|серикт\w*|зауыт\w*|llp|llc|ltd|jsc|inc|company|plant)\b"
)
_YES = frozenset({
    "да", "д", "иа", "ия", "yes", "y", "true", "1", "принят", "принята", "трудоустроен", "трудоустроена", "имеется", "есть",
    "прошел", "прошла", "пройден", "hired",
})  # fmt: skip
_NO = frozenset({
    "нет", "н", "жок", "no", "n", "false", "0", "не принят", "не принята", "не трудоустроен", "не трудоустроена",
    "отсутствует", "not hired",
})  # fmt: skip


def _first(text: str, table: tuple[tuple[str, str], ...]) -> str | None:
    return next((code for code, pattern in table if re.search(pattern, text)), None)


@cache
def _known(classifier: str) -> dict[str, str]:
    """Names of the lines of a classifier, long and short, in three languages -> code."""
    loaders: dict[str, Any] = {
        "form": study_forms, "funding": fundings, "level": levels, "status": statuses, "document_type": document_types,
    }  # fmt: skip
    attributes = ("code", "name_ru", "name_kk", "name_en", "short_ru", "short_kk", "short_en")
    lines = loaders[classifier]().items()
    return {plain(name): code for code, item in lines for key in attributes if (name := getattr(item, key))}


def sex(value: object) -> Literal["M", "F"] | None:
    """ "м.", "жен", "ер", "әйел", "F"; "м/ж" says nothing."""
    text = plain(value)
    # Single Kazakh letters: е for ер, ә for әйел, which folding would make look like other words.
    letter = as_text(value).lower().strip(". ")
    if letter in {"е", "ә", "э"}:
        return "M" if letter == "е" else "F"
    if text in _SEX["M"].split("|"):
        return "M"
    return "F" if text in _SEX["F"].split("|") else None


@lru_cache(maxsize=1024)
def form(value: object) -> str | None:
    """Mode of study: о/о is full, о/з is part (очно-заочная), з/о is extra (заочная)."""
    text = plain(value)
    if not text:
        return None
    found = _known("form").get(text)
    if found or "очная или" in text:
        return found
    return next((code for pattern, code in _FORMS if re.search(pattern, text)), None)


@lru_cache(maxsize=1024)
def funding(value: object) -> str | None:
    """Who pays. A contract is one of a person unless an organisation is named; budget and contract together say nothing."""
    text = plain(value)
    if not text:
        return None
    found = _known("funding").get(text)
    if found:
        return found
    special = _first(text, _FUNDINGS)
    if special in {"bolashak", "exchange", "target", "quota", "kz_other"}:
        return special
    contract = re.search(_CONTRACT, text)
    if special in {"krai", "local"} and not contract:
        return special
    rest = re.sub(_CONTRACT, " ", text)
    if contract:
        if re.search(_BUDGET, rest):
            return None
        return "contract_org" if _ORGANISATION_PAYS.search(text) else "contract_person"
    return "federal_general" if re.search(_BUDGET, text) else None


@lru_cache(maxsize=1024)
def level(value: object) -> str | None:
    """Level of education: "бак", "маг", "спец", "асп", "орд"."""
    text = plain(value)
    return (_known("level").get(text) or _first(text, _LEVELS)) if text else None


def document_type(value: object) -> str | None:
    """Kind of an identity document by its name; None when the words name none that we know."""
    return _known("document_type").get(plain(value))


def status(value: object) -> str | None:
    """Status of an enrolment as a list words it."""
    text = plain(value)
    if not text:
        return None
    if text.startswith("не зачисл"):
        return "declined"
    return _known("status").get(text) or _first(text, _STATUSES)


def _latin(value: object) -> str:
    """Roman numbers that are one sign (Ⅲ) as letters."""
    return unicodedata.normalize("NFKC", as_text(value))


def course(value: object) -> int | None:
    """Year of study: 3, "3 курс", "III", "третий". Out of range is for the caller to say."""
    text = re.sub(
        r"\b(?:курс\w*|год\w*|обуч\w*|оку|жыл\w*|year|of|study|course|к)\b", " ", plain(without_brackets(_latin(value)))
    )
    text = " ".join(text.split())
    number = re.fullmatch(r"(\d{1,2})(?: ?(?:й|ый|ий|ой|ши|шы|st|nd|rd|th|к|курс\w*))?", text)
    if number:
        return int(number.group(1)) or None
    return _ROMAN.get(text) or next((answer for stem, answer in _ORDINALS if text.startswith(stem)), None)


def kind(value: object) -> Literal["practice", "specialist"] | None:
    """Practice of a student or internship of a specialist; both words together say nothing."""
    text = plain(value)
    practice = re.search(r"\bпракт\w*|^пр$|^п$|практикант|\bтажириб\w*|practice|practical|student placement", text)
    internship = re.search(r"\bстаж\w*|^ст$|^с$|специалист|тагылымдама|internship|\bintern\b|trainee\w*|specialist", text)
    if bool(practice) == bool(internship):
        return None
    return "practice" if practice else "specialist"


def is_company(value: object) -> bool:
    """Whether a text names a company: by its legal form or by what it is."""
    return bool(re.search(_COMPANY, plain(value)))


def yes_no(value: object) -> bool | None:
    """ "да", "нет", "иә", "жоқ", 1, 0, "+", "-"."""
    text = as_text(value).lower().strip()
    if text in {"+", "-", "\u2013", "\u2014", "v", "✓", "✔", "☑"}:
        return text not in {"-", "\u2013", "\u2014"}
    words = plain(text[:LONGEST])
    if words in _YES or words.startswith(("да ", "yes ", "принят")):
        return True
    return False if words in _NO or words.startswith(("нет ", "не ", "no ")) else None
