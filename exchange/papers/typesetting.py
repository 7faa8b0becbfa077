"""Setting a paper: a template (.typ), data and a language become a tagged PDF, the same bytes from the same input."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import typst

# PDF/UA-1: tagged, with a title and a language, every picture named. The compiler refuses what does not keep it.
STANDARDS: list[typst.PDFStandard] = ["ua-1"]


class NotTypeset(RuntimeError):
    """A template that can't be set with these data: a mistake of ours, never of the visitor."""


class NoSuchLetter(NotTypeset):
    """The data have signs that the font lacks, an emoji for one: PDF/UA would not have them as blank boxes."""


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts that the compiler brings (Libertinus Serif has Russian and Kazakh letters): the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def typeset(template: Path, data: Mapping[str, Any], lang: str, moment: dt.datetime) -> bytes:
    """The paper as PDF. The template reads `sys.inputs.data` (JSON) and `sys.inputs.lang`; nothing of the data is markup.

    `moment` is the date of creation that the file tells: it is given, so the same paper is the same file again.
    """
    compiler = typst.Compiler(input=template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True)
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True), "lang": lang}
    try:
        made = compiler.compile(
            format="pdf", sys_inputs=inputs, pdf_standards=STANDARDS, timestamp=moment.astimezone(dt.UTC).replace(microsecond=0)
        )
    except typst.TypstError as error:
        if "could not be displayed with font" in error.message:  # it quotes the data, which no log is to keep
            raise NoSuchLetter(template.name) from None
        raise NotTypeset(f"{template.name}: {error.message}") from error
    if not isinstance(made, bytes):
        raise NotTypeset(f"{template.name}: the compiler gave no file")
    return made
