"""Templates drawn without the application: a bare Jinja environment with the contract of the pages."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "exchange" / "static"


def number(value: int | str) -> str:
    return value if isinstance(value, str) else f"{value:,}".replace(",", "\u00a0")


def signed(value: int | str) -> str:
    return value if isinstance(value, str) else ("+" if value > 0 else "−" if value < 0 else "") + number(abs(value))


def environment(**more: Any) -> Environment:
    """Source texts stay as they are: no catalogue, so plurals show the two forms that stand in the templates."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True, extensions=["jinja2.ext.i18n"]
    )
    install: Any = getattr(env, "install_gettext_callables")  # noqa: B009  # put there by the extension
    install(lambda text: text, lambda one, many, n: one if n == 1 else many, newstyle=True)
    env.globals.update(
        asset=lambda name: f"/static/{name}?v=1",
        csrf_token=lambda: "token",
        get_flashed_messages=lambda **_: [],
        idle_seconds=lambda: 1800,
    )
    env.globals.update(more)
    env.filters.update(number=number, signed=signed)
    env.filters.update(day=lambda day: day.strftime("%d.%m.%Y"), moment=lambda moment: moment.strftime("%d.%m.%Y %H:%M"))
    return env


@cache
def shared() -> Environment:
    """One environment for the drawings that change nothing of it: the components are compiled once."""
    return environment()


def draw(file: str, names: str, body: str, **context: Any) -> BeautifulSoup:
    """One expression with macros of one file of components."""
    source = f"{{% from 'components/{file}.html' import {names} %}}{body}"
    return BeautifulSoup(shared().from_string(source).render(**context), "html.parser")


def module(file: str) -> Any:
    return shared().get_template(f"components/{file}.html").module


def one(soup: Any, selector: str) -> Any:
    found = soup.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)} in {soup}"
    return found[0]


NOW = datetime(2026, 11, 23, 7, 55, tzinfo=ZoneInfo("Asia/Barnaul"))


def context(**changes: Any) -> dict[str, Any]:
    """What the application gives to every page."""
    known: dict[str, Any] = {
        "actor": SimpleNamespace(name="Е. Волкова", label="АлтГТУ", initials="ЕВ", role="university"),
        "navigation": [SimpleNamespace(label="Студенты", url="/students", current=True, count=None)],
        "may": lambda permission: permission == "student:read",
        "language": "ru",
        "languages": [("ru", "Рус")],
        "theme": "auto",
        "demo": True,
        "now": NOW,
    }
    return known | changes
