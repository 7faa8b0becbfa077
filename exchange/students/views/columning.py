"""The choice of columns: ticks and arrows, no script. What is chosen stands in the address of the list and nowhere else."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from exchange.access.doors import allow, may
from exchange.access.permissions import Permission
from exchange.students.views import columns, listing
from exchange.students.views.room import room


@room.get("/columns")
@allow(Permission.STUDENT_READ)
def choose_columns() -> Any:
    """Which columns the list shows in which order. A tick, an arrow, «Показать» — each sends the whole form."""
    asked = listing.read()
    known = columns.offered(may)
    if len(asked.organisations) == 1:
        known.remove("organisation")
    given = request.args.getlist("c")
    shown = [key for key in dict.fromkeys(given) if key in known] if given else [k for k in asked.columns if k in known]
    shown = _moved(shown, request.args.get("up", ""), -1)
    shown = _moved(shown, request.args.get("down", ""), 1)
    do = request.args.get("do")
    if do in ("show", "usual"):
        usual = columns.usual(len(asked.organisations) > 1)
        named = "" if do == "usual" or not shown or tuple(shown) == usual else ",".join(shown)
        query = listing.whole_query(columns=named)
        return redirect(url_for("students.index") + (f"?{query}" if query else ""), 303)
    rest = [key for key in known if key not in shown]
    return render_template(
        "students/columns.html",
        shown=[columns.KINDS[key] for key in shown],
        rest=[columns.KINDS[key] for key in rest],
        kept=[(name, request.args[name]) for name in listing.WHOLE if name != "columns" and request.args.get(name)],
        back=listing.whole_query(),
    )


def _moved(shown: list[str], key: str, step: int) -> list[str]:
    """The same columns, one of them a place further."""
    if key not in shown:
        return shown
    place = shown.index(key)
    there = min(max(place + step, 0), len(shown) - 1)
    shown[place], shown[there] = shown[there], shown[place]
    return shown
