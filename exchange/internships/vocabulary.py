"""Vocabulary for recognising spreadsheets: words that files use for kinds, marks, outcomes and names of universities."""

from __future__ import annotations

import re

LETTER_CASE = re.compile(r"(?<=[a-zа-яёәіңғүұқөһ])(?=[A-ZА-ЯЁӘІҢҒҮҰҚӨҺ])")
QUOTES = re.compile(r"[«»\"“”„'’`]")
HONOUR_AFTER = re.compile(r"\s(?:им\.|им\s|имени\s).*$", re.IGNORECASE)
HONOUR_BEFORE = re.compile(r"^.*\sатындағы\s", re.IGNORECASE)
MINISTRY = re.compile(r"\s(?:минздрава|минобрнауки|минсельхоза|минпросвещения|министерства)\s.*$", re.IGNORECASE)
BRANCH_OF = re.compile(r"\s*\((?:филиал|branch)\).*$", re.IGNORECASE)
CITY_AFTER = re.compile(r"[,(]\s*(?:(?:в\s+)?г\.?\s*|город\s+)?(?P<city>[^\W\d_]+(?:[ -][^\W\d_]+)?)\s*\)?$", re.IGNORECASE)
LEGAL_FORMS = re.compile(
    r"\b(?:фг[бак]?оу|ноу|чоу|ано|гоу|нао|уо|коммерческое акционерное общество)\b(?:\s+(?:впо|во|спо|дпо))?"
    r"|федеральн\w+\s+государственн\w+\s+(?:бюджетн\w+\s+|казенн\w+\s+|автономн\w+\s+)?образовательн\w+\s+учреждени\w+"
    r"|(?:высшего|среднего)\s+(?:профессионального\s+)?образования",
    re.IGNORECASE,
)
SHORT_WORDS = (
    (re.compile(r"\b(?:ун-т|унив-т|ун-тет|универ)\b\.?", re.IGNORECASE), "университет"),
    (re.compile(r"\b(?:ин-т|инст)\b\.?", re.IGNORECASE), "институт"),
    (re.compile(r"\b(?:гос-ный|госуд)\b\.?", re.IGNORECASE), "государственный"),
)
HOURS = re.compile(r"([0-9]{1,9})(?:[.,]0+)?(?:ч\.?|час\w{0,2}|сағ\w{0,2}|h)?", re.IGNORECASE)

# Why a record is cancelled when the list that brought it is taken back: such a record is not met again by a later list.
WITHDRAWN = "отмена загрузки"

# Pieces of words, in lower case; the first that is found decides.
KINDS = (
    ("стаж", "specialist"), ("специалист", "specialist"), ("тағылым", "specialist"), ("internship of spec", "specialist"),
    ("specialist", "specialist"), ("тәжірибе", "practice"), ("практи", "practice"), ("студент", "practice"),
    ("practice", "practice"), ("student", "practice"), ("placement", "practice"), ("internship", "practice"),
)  # fmt: skip
# Beginnings, in lower case; the first that fits decides.
GRADES = (
    ("неуд", 2), ("не удовл", 2), ("плохо", 2), ("unsat", 2), ("қанағаттанарлықсыз", 2), ("удовл", 3), ("уд", 3),
    ("satis", 3), ("қанағат", 3), ("хор", 4), ("good", 4), ("жақсы", 4), ("отл", 5), ("excel", 5), ("өте жақсы", 5),
)  # fmt: skip
PASSED = ("зач", "passed", "pass", "сынақ")
OUTCOMES = (
    ("не принят", "no"), ("не приним", "no"), ("отказ", "no"), ("нет", "no"), ("no", "no"), ("жоқ", "no"),
    ("приглаш", "invited"), ("invited", "invited"), ("предлож", "invited"), ("резерв", "reserve"), ("reserve", "reserve"),
    ("принят", "hired"), ("да", "hired"), ("трудоустр", "hired"), ("hired", "hired"), ("yes", "hired"), ("иә", "hired"),
    ("ия", "hired"),
)  # fmt: skip
SEXES = (("м", "M"), ("m", "M"), ("е", "M"), ("ж", "F"), ("f", "F"), ("ә", "F"))


def _beginning(text: str, words: tuple[tuple[str, str], ...]) -> str:
    plain = re.sub(r"\s+", " ", text).strip().casefold()
    return next((code for beginning, code in words if plain.startswith(beginning)), "")


def kind_of(text: str) -> str:
    """practice, specialist, or "" when the words say neither."""
    plain = text.casefold()
    return next((code for piece, code in KINDS if piece in plain), "")


def outcome_of(text: str) -> str:
    """hired, invited, reserve, no, or "" when the words say none of them."""
    return {"+": "hired", "-": "no", "−": "no", "1": "hired", "0": "no"}.get(text.strip(), "") or _beginning(text, OUTCOMES)


def sex_of(text: str) -> str:
    """M, F, or ""."""
    return _beginning(text, SEXES)


def grade_of(text: str) -> int | None:
    """2 to 5 for a figure or a word («5», «5 (отл.)», «хорошо»), None when the text says no mark."""
    plain = re.sub(r"\s+", " ", text).strip().casefold()
    if found := re.fullmatch(r"(\d{1,2})(?:[.,]0+)?(?:\s*\D.*)?", plain):
        return int(found[1])
    if plain.startswith("өте жақсы"):
        return 5
    return next((grade for beginning, grade in GRADES if plain.startswith(beginning)), None)


def is_passed(text: str) -> bool:
    """Said to have passed, without a mark."""
    return text.strip().casefold().startswith(PASSED)


def plain_name(text: str) -> str:
    """A university's name without quotes, legal form, honours and ministry; the case stays: it tells acronyms from words."""
    text = QUOTES.sub(" ", text).replace("ё", "е").replace("Ё", "Е")
    for pattern, word in SHORT_WORDS:
        text = pattern.sub(word, text)
    text = re.sub(r"\s+", " ", LEGAL_FORMS.sub(" ", text)).strip()
    text = BRANCH_OF.sub("", HONOUR_BEFORE.sub("", text)) or text
    return MINISTRY.sub("", " " + HONOUR_AFTER.sub("", " " + text).strip()).strip() or text


def city_of(text: str) -> tuple[str, str]:
    """The text without a city at its end, and the city: «АлтГУ, г. Рубцовск» -> («АлтГУ», «рубцовск»)."""
    found = CITY_AFTER.search(text)
    return (text[: found.start()].strip(), found["city"].casefold()) if found else (text, "")
