"""Rows of a roster that are not people: totals, signatures, numbers of columns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from exchange.imports.vocabulary_text import as_text, plain

_TOTAL = re.compile(
    r"^(?:итого|итог|всего|в том числе|из них|барлыгы|барлык|жиыны|жалпы саны|total|totals|grand total|subtotal|sum"
    r"|общее количество|количество (?:студ|обуч|чел|практ)\w*|численность)\b"
)
_SIGNATURE = re.compile(
    r"^(?:и о |врио |зам\w* )?(?:начальник|декан|ректор|проректор|директор|исполнител|исп\b|составил|подготовил"
    r"|проверил|утвержда|согласован|подпись|м п$|мп$|ответственн\w* (?:за|исп)|завед|зав\b|специалист\b|главн\w* спец"
    r"|ведущ\w* спец|руководител|методист|секретарь|бастыгы|басшысы|орындауш|колы\b|жауапты|head of|signature"
    r"|prepared by|approved|director|dean|rector|responsible|дата составлен|дата формирован|тел исп|контактн\w* тел)"
)
_NOTE = re.compile(r"^(?:примечани|ескерт|note\b|notes\b|\*)")
_LINE = re.compile(r"_{4,}|\.{8,}|/\s*[^/]{3,}\s*/\s*$")
_MOST_CELLS = 4
# Without one of these a row is no heading of a table of people (a cheap look before the dear one).
_OF_PEOPLE = re.compile(r"\bф\.?\s?и\.?\s?о\b|фамил|тег[іи]|\bаты\b|жөні|\bимя\b|\bиин\b|\bжсн\b|\biin\b|name|студент|student")
_LONG_NUMBER = re.compile(r"\d{5}")


def _filled(values: Sequence[object]) -> list[object]:
    return [value for value in values if as_text(value)]


def _is_personal(value: object) -> bool:
    """Whether a cell holds what only a row of a person holds: a date, an IIN, a passport number."""
    text = as_text(value)
    return isinstance(value, dt.date) or bool(re.fullmatch(r"\d{10,12}|\D?\d{8}|\d{1,2}\.\d{1,2}\.\d{2,4}", text))


def is_total_row(values: Sequence[object]) -> bool:
    """ "Итого: 312 чел.", "Всего", "Барлығы", "Total": the first words of the row, no person's data beside them."""
    filled = _filled(values)
    texts = [plain(value) for value in filled if not re.fullmatch(r"[\d\s.,]+", as_text(value))]
    return bool(texts) and bool(_TOTAL.match(texts[0])) and not any(_is_personal(value) for value in filled)


def is_signature_row(values: Sequence[object]) -> bool:
    """A post with a line for the signature, the name of who made the list, a note under the table."""
    filled = _filled(values)
    if not 0 < len(filled) <= _MOST_CELLS:
        return False
    if any(_LINE.search(as_text(value)) for value in filled):
        return True
    words = [plain(value) for value in filled]
    if _NOTE.match(as_text(filled[0]).lower()):
        return True
    return bool(_SIGNATURE.match(words[0])) and not (len(filled) > 1 and any(_is_personal(value) for value in filled))


def may_be_heading(values: Iterable[str]) -> bool:
    """Whether a row under a table may be headings of another one: words, no numbers or dates of people, names asked for."""
    texts = [value for value in values if value]
    if len(texts) < 3 or any(_LONG_NUMBER.search(text) or _is_personal(text) or len(text) > 120 for text in texts):
        return False
    return any(_OF_PEOPLE.search(text.lower()) for text in texts)


def is_numbering_row(values: Sequence[object]) -> bool:
    """The row "1 2 3 4 …" that some forms have under the heading."""
    texts = [as_text(value) for value in values if as_text(value)]
    if len(texts) < 3 or texts[0] not in {"0", "1"}:
        return False
    return texts == [str(number) for number in range(int(texts[0]), int(texts[0]) + len(texts))]
