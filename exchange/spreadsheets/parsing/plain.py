"""Reads a table kept as text: which encoding, which separator, then the records."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from .answer import Answer
from .limits import LAST_COLUMN, LAST_ROW, Limits
from .package import LONGEST_TEXT
from .refusal import Refused
from .values import Travelling, text

_SEPARATORS = ";,\t|"
_LOOKED_AT = 60
_LETTERS_LOOKED_AT = 200_000

# Old Cyrillic encodings, the likeliest first; kz1048 is cp1251 with Kazakh letters in the places of Serbian and Ukrainian ones.
_OLD_ENCODINGS = ("cp1251", "kz1048", "cp866")
_RUSSIAN = range(0x0410, 0x0450)
_ALSO_LETTERS = {ord(letter) for letter in "\u0401\u0451"}
_KAZAKH = {
    *(0x04D8, 0x04D9, 0x0492, 0x0493, 0x049A, 0x049B, 0x04A2, 0x04A3, 0x04E8, 0x04E9),
    *(0x04B0, 0x04B1, 0x04AE, 0x04AF, 0x04BA, 0x04BB, 0x0406, 0x0456),
}
_USUAL_SIGNS = {
    ord(sign) for sign in "\u00a0\u00ab\u00bb\u2116\u2013\u2014\u2026\u201c\u201d\u201e\u2019\u00b0\u00a7\u00b7\u2022\u00ad"
}
_WRONG_COSTS = 4
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KEPT_AS_TEXT = re.compile(r'="([0-9]*)"')

#: Encodings that are looked up while files can still be opened.
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *_OLD_ENCODINGS)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Refused for what is no text."""
    if data.startswith(b"\xef\xbb\xbf"):
        return _strictly(data, "utf-8-sig"), "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16"), "utf-16"
    # Without a mark at the start, UTF-16 is known by the zeros of its Latin letters, all in one half of the bytes.
    halves = data[:4096:2].count(0), data[1:4096:2].count(0)
    if not min(halves) and max(halves) * 10 > len(data[:4096:2]):
        name = "utf-16-be" if halves[0] > halves[1] else "utf-16-le"
        return _strictly(data, name), name
    if _FORBIDDEN.search(data):
        raise Refused("wrong_kind", "binary")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    # Only the letters tell the encodings apart, and a few pages of them are enough.
    letters = data.translate(None, delete=bytes(range(128)))[:_LETTERS_LOOKED_AT]
    scores = [(_looks_right(letters.decode(name, "replace")), -place, name) for place, name in enumerate(_OLD_ENCODINGS)]
    score, _, name = max(scores)
    if score <= 0:
        raise Refused("encoding")
    return _strictly(data, name), name


def _strictly(data: bytes, name: str) -> str:
    try:
        decoded = data.decode(name)
    except UnicodeDecodeError as error:
        raise Refused("encoding", str(error)) from None
    if "\0" in decoded:
        raise Refused("wrong_kind", "binary")
    return decoded


def _looks_right(decoded: str) -> int:
    """Letters that people here write, less signs that they do not."""
    good = bad = 0
    for letter, times in Counter(decoded).items():
        code = ord(letter)
        if code in _RUSSIAN or code in _ALSO_LETTERS or code in _KAZAKH:
            good += times
        elif code >= 0x80 and code not in _USUAL_SIGNS:
            bad += times
    return good - _WRONG_COSTS * bad


def separator(sample: str) -> str:
    """The sign that cuts the most of the first records into the same number of fields."""
    best, best_score = ";", 0.0
    for sign in _SEPARATORS:
        lengths = []
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=sign):
                if any(record):
                    lengths.append(len(record))
                if len(lengths) == _LOOKED_AT:
                    break
        except csv.Error:
            continue
        cut = Counter(length for length in lengths if length > 1)
        score = max((times * times / len(lengths) * min(length, 12) for length, times in cut.items()), default=0.0)
        if score > best_score:
            best, best_score = sign, score
    return best


def read_plain(data: bytes, answer: Answer, limits: Limits) -> None:
    """Send the records of a text file as rows. A blank line is a row; the line `sep=;` is not, as in Excel. Raises Refused."""
    content, encoding = decode(data)
    first_line, _, rest = content.partition("\n")
    first_line = first_line.strip('\r"')
    if len(first_line) == 5 and first_line.lower().startswith("sep="):
        sign, content = first_line[4], rest
    else:
        sign = separator(content[:100_000])
    if content.lstrip()[:1] == "<":
        raise Refused("web_page")
    csv.field_size_limit(2 * LONGEST_TEXT)
    answer.sheet("", hidden=False)
    widest = 0
    for number, record in enumerate(_records(content, sign), start=1):
        if number > LAST_ROW:
            raise Refused("too_many_rows", over=LAST_ROW, most=limits.rows)
        if len(record) > LAST_COLUMN:
            raise Refused("too_many_columns", row=number, column=len(record), most=limits.columns)
        cells: list[Travelling] = [_field(field) for field in record]
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > limits.columns:
            raise Refused("too_many_columns", row=number, column=len(cells), most=limits.columns)
        widest = max(widest, len(cells))
        answer.row(number, cells)
    if widest < 2:
        raise Refused("no_table", "one column")
    answer.sheet_ends(merged=[], hidden_rows=[], hidden_columns=[], skipped_formulas=[])
    answer.end(encoding=encoding)


def _field(field: str) -> Travelling:
    # ="0401…" is how other programs keep Excel from eating the zeros of a number.
    kept = _KEPT_AS_TEXT.fullmatch(field) if field[:2] == '="' else None
    return text(kept[1] if kept else field)


def _records(content: str, sign: str) -> Iterator[list[str]]:
    lines: list[str] = []

    def noted() -> Iterator[str]:
        for line in io.StringIO(content, newline=""):
            lines.append(line)
            yield line

    records = csv.reader(noted(), delimiter=sign)
    begins = 1
    try:
        for record in records:
            yield record
            many, odd = len(lines) > 1, sum(line.count('"') for line in lines) % 2
            last_begins, begins = begins, records.line_num + 1
            lines.clear()
        if begins > 1 and many and odd:
            # The rest of the file has been swallowed by one cell.
            raise Refused("open_quote", row=last_begins)
    except csv.Error as error:
        raise Refused("long_text" if "field" in str(error) else "damaged", str(error), row=begins) from None
