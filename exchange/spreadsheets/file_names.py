"""Names of files that people download: readable, without spaces, safe on every system, with a Latin stand-in for the header."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from exchange.spreadsheets.transliteration import TO_LATIN

_LONGEST = 120
_NOT_IN_NAMES = re.compile(r"[^\w.,()+-]+")
_DASHES = re.compile("-{2,}")


def file_name(parts: Iterable[object], suffix: str = ".xlsx") -> str:
    """('Контингент', date, 'все вузы', 'R-2026-000317') -> Контингент_2026-10-01_все-вузы_R-2026-000317.xlsx."""
    words = []
    for part in parts:
        text = part.isoformat() if isinstance(part, dt.date) else str(part)
        text = _DASHES.sub("-", _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", text))).strip("-._")
        if text:
            words.append(text)
    return ("_".join(words)[:_LONGEST].rstrip("-._") or "file") + suffix


def ascii_file_name(name: str) -> str:
    """The same name in Latin letters."""
    latin = unicodedata.normalize("NFKD", name.translate(TO_LATIN)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9._+()-]+", "-", latin).lstrip("-._") or "file.xlsx"


def content_disposition(name: str) -> str:
    """The header of a download: the Latin name for old programs, the real one for the rest (RFC 6266)."""
    return f"attachment; filename=\"{ascii_file_name(name)}\"; filename*=UTF-8''{quote(name)}"
