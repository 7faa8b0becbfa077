"""Names of files: what is kept of the one that was brought, and the header of a download."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from exchange.files.kinds import MEDIA
from exchange.spreadsheets.file_names import ascii_file_name

LONGEST = 120
# Names that a file of Windows may not have, whatever follows the point.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_KNOWN_END = re.compile(r"\.(pdf|jpe?g|png)$", re.IGNORECASE)
# What a name without a single Latin, Russian or Kazakh letter is turned into by the room of spreadsheets.
_NOTHING_LEFT = ascii_file_name("")
_UNSAFE = re.compile(r'[<>:"|?*]')


def clean_name(brought: str, media_type: str) -> str:
    """The last part of a path without signs that can't be seen or that turn the reading; its end says what the content is."""
    text = unicodedata.normalize("NFC", brought.encode("utf-8", "ignore").decode())
    # spaces of all sorts become one space; what is unseen (control, direction of reading, unassigned) goes
    text = "".join(" " if sign.isspace() else sign for sign in text)
    text = "".join(sign for sign in text if not unicodedata.category(sign).startswith("C"))
    text = re.split(r"[/\\]", text)[-1]
    stem = _KNOWN_END.sub("", " ".join(_UNSAFE.sub(" ", text).split()))
    stem = stem[:LONGEST].strip(" .")
    if not stem or _DEVICES.match(stem):
        stem = f"scan {stem}".strip()
    return stem + MEDIA[media_type]


def was_changed(brought: str, kept: str) -> bool:
    """Whether more than the end of the name was changed."""
    return _KNOWN_END.sub("", brought) != _KNOWN_END.sub("", kept)


def content_disposition(name: str) -> str:
    """The header of a download: always an attachment, a Latin name for old programs, the real one for the rest (RFC 6266)."""
    stem, _, end = name.rpartition(".")
    latin = ascii_file_name(f"{stem}-").rstrip("-") + f".{end}"
    if latin.startswith(_NOTHING_LEFT) and not stem.isascii():
        latin = f"scan.{end}"
    return f"attachment; filename=\"{latin}\"; filename*=UTF-8''{quote(name, safe='')}"
