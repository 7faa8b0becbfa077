"""What is taken and what is not: true files of every kind, and hostile ones; each refusal is a sentence."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from exchange.files import inspection
from exchange.files.inspecting.limits import MEGABYTE, Limits
from exchange.files.inspection import Unfit, hash_of, inspect
from tests.files import papers
from tests.files.papers import pdf, picture

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(autouse=True)
def words(app: Any) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("content", "media_type", "pages"),
    [
        (pdf(), "application/pdf", 1), (pdf(3), "application/pdf", 3), (pdf() + b"\r\n\0\0", "application/pdf", 1),
        (picture("JPEG"), "image/jpeg", 1), (picture("JPEG", progressive=True), "image/jpeg", 1),
        (picture("JPEG", mode="L"), "image/jpeg", 1), (picture("JPEG", mode="CMYK"), "image/jpeg", 1),
        (picture("PNG"), "image/png", 1), (picture("PNG", mode="RGBA"), "image/png", 1),
        (picture("PNG", mode="1"), "image/png", 1),
    ],
    ids=[
        "a pdf", "three pages", "line ends after it", "jpeg", "progressive", "grey", "cmyk", "png", "with alpha", "two colours",
    ],
)  # fmt: skip
def test_true_files_are_taken(content: bytes, media_type: str, pages: int) -> None:
    found = inspect(content)
    assert (found.media_type, found.pages, found.size, found.sha256) == (media_type, pages, len(content), hash_of(content))


REFUSED = {
    "empty": (b"", "empty"),
    "an exe": (papers.EXE, "other_kind"),
    "a page": (papers.HTML, "other_kind"),
    "an svg": (papers.SVG, "other_kind"),
    "a gif": (picture("GIF"), "other_kind"),
    "a tiff": (picture("TIFF"), "other_kind"),
    "a signature alone": (b"%PDF-1.7\n", "cut_off"),
    "a page before a pdf": (papers.HTML + pdf(), "leading"),
    "an archive after a pdf": (pdf() + b"PK\x03\x04" + b"x" * 300, "trailing"),
    "a page after a pdf": (pdf() + papers.HTML, "trailing"),
    "a page after a png": (picture("PNG") + papers.HTML, "trailing"),
    "half a pdf": (pdf(40)[:-200], "cut_off"),
    "half a jpeg": (picture("JPEG", (600, 800))[:2000], "cut_off"),
    "half a png": (picture("PNG", (600, 800))[:-200], ("cut_off", "damaged")),
    "a png with a changed byte": (papers.picture("PNG")[:60] + b"\xff" + papers.picture("PNG")[61:], ("damaged", "cut_off")),
    "a pdf of rubbish": (b"%PDF-1.7\n" + b"\xde\xad" * 500 + b"\n%%EOF", ("damaged", "no_pages")),
    "no pages": (pdf(0), "no_pages"),
    "a password": (pdf(change=papers.with_password), "password"),
    "a script": (pdf(change=papers.with_script), "script"),
    "a script of a page": (pdf(change=papers.with_page_script), "script"),
    "a script under another spelling": (papers.packed_script(), "script"),
    "a script in an older version": (papers.hidden_script(), "script"),
    "a form with programs": (pdf(change=papers.with_form), "script"),
    "a start of a program": (pdf(change=papers.with_launch), "launch"),
    "an attachment": (pdf(change=papers.with_attachment), "embedded"),
    "an attachment without a list": (pdf(change=papers.with_stray_attachment), "embedded"),
    "a bomb of dots": (papers.png_of(30_000, 30_000), "too_many_dots"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_a_scan_is_refused_with_a_sentence(name: str) -> None:
    content, codes = REFUSED[name]
    with pytest.raises(Unfit) as refusal:
        inspect(content, "scan.pdf")
    assert refusal.value.code in ((codes,) if isinstance(codes, str) else codes), refusal.value.note
    assert re.match(r"[А-Я].+[^.!]$", refusal.value.message)
    assert "%(" not in refusal.value.message


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (papers.EXE, "scan.pdf", "В имени файла «.pdf», но внутри не PDF, JPG или PNG. Выберите файл PDF, JPG или PNG"),
        (papers.SVG, "photo.PNG", "В имени файла «.png», но внутри не PDF, JPG или PNG. Выберите файл PDF, JPG или PNG"),
        (papers.EXE, "setup.exe", "Выберите файл PDF, JPG или PNG"),
        (b"", "scan.pdf", "Файл пустой. Выберите файл PDF, JPG или PNG"),
        (b"%PDF-" + b"0" * (10 * MEGABYTE - 4), "scan.pdf", "Файл должен быть меньше 10 МБ"),
        (pdf(change=papers.with_password), "scan.pdf", "Файл защищён паролем. Снимите защиту и загрузите снова"),
    ],
    ids=["exe", "svg", "setup", "empty", "large", "locked"],
)
def test_sentences(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(Unfit) as refusal:
        inspect(content, name)
    assert refusal.value.message == sentence


def test_the_name_is_not_believed_either_way() -> None:
    assert inspect(picture("JPEG"), "scan.exe").media_type == "image/jpeg"
    assert inspect(pdf(), "photo.png").media_type == "application/pdf"


def test_pages_that_never_end_are_survived() -> None:
    content = pdf(change=papers.with_endless_tree)
    with contextlib.suppress(Unfit):
        assert inspect(content).pages >= 1


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        (pdf(40), Limits(nodes=20)),
        (pdf(4), Limits(pages=3)),
        (picture("PNG", (4000, 4000)), Limits(memory=24 * MEGABYTE)),
        (pdf(20), Limits(wall_seconds=0.001)),
    ],
    ids=["objects", "pages", "memory", "time"],
)
def test_what_would_take_too_much_is_given_up(content: bytes, limits: Limits) -> None:
    with pytest.raises(Unfit) as refusal:
        inspect(content, limits=limits)
    assert refusal.value.code == "too_complex"


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b"x" * 9000, b'{"pages": "many"}'])
def test_an_answer_of_the_reader_is_not_believed(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({answer!r})"
    monkeypatch.setattr(inspection, "_CHILD", program)
    with pytest.raises(Unfit) as refusal:
        inspect(pdf())
    assert refusal.value.code == "too_complex"


def test_the_reader_can_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Inside the limits: no file, no connection, no process."""
    program = (
        "import sys; sys.path += sys.argv.pop().split(':')\n"
        "import json, socket, subprocess\n"
        "from inspecting.child import lock_in\n"
        "from inspecting.limits import Limits\n"
        "lock_in(Limits())\n"
        "opened = 0\n"
        "for attempt in (lambda: open('/etc/passwd'), socket.socket, lambda: subprocess.run(['/bin/true'])):\n"
        "    try:\n"
        "        attempt()\n"
        "        opened += 1\n"
        "    except OSError:\n"
        "        pass\n"
        "print(json.dumps({'pages': opened}))\n"
    )
    monkeypatch.setattr(inspection, "_CHILD", program)
    assert inspect(pdf()).pages == 0


def test_readers_stay_out_of_the_application() -> None:
    """The parsers of scans are imported by the child process alone."""
    import subprocess
    import sys

    program = (
        "import sys, wsgi\n"
        "print([n for n in ('pypdf', 'exchange.files.inspecting.documents', 'exchange.files.inspecting.pictures')"
        " if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
