"""Makes any string fit to stand in a cell as text: nothing runs, nothing breaks the file, nothing is shown as another text."""

from __future__ import annotations

import re

LONGEST = 32_767
"""UTF-16 units that a cell holds; a longer text makes Excel repair the file."""

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def safe_text(value: str) -> str:
    """For values handed to openpyxl: characters that XML cannot carry become U+FFFD, `_x0041_` stays what was typed."""
    if not value.isprintable():
        value = _ILLEGAL.sub("\ufffd", value).replace("\r\n", "\n").replace("\r", "\n")
    if len(value) > LONGEST // 2 and len(value.encode("utf-16-le")) > 2 * LONGEST:
        value = value.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", "ignore")
    return _LOOKS_ESCAPED.sub("_x005F_", value) if "_x" in value else value


def xml_text(value: str) -> str:
    """The same, with the signs of XML escaped, for values that we write ourselves."""
    value = safe_text(value)
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    return value.replace(">", "&gt;") if ">" in value else value
