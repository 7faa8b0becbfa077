"""Stages of an internship: what follows what, under which conditions, and how a list is sorted by them."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l


class Kind(enum.StrEnum):
    """Practice of a student, or internship of a specialist from Kazakhstan."""

    PRACTICE = "practice"
    SPECIALIST = "specialist"


class Stage(enum.StrEnum):
    """Where an internship stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    STARTED = "started"
    FINISHED = "finished"
    EVALUATED = "evaluated"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Recognition(enum.StrEnum):
    """Does the university know this student?"""

    NOT_NEEDED = "not_needed"
    WAITING = "waiting"
    RECOGNISED = "recognised"
    REFUSED = "refused"


class Outcome(enum.StrEnum):
    """What the enterprise made of it afterwards."""

    HIRED = "hired"
    INVITED = "invited"
    RESERVE = "reserve"
    NO = "no"


KINDS: Mapping[str, Any] = {Kind.PRACTICE: _l("Практика студента"), Kind.SPECIALIST: _l("Стажировка специалиста")}
STAGES: Mapping[str, Any] = {
    Stage.PLANNED: _l("Запланирована"),
    Stage.CONFIRMED: _l("Подтверждена"),
    Stage.STARTED: _l("Идёт"),
    Stage.FINISHED: _l("Ждёт оценки"),
    Stage.EVALUATED: _l("Завершена"),
    Stage.CANCELLED: _l("Отменена"),
    Stage.INTERRUPTED: _l("Прервана"),
}
# The look of a stage: word, shape and tint.
TONES: Mapping[str, str] = {
    Stage.PLANNED: "",
    Stage.CONFIRMED: "info",
    Stage.STARTED: "ok",
    Stage.FINISHED: "warn sq",
    Stage.EVALUATED: "ring",
    Stage.CANCELLED: "ring",
    Stage.INTERRUPTED: "ring",
}
OUTCOMES: Mapping[str, Any] = {
    Outcome.HIRED: _l("Принят на работу"),
    Outcome.INVITED: _l("Приглашён на работу"),
    Outcome.RESERVE: _l("В кадровом резерве"),
    Outcome.NO: _l("Не принят"),
}
GRADES: Mapping[int, Any] = {
    5: _l("5 — отлично"),
    4: _l("4 — хорошо"),
    3: _l("3 — удовлетворительно"),
    2: _l("2 — неудовлетворительно"),
}


@dataclass(frozen=True)
class Step:
    """One move from stage to stage, as a button says it."""

    code: str
    to: Stage
    before: frozenset[Stage]
    label: Any
    submit: Any
    needs_reason: bool = False


STEPS: Mapping[str, Step] = {
    step.code: step
    for step in (
        Step("confirm", Stage.CONFIRMED, frozenset({Stage.PLANNED}), _l("Подтвердить место"), _l("Подтвердить место")),
        Step("start", Stage.STARTED, frozenset({Stage.CONFIRMED}), _l("Начать"), _l("Начать")),
        Step("finish", Stage.FINISHED, frozenset({Stage.STARTED}), _l("Закончить"), _l("Закончить")),
        Step(
            "cancel", Stage.CANCELLED, frozenset({Stage.PLANNED, Stage.CONFIRMED}), _l("Отменить"), _l("Отменить запись"),
            needs_reason=True,
        ),
        Step("interrupt", Stage.INTERRUPTED, frozenset({Stage.STARTED}), _l("Прервать"), _l("Прервать"), needs_reason=True),
    )
}  # fmt: skip
HAPPENED = frozenset({Stage.STARTED, Stage.FINISHED, Stage.EVALUATED, Stage.INTERRUPTED})
DONE = frozenset({Stage.FINISHED, Stage.EVALUATED})
OPEN = frozenset({Stage.PLANNED, Stage.CONFIRMED, Stage.STARTED})


def steps_from(stage: str) -> list[Step]:
    """The moves that are possible now, in the order of the buttons."""
    return [step for step in STEPS.values() if stage in step.before]


def agreement_of(recognition: str, agreed: bool, refusal: str, stage: str) -> tuple[str, str]:
    """The word of the university as (tone, words) for a badge."""
    if recognition == Recognition.NOT_NEEDED:
        return "ring", _("Не требуется")
    if refusal or recognition == Recognition.REFUSED:
        return "bad sq", _("Вуз отказал")
    if agreed:
        return "ok", _("Вуз согласовал")
    if stage == Stage.CANCELLED:
        return "ring", _("Не требуется")
    return "warn sq", _("Ждёт вуз")
