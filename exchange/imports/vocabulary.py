"""What the words of a roster mean: headings, values, joined cells, rows that are not people. The door to the vocabularies.

Everything takes cells as they were read (text, numbers, days) and answers with codes of the classifiers or None; nothing here
decides whether a row is accepted.
"""

from __future__ import annotations

from exchange.imports.vocabulary_columns import fields_among, recognise_column, recognise_heading
from exchange.imports.vocabulary_headings import IGNORED
from exchange.imports.vocabulary_joined import WARNINGS, order, period, programme, similar_programmes
from exchange.imports.vocabulary_regions import citizenship, district, region
from exchange.imports.vocabulary_rows import is_numbering_row, is_signature_row, is_total_row
from exchange.imports.vocabulary_values import (
    course,
    document_type,
    form,
    funding,
    is_company,
    kind,
    level,
    sex,
    status,
    yes_no,
)
from exchange.people.names import is_nothing

__all__ = [
    "IGNORED", "WARNINGS", "citizenship", "course", "district", "document_type", "fields_among", "form", "funding",
    "is_company", "is_nothing", "is_numbering_row", "is_signature_row", "is_total_row", "kind", "level", "order", "period",
    "programme", "recognise_column", "recognise_heading", "region", "sex", "similar_programmes", "status", "yes_no",
]  # fmt: skip
