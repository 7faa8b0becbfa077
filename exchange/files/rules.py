"""What a scan must say of itself."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from exchange.config import TIME_ZONE
from exchange.errors import RuleBroken
from exchange.files.kinds import KINDS, OTHER
from exchange.files.models import Scan

LONGEST_TITLE, LONGEST_NOTE, SHORTEST_REASON, LONGEST_REASON = 200, 400, 3, 400


def check_what(kind: str, title: str) -> None:
    """A kind of the list; «другое» is named."""
    if kind not in KINDS:
        raise RuleBroken("kind", _("Выберите, что за документ"))
    if kind == OTHER and not title:
        raise RuleBroken("title", _("Назовите документ, например «Справка с места жительства»"))


def check_reason(reason: str) -> None:
    """Why a scan is hidden."""
    if len(reason) < SHORTEST_REASON:
        raise RuleBroken("reason", _("Напишите, почему скан убирается"))


def already(scan: Scan) -> str:
    """The sentence about a content that the record has."""
    day = f"{scan.uploaded_at.astimezone(ZoneInfo(TIME_ZONE)):%d.%m.%Y}"
    if scan.removed_at is not None:
        return _("Этот файл уже приложен %(day)s и потом убран. Верните его из убранных", day=day)
    return _("Этот файл уже приложен %(day)s", day=day)
