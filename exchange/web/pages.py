"""What every page needs: the words of dates and numbers, the menu, addresses of files, and pages of a list."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, abort, g, redirect, request, url_for
from flask_babel import format_date, get_domain, get_locale
from flask_babel import lazy_gettext as _l
from jinja2 import StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from exchange.access.actor import Role, current_actor, has_actor
from exchange.access.doors import door_of, may, opens
from exchange.config import TIME_ZONE

BARNAUL = ZoneInfo(TIME_ZONE)
NBSP = "\u00a0"
# The menu: endpoint, label. It is drawn from the doors: an item is shown to those who may enter.
MENU = (
    ("overview.index", _l("Обзор")),
    ("students.index", _l("Студенты")),
    ("transfers.index", _l("Переводы")),
    ("internships.index", _l("Практики и стажировки")),
    ("imports.index", _l("Загрузки")),
    ("reports.index", _l("Отчёты")),
    ("accounts.index", _l("Пользователи")),
    ("organisations.index", _l("Организации")),
    ("audit.index", _l("Журнал")),
)
HOME = {
    Role.UNIVERSITY: "students.index",
    Role.ENTERPRISE: "internships.index",
    Role.MINISTRY: "overview.index",
    Role.AKIMAT: "overview.index",
    Role.ADMINISTRATOR: "accounts.index",
    Role.AUDITOR: "audit.index",
}


def today() -> dt.date:
    """This day in Barnaul: the day that deadlines and «not later than today» mean."""
    return dt.datetime.now(BARNAUL).date()


def day(value: dt.date | None) -> str:
    return "—" if value is None else f"{value:%d.%m.%Y}"


def long_day(value: dt.date) -> str:
    return format_date(value, "long").replace("\u202f", NBSP)


def moment(value: dt.datetime | None) -> str:
    return "—" if value is None else f"{value.astimezone(BARNAUL):%d.%m.%Y %H:%M}"


def number(value: float | str | None) -> str:
    """1 984 with a space that does not break; text (a suppressed cell) as it is."""
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    if not float(value).is_integer():
        return f"{value:,.1f}".replace(",", NBSP).replace(".", ",").replace("-", "−")
    return f"{int(value):,}".replace(",", NBSP).replace("-", "−")


def signed(value: int | str) -> str:
    return value if isinstance(value, str) else ("+" if value > 0 else "") + number(value)


_catalogues: dict[Any, Any] = {}


def translated(text: str, **values: Any) -> Markup:
    """`_` of the templates, in a third of the time that the one of the extension takes: a page asks for sixty sentences."""
    locale = get_locale()
    if (catalogue := _catalogues.get(locale)) is None:
        catalogue = _catalogues[locale] = get_domain().get_translations()
    found = Markup(catalogue.ugettext(text))  # noqa: S704  (sentences of the sources and of the catalogues)
    return found % values if values or "%" in found else found


@dataclass
class Page:
    """A page of a list for the pager: `rows` and where the others are."""

    rows: Sequence[Any]
    total: int
    first_row: int
    size: int
    previous_url: str | None = None
    next_url: str | None = None
    pages: list[tuple[str, str, bool] | None] = field(default_factory=list)
    sizes: list[tuple[int, str, bool]] = field(default_factory=list)

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1 if self.rows else 0


def address(**changes: Any) -> str:
    """The address of this page with some query parameters changed (None takes one away); canonical order, none empty."""
    values = MultiDict(request.args)
    for name, value in changes.items():
        values.poplist(name)
        if value not in (None, ""):
            values.setlist(name, [str(value)] if not isinstance(value, list | tuple) else [str(v) for v in value])
    pairs = sorted((k, v) for k, v in values.items(multi=True) if v != "")
    return request.path + ("?" + urlencode(pairs) if pairs else "")


def go(endpoint: str, **values: Any) -> Response:
    """POST → 303 → GET."""
    return redirect(url_for(endpoint, **values), 303)


def public_id_or_404(text: str) -> str:
    if not re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", text):
        abort(404)
    return text


def _navigation(app: Flask) -> list[dict[str, Any]]:
    """The menu of this request, worked out once however many templates are drawn."""
    if "navigation" not in g:
        g.navigation = _menu(app)
    found: list[dict[str, Any]] = g.navigation
    return found


def _menu(app: Flask) -> list[dict[str, Any]]:
    grants = app.extensions["doors"]["grants"]
    role = current_actor().role
    blueprint = request.blueprint
    counts: dict[str, Callable[[], int]] = app.extensions.get("menu_counts", {})  # what waits, said by the room itself
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "current": endpoint.split(".")[0] == blueprint or request.path.startswith(url_for(endpoint) + "/"),
            "count": counts[endpoint]() if endpoint in counts else None,
        }
        for endpoint, label in MENU
        if endpoint in app.view_functions and opens(door_of(app, endpoint), role, grants)
    ]


def init_app(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["_"] = translated
    app.jinja_env.filters.update(day=day, long_day=long_day, moment=moment, number=number, signed=signed)
    hashes: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in hashes or app.debug:
            hashes[name] = hashlib.sha256((Path(app.static_folder or "") / name).read_bytes()).hexdigest()[:12]
        return url_for("static", filename=name, v=hashes[name])

    @app.context_processor
    def context() -> dict[str, Any]:
        actor = current_actor() if has_actor() else None
        person = actor is not None and actor.role not in (Role.GATE, Role.SYSTEM)
        return {
            "actor": actor if person else None,
            "navigation": _navigation(app) if person else [],
            "may": may if person else lambda permission: False,
            "asset": asset,
            "address": address,
            "language": str(get_locale() or "ru"),
            "languages": [("ru", "Рус")],
            "theme": request.cookies.get("theme", "auto") if request.cookies.get("theme") in ("light", "dark") else "auto",
            "demo": bool(getattr(g.get("account"), "is_demo", False)),
            "now": dt.datetime.now(BARNAUL),
            "today": today(),
        }
