"""How an internship is said on a page and in a workbook: names, span, stage, sender, values of single columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

from exchange.internships.models import Internship
from exchange.internships.stages import GRADES, KINDS, OUTCOMES, STAGES, TONES, Kind, Stage, agreement_of
from exchange.people.iin import mask
from exchange.web.pages import day


def full_name(one: Internship) -> str:
    return " ".join(part for part in (one.surname, one.name, one.patronymic) if part)


def span(one: Internship) -> str:
    """02.11–27.11.2026, or with both years when they differ."""
    first = f"{one.starts_on:%d.%m}" if one.starts_on.year == one.ends_on.year else day(one.starts_on)
    return f"{first}–{day(one.ends_on)}"


def sender(one: Internship) -> str:
    """The university of a student, the employer of a specialist."""
    return one.university.short_ru if one.university is not None else one.employer


def stage_now(one: Internship, today: dt.date) -> Stage:
    """The stage as people see it: whose last day is over waits for a mark."""
    is_over = one.status == Stage.STARTED and one.ends_on < today
    return Stage.FINISHED if is_over else Stage(one.status)


def stage_badge(one: Internship, today: dt.date) -> tuple[str, Any]:
    """(tone, words) of the stage."""
    stage = stage_now(one, today)
    return TONES[stage], STAGES[stage]


def agreement_badge(one: Internship) -> tuple[str, str]:
    """(tone, words) of the university's word."""
    return agreement_of(one.recognition, one.agreed_at is not None, one.refusal, one.status)


def is_practice(one: Internship) -> bool:
    return one.kind == Kind.PRACTICE


def value_in_words(column: str, value: Any, universities: dict[int, str]) -> str:
    """A value of a column as people read it."""
    if value in (None, ""):
        return ""
    if isinstance(value, dt.date):
        return day(value)
    match column:
        case "iin":
            return mask(value)
        case "kind":
            return str(KINDS.get(value, value))
        case "outcome":
            return str(OUTCOMES.get(value, value))
        case "grade":
            return str(GRADES.get(value, value))
        case "university_id":
            return universities.get(value, "")
        case _:
            return str(value)
