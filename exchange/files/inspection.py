"""Is it what it may be? A look at the outside here, the reading in a child process with hard limits. Names are not believed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from exchange.confinement import Child, TooLong, TooMuch
from exchange.files.inspecting.limits import MEGABYTE, Limits

_HERE = Path(__file__).resolve().parent
_CHILD = "import sys; sys.path += sys.argv.pop().split(':'); from inspecting.child import main; main()"
_LONGEST_ANSWER = 4096
_SIGNATURES = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))
# Readers look for the signature of a PDF that far.
_NEAR_THE_START = 1024


class Unfit(Exception):
    """A file that is not taken; `message` says what is wrong and what to do."""

    def __init__(self, code: str, note: str = "", **details: Any) -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note
        self.message = _sentence(code, details)


@dataclass(frozen=True)
class Inspected:
    """What a content turned out to be."""

    media_type: str
    sha256: str
    size: int
    pages: int


def hash_of(content: bytes) -> str:
    """SHA-256 of a content."""
    return hashlib.sha256(content).hexdigest()


def inspect(content: bytes, file_name: str = "", limits: Limits | None = None) -> Inspected:
    """Reads the whole file. Raises Unfit, and nothing else, for any content."""
    limits = limits or Limits()
    if not content:
        raise Unfit("empty")
    if len(content) > limits.size:
        raise Unfit("too_large", most=limits.size // MEGABYTE)
    media_type = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), "")
    if not media_type:
        if b"%PDF-" in content[:_NEAR_THE_START]:
            raise Unfit("leading")
        raise Unfit("other_kind", end=Path(file_name).suffix.lower())
    answer = _asked(content, media_type, limits)
    if "error" in answer:
        details = {key: value for key, value in answer.items() if key not in ("error", "note")}
        raise Unfit(str(answer["error"]), note=str(answer.get("note", "")), **details)
    return Inspected(media_type, hash_of(content), len(content), answer["pages"])


def _paths() -> str:
    """Where the child finds itself and the two readers; nothing else of the installation is on its way."""
    folders = {str(_HERE)}
    for name in ("pypdf", "PIL"):
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise Unfit("unavailable", note=f"{name} is not installed")
        folders.add(str(Path(spec.origin).parent.parent))
    return ":".join(sorted(folders))


def _asked(content: bytes, media_type: str, limits: Limits) -> dict[str, Any]:
    try:
        with tempfile.TemporaryFile(prefix="scan-") as upload:  # without a name: it is gone with this process
            upload.write(content)
            upload.seek(0)
            child = Child(_CHILD, [media_type, json.dumps(limits.as_dict()), _paths()], upload)
    except OSError as error:
        raise Unfit("unavailable", note=str(error)) from None
    with child:
        try:
            answer = json.loads(b"".join(child.said(limits.wall_seconds, _LONGEST_ANSWER)))
            known = isinstance(answer, dict) and ("error" in answer or isinstance(answer["pages"], int))
        except (TooLong, TooMuch, ValueError, LookupError, RecursionError):
            known = False
    if not known:
        raise Unfit("too_complex", note=f"the reader ended with status {child.status}")
    return dict(answer)


def _sentence(code: str, details: dict[str, Any]) -> str:
    match code:
        case "too_large":
            return _("Файл должен быть меньше %(most)s МБ", most=details["most"])
        case "too_many_dots":
            return _(
                "На картинке больше %(most)s млн точек. Отсканируйте с разрешением 300 точек на дюйм",
                most=details.get("most", ""),
            )
        case "other_kind" if details.get("end") in (".pdf", ".jpg", ".jpeg", ".png"):
            return _(
                "В имени файла «%(end)s», но внутри не PDF, JPG или PNG. Выберите файл PDF, JPG или PNG", end=details["end"]
            )
    sentences = {
        "none": _("Выберите файл PDF, JPG или PNG"),
        "empty": _("Файл пустой. Выберите файл PDF, JPG или PNG"),
        "other_kind": _("Выберите файл PDF, JPG или PNG"),
        "leading": _("В начале файла есть лишнее: PDF начинается не сразу. Сохраните документ в PDF заново"),
        "trailing": _("После конца документа в файле есть лишнее. Сохраните документ заново и загрузите новый файл"),
        "password": _("Файл защищён паролем. Снимите защиту и загрузите снова"),
        "script": _("В PDF есть программа. Напечатайте документ в новый PDF и загрузите его"),
        "launch": _("Этот PDF запускает другие программы. Напечатайте документ в новый PDF и загрузите его"),
        "embedded": _("В PDF вложены другие файлы. Загрузите их отдельно, а документ напечатайте в новый PDF"),
        "cut_off": _("Файл скопирован не до конца. Скопируйте или отсканируйте документ ещё раз"),
        "no_pages": _("В PDF нет страниц. Выберите другой файл"),
        "too_complex": _("Файл слишком сложный для проверки. Отсканируйте документ заново или напечатайте его в новый PDF"),
        "unavailable": _("Сейчас файлы не проверяются. Повторите через минуту"),
    }
    return sentences.get(code) or _("Файл повреждён. Откройте его у себя, сохраните заново и загрузите снова")
