"""The room of papers: what is given comes out as it is, tagged, in its language, with its own fonts, the same bytes again."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from exchange.papers.typesetting import NotTypeset, typeset

MOMENT = dt.datetime(2026, 11, 23, 5, 0, 30, 999, tzinfo=dt.UTC)
TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(title: data.title)
#set text(font: "Libertinus Serif", lang: sys.inputs.lang)
= #data.title
#data.text
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def test_a_paper_is_tagged_has_a_language_and_reads_back(template: Path) -> None:
    letters = "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі Ёё Ыы"
    pdf = PdfReader(io.BytesIO(typeset(template, {"title": "Бумага", "text": letters}, "ru", MOMENT)))
    root: Any = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("ru", True)
    assert "/StructTreeRoot" in root
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Бумага"
    assert pdf.metadata.creation_date == MOMENT.replace(microsecond=0)
    assert letters in pdf.pages[0].extract_text()
    assert "pdfuaid:part" in root["/Metadata"].get_data().decode()


def test_the_same_input_is_the_same_file(template: Path) -> None:
    made = {typeset(template, {"title": "Б", "text": "а"}, "ru", MOMENT) for _ in range(3)}
    assert len(made) == 1
    assert typeset(template, {"title": "Б", "text": "я"}, "ru", MOMENT) not in made


@pytest.mark.parametrize(
    "text", ['#read("/etc/passwd")', "$x$ *a* _b_ `c` <d> @e", "\\ \" ' #let x = 1", "= Heading", "// no comment"]
)
def test_what_is_given_is_never_markup(template: Path, text: str) -> None:
    pdf = PdfReader(io.BytesIO(typeset(template, {"title": "Бумага", "text": text}, "ru", MOMENT)))
    shown = pdf.pages[0].extract_text().replace("“", '"').replace("”", '"').replace("’", "'").replace("‘", "'")
    assert text.replace(" ", "") in shown.replace(" ", "").replace("\n", "")


def test_fonts_come_with_the_compiler_and_are_inside(template: Path) -> None:
    pdf = PdfReader(io.BytesIO(typeset(template, {"title": "Бумага", "text": "Қазақ"}, "kk", MOMENT)))
    names = {str(font.get_object()["/BaseFont"]) for font in pdf.pages[0]["/Resources"]["/Font"].values()}
    assert names
    assert all("Libertinus" in name and "+" in name for name in names), names


def test_a_template_that_lacks_its_data_says_so(template: Path) -> None:
    with pytest.raises(NotTypeset, match=r"letter\.typ"):
        typeset(template, {"title": "Бумага"}, "ru", MOMENT)
