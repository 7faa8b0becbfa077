"""What the name of a sheet says: a faculty, when rosters stand a faculty a sheet."""

from __future__ import annotations

import re

from exchange.imports import vocabulary
from exchange.imports.vocabulary_cells import FACULTY
from exchange.imports.vocabulary_text import plain

# Names that programs give, and words for people or lists: no faculty is called so.
_USUAL = re.compile(
    r"^(?:лист|sheet|table|таблица|бет|парак|page|страница|data|данные|export|экспорт|report|отчет|список|списки|тизим|list"
    r"|реестр|roster|контингент|студент\w*|обучающ\w*|студенттер|students?|практикант\w*|стажер\w*|interns?|people|люди"
    r"|бакалавр\w*|магистр\w*|специали(?:тет|ст)\w*|аспирант\w*|ордина\w*|докторант\w*|остальн\w*|проч\w*|другие|все|всего"
    r"|общий|общее|итог\w*|свод\w*|нов\w*|иностран\w*|казах\w*|рк|граждан\w*|зачислен\w*|отчислен\w*|выпуск\w*|перевод\w*"
    r"|очн\w*|заочн\w*|бюджет\w*|договор\w*|внебюджет\w*|вуз|университет|main|total|summary|all|new|other|copy|копия)\b"
)
_WORDS = re.compile(r"[^\W\d_]{2}")


def faculty_of(name: str, title: str, beside: int) -> str:
    """The faculty that a sheet is called by, empty when the name says something else.

    «Лечебный факультет» always is one, «Лечебный» when other sheets stand beside it or the title says so.
    """
    called = " ".join(name.split())
    if FACULTY.search(called):
        return called
    words = plain(called)
    if not _WORDS.search(called) or any(sign.isdigit() for sign in called) or _USUAL.search(words):
        return ""
    if any(recognise(called) for recognise in (vocabulary.form, vocabulary.level, vocabulary.funding, vocabulary.status)):
        return ""
    is_said = FACULTY.search(title) is not None and words in plain(title)
    return called if beside > 1 or is_said else ""
