"""What a page asks while somebody types: programmes by words, what a number and a name suggest; the search of the header."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.extensions import db
from exchange.people import iin as iins
from exchange.people.names import latin
from exchange.reference import classifiers
from exchange.students import order_queries, queries
from exchange.students.actions import Double, find_doubles
from exchange.students.fields import FOUND
from exchange.students.queries import Wanted
from exchange.students.student_form import StudentForm
from exchange.students.views.listing import LONGEST_QUERY, WHOLE, number_in
from exchange.students.views.room import room
from exchange.web.limits import Limit, take
from exchange.web.pages import today

# A person asks once for each name and number that is typed; who tries numbers one after another asks more often.
BY_ACCOUNT = Limit("student-hints/account", 600, dt.timedelta(hours=1))


@room.get("/programmes")
@allow(Permission.STUDENT_READ)
def programmes() -> Any:
    """Programmes that the words name: code, words, level."""
    words = " ".join(request.args.get("q", "").split())[:200]
    found = classifiers.search_programmes(words, limit=FOUND) if words else []
    return jsonify([{"code": p.code, "label": str(p), "level": p.level_code or ""} for p in found])


@room.post("/find")
@allow(Permission.STUDENT_READ)
def find() -> Any:
    """The search of the header: one hit opens the record, several lead to the list; of the list itself (`do=list`): its other
    filters stay. A number stays in no address."""
    words = " ".join(request.form.get("q", "").replace("\x00", "").split())[:LONGEST_QUERY]
    session = db.session()
    if number := number_in(words):
        known = queries.student_with_iin(session, number)
        if known is None:
            return redirect(url_for("students.index", unknown="1"), 303)
        return redirect(url_for("students.show", public_id=known), 303)
    if request.form.get("do") == "list":
        filters: dict[str, Any] = {name: request.form.get(name, "")[:LONGEST_QUERY] or None for name in WHOLE}
        return redirect(url_for("students.index", **filters | {"q": words or None}), 303)
    if not words:
        return redirect(url_for("students.index"), 303)
    wanted = Wanted(on=today(), q=words, status="all")
    for asked in dict.fromkeys((wanted, replace(wanted, q=queries.with_other_layout(words)))):
        found = order_queries.ids_of(session, queries.matching(asked), 2)
        if len(found) == 1:
            return redirect(url_for("students.show", public_id=found[0]), 303)
        if found:
            break
    return redirect(url_for("students.index", q=words), 303)


def hints(form: StudentForm) -> tuple[dict[str, Any], list[Double] | None]:
    """What the number says of birth and sex, how the names read in Latin letters, who is there already; nothing is judged."""
    take(db.session(), (BY_ACCOUNT, f"account {current_actor().user_id}"))
    finding = iins.examine((form.iin.data or "")[:60])
    fill = {"born": "", "sex": ""}
    if finding.is_well_formed:
        fill = {"born": f"{finding.birth_date:%d.%m.%Y}" if finding.birth_date else "", "sex": finding.sex or ""}
    form.read_day("born", birth=True)
    office = form.organisations.get(form.organisation.data or "")
    doubles: list[Double] | None = None
    candidate = form.candidate(0, office[0]) if office else None
    if candidate is not None:
        asked = replace(candidate, iin=finding.normalised)
        is_enough = bool(asked.iin or asked.documents or (asked.surname and asked.name and asked.birth_date))
        doubles = find_doubles(db.session(), [asked]).get(0, []) if is_enough else None
    told = {
        "fill": fill,
        "said": _("Подсказано по ИИН, сверьте"),
        "latin": {
            "last_name_lat": latin(form.last_name.text).upper(), "first_name_lat": latin(form.first_name.text).upper(),
        },
    }  # fmt: skip
    return told, doubles
