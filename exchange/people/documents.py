"""Numbers of identity documents: tidying them, checking their form, guessing the kind of document, masking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Literal, NamedTuple

from exchange.people.snils import examine_snils
from exchange.people.vocabulary import PASSPORT_N
from exchange.reference.classifiers import document_types

LONGEST = 40
Error = Literal["empty", "format", "unknown_type", "too_long"]

_MARKS = re.compile(r"[№#\u2116]|\bN[o°º]\.?", re.IGNORECASE)


class DocumentFinding(NamedTuple):
    """A tidied number, what is wrong with it, and whether a letter or a lost zero was put right on the way."""

    normalised: str
    error: Error | None
    repaired: bool


def examine_document(type_code: str, number: str | int | float | None) -> DocumentFinding:
    """Brings a number to the form of its kind of document.

    A passport of Kazakhstan is a Latin N and eight digits: Н, H, П typed for it are replaced (`repaired`), digits are never
    guessed. An identity card has nine digits: one lost zero is given back (`repaired`).
    """
    kind = document_types().get(type_code)
    typed = _typed(number)
    if kind is None:
        return DocumentFinding(typed, "unknown_type", repaired=False)
    if not typed:
        return DocumentFinding("", "empty", repaired=False)
    if len(typed) > 2 * LONGEST:
        return DocumentFinding(typed, "too_long", repaired=False)
    normalised, repaired = _TIDIES.get(type_code, _other)(typed)
    if len(normalised) > LONGEST:
        return DocumentFinding(normalised, "too_long", repaired)
    if not re.fullmatch(kind.number_pattern.strip("^$"), normalised, re.ASCII):
        return DocumentFinding(normalised, "format", repaired)
    return DocumentFinding(normalised, None, repaired)


def _typed(number: str | int | float | None) -> str:
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    text = unicodedata.normalize("NFC", str(number if number is not None else ""))
    return " ".join(text.replace("\u00a0", " ").strip(" '\u2019;,.").split())


def _passport(typed: str) -> tuple[str, bool]:
    match = re.search(r"(?:^|[^\w№]|№\s*)(\w)[\s№.\-]*([0-9][0-9\s-]{6,}[0-9])$", typed)
    if match is None or match.group(1) not in PASSPORT_N:
        return typed.upper(), False
    return "N" + re.sub(r"\D", "", match.group(2)), match.group(1) not in {"N", "n"}


def _card(typed: str) -> tuple[str, bool]:
    digits = re.sub(r"[\s-]", "", _MARKS.sub("", _unworded(typed)))
    return (f"0{digits}", True) if re.fullmatch(r"\d{8}", digits) else (digits, False)


def _series(length: int, number: int, mark: str) -> Callable[[str], tuple[str, bool]]:
    def tidy(typed: str) -> tuple[str, bool]:
        digits = re.sub(r"[\s-]", "", _MARKS.sub("", _unworded(typed)))
        if re.fullmatch(rf"\d{{{length + number}}}", digits):
            return f"{digits[:length]}{mark}{digits[length:]}", False
        return typed, False

    return tidy


def _snils(typed: str) -> tuple[str, bool]:
    return examine_snils(typed)[0] or typed, False


def _other(typed: str) -> tuple[str, bool]:
    return typed, False


def _unworded(typed: str) -> str:
    """The number without the words before it: "уд. личности № 012345678" is 012345678."""
    return re.sub(r"^\D+(?=\d)", "", typed)


_TIDIES: dict[str, Callable[[str], tuple[str, bool]]] = {
    "kz_passport": _passport,
    "kz_id": _card,
    "rf_passport": _series(4, 6, " "),
    "vnzh": _series(2, 7, " №"),
    "migration_card": _series(4, 7, " №"),
    "snils": _snils,
}


def guess_type(number: str | int | float | None) -> str | None:
    """The kind of document that a number belongs to by its form; None when it may be any."""
    typed = _typed(number)
    if examine_document("kz_passport", typed).error is None:
        return "kz_passport"
    if re.fullmatch(r"\d{3}-\d{3}-\d{3}[ -]\d{2}", typed):
        return "snils"
    if "№" in typed and re.match(r"\d{2} ?№", typed) and examine_document("vnzh", typed).error is None:
        return "vnzh"
    for code in ("kz_id", "rf_passport", "migration_card"):
        finding = examine_document(code, typed)
        if finding.error is None and not finding.repaired:
            return code
    return None


def mask(number: str | None) -> str:
    """How lists show a number: its first two and last two signs."""
    return f"{number[:2]}{'•' * (len(number) - 4)}{number[-2:]}" if number and len(number) > 5 else "•" * len(number or "")
