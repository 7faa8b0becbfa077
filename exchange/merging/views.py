"""Pages of doubles: the list of pairs, two records side by side, the check, what was joined and how it is parted."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from exchange.access.actor import current_actor
from exchange.access.doors import allow
from exchange.access.permissions import Permission
from exchange.audit.actions import Note
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.extensions import db
from exchange.merging import actions, pairs, queries, splitting, words
from exchange.merging.cards import cards_of, merges_from
from exchange.merging.fields import FIRST, SECOND, SIDES
from exchange.merging.models import Merge
from exchange.merging.queries import Side
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person
from exchange.reference.terms import term
from exchange.students.models import Student
from exchange.students.rules import day_of
from exchange.students.views.listing import counts
from exchange.students.views.room import moment_words, student_or_404
from exchange.students.views.turning import Check
from exchange.web.pages import go, public_id_or_404, today
from exchange.web.paging import first_of, pages_of
from exchange.web.submission import once
from exchange.web.transaction import log

room = Blueprint("merging", __name__, url_prefix="/students/duplicates")
SIZE = 20
MAYBE, ASIDE, DONE = "maybe", "aside", "done"


def _numbers() -> tuple[int, int]:
    """Pairs, and records that were joined."""
    return counts().remembered("pairs", lambda: pairs.numbers(db.session()))


def _number() -> int:
    return _numbers()[0]


def _merged() -> int:
    return _numbers()[1]


def number_on_the_list() -> Check | None:
    """«Возможные дубли», with their number; with none of them the way to what was joined stays."""
    if not _number() and not _merged():
        return None
    return Check(_("Возможные дубли"), _number(), url_for("merging.index"))


# ------------------------------------------------------------------------------------------------------------- the list
@room.get("")
@allow(Permission.STUDENT_EDIT)
def index() -> Any:
    """Pairs under two tabs, and what was joined; or the pairs of one student (`of`)."""
    tab = request.args.get("tab", MAYBE)
    return _list(
        tab if tab in (MAYBE, ASIDE, DONE) else MAYBE, student_or_404(request.args["of"]) if request.args.get("of") else None
    )  # fmt: skip


def _list(tab: str, of: Student | None, typed: str = "", refusal: str = "") -> Any:
    session = db.session()
    figures = {
        MAYBE: _number(),
        ASIDE: counts().remembered("pairs aside", lambda: pairs.number_of_pairs(session, put_aside=True)),
        DONE: _merged(),
    }
    total = figures[tab]
    number = request.args.get("page", "")
    first = first_of(int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1, total, SIZE)
    cards, merges = [], []
    if tab == DONE:
        merges = merges_from(first, SIZE)
    else:
        found = pairs.page_of_pairs(session, first, SIZE, of.person_id if of else None, put_aside=tab == ASIDE)
        cards = cards_of(found, with_aside=tab == ASIDE)
        if of:
            total = len(cards)
    labels = {MAYBE: _("Возможные"), ASIDE: _("Разные люди"), DONE: _("Объединённые")}
    html = render_template(
        "merging/index.html",
        tab=tab,
        tabs=[
            {
                "label": labels[name], "url": url_for("merging.index", tab=None if name == MAYBE else name),
                "count": figures[name], "current": name == tab and of is None,
            }
            for name in labels
        ],
        of=of, cards=cards, merges=merges, page=pages_of(cards or merges, total, first, SIZE), typed=typed, refusal=refusal,
    )  # fmt: skip
    return (html, 422) if refusal else html


@room.post("/with")
@allow(Permission.STUDENT_EDIT)
def name_other() -> Any:
    """«Объединить с…»: somebody names the other record himself, by the number of its file or the IIN; then the comparison."""
    session = db.session()
    of = student_or_404(request.form.get("of", ""))
    typed = " ".join(request.form.get("other", "").replace("\x00", "").split())[:60]
    other = queries.person_named(session, typed) if typed else None
    refusal = ""
    if not typed:
        refusal = _("Введите номер дела или ИИН другой записи")
    elif other is None:
        refusal = _("Записи с номером дела или ИИН «%(typed)s» у вас нет. Проверьте номер", typed=typed)
    elif other.id == of.person_id:
        refusal = _("Это запись того же человека. Введите номер другой записи")
    if refusal or other is None:
        return _list(MAYBE, of, typed, refusal)
    person = session.get_one(Person, of.person_id)
    return redirect(url_for("merging.compare", first_id=person.public_id, second_id=other.public_id), 303)


# ------------------------------------------------------------------------------------------------------- put aside, back
@room.post("/apart")
@allow(Permission.STUDENT_EDIT)
@once
def set_apart() -> Any:
    """«Это разные люди»: only for a pair that is offered."""
    session = db.session()
    pair = _offered(put_aside=False)
    office = pair.first_office if pair.own_first else pair.second_office
    actions.set_apart(session, pair.first, pair.second, office)
    flash(_("Отмечено, что это разные люди. Пара на вкладке «Разные люди», её можно вернуть"), "ok")
    return go("merging.index")


@room.post("/together")
@allow(Permission.STUDENT_EDIT)
@once
def take_back() -> Any:
    """The pair is offered again."""
    session = db.session()
    pair = _offered(put_aside=True)
    said = queries.apart_of(session, pair.first, pair.second)
    if said is None:
        raise NotFound
    actions.take_apart_back(session, said)
    flash(_("Пара снова среди возможных дублей"), "ok")
    return go("merging.index", tab=ASIDE)


def _offered(*, put_aside: bool) -> pairs.Pair:
    """The pair that the form names, if it is in the list; raises NotFound."""
    session = db.session()
    keys = [public_id_or_404(request.form.get(name, "")) for name in SIDES]
    own_ids = current_actor().organisation_ids
    own = session.scalars(sa.select(Person.id).where(Person.public_id.in_(keys), Person.organisation_id.in_(own_ids))).all()
    ids = {key: one for one, key in actions.people_of(session, keys)}
    if not own or len(ids) != len(SIDES):
        raise NotFound
    wanted = {ids[key] for key in keys}
    found = pairs.page_of_pairs(session, 0, SIZE, own[0], put_aside=put_aside)
    pair = next((one for one in found if {one.first, one.second} == wanted), None)
    if pair is None:
        raise NotFound
    return pair


# ---------------------------------------------------------------------------------------------------------- side by side
def _two(first_id: str, second_id: str) -> tuple[Person, Person] | Any:
    """Two of one's own people, the older record first; or the page that says why they are not compared."""
    session = db.session()
    both = [queries.person_by_public_id(session, public_id_or_404(key)) for key in (first_id, second_id)]
    if both[0].id == both[1].id:
        raise NotFound
    for person in both:
        if person.merged_into_id is not None:
            return _gone(person)
    own = current_actor().organisation_ids
    for person in both:
        if person.organisation_id not in own:
            office = session.get_one(Organisation, person.organisation_id)
            return render_template("merging/elsewhere.html", office=office.short_ru, contact=office.contact), 409
    first, second = sorted(both, key=lambda one: (one.created_at, one.id))
    return first, second


def _gone(person: Person) -> Any:
    """410: where the record is now."""
    session = db.session()
    now = session.get(Person, person.merged_into_id)
    told = queries.told_of(session, [now.id]) if now else {}
    kept = told.get(now.id) if now else None
    newest = kept.students[0] if kept and kept.students else None
    return render_template("errors/410.html", status=410, student=newest), 410


@room.get("/<string:first_id>/<string:second_id>")
@allow(Permission.STUDENT_EDIT)
def compare(first_id: str, second_id: str) -> Any:
    """Two records field by field; that they were looked at is recorded."""
    two = _two(first_id, second_id)
    if not isinstance(two[0], Person):
        return two
    first, second = queries.sides(db.session(), *two)
    for side in (first, second):
        for student in side.students[:1]:
            log(Note("student:viewed", "student", student.public_id))
    return _comparison(first, second)


def _comparison(
    first: Side, second: Side, status: int = 200, *, errors: tuple[str, ...] = (), said: str = ""
) -> Any:  # fmt: skip
    session = db.session()
    typed = request.form if request.method == "POST" else {}
    rows = queries.compared(first, second)
    chosen = {row.name: typed.get(f"choice-{row.name}", "") for row in rows}
    ids = {student.organisation_id for side in (first, second) for student in side.students}
    offices = {one.id: one.short_ru for one in session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))}
    html = render_template(
        "merging/compare.html",
        first=first, second=second, lines=words.lines(rows, chosen, errors), said=said,
        titles=[words.title(side) for side in (first, second)],
        papers=[[words.document(row) for row in side.documents] for side in (first, second)],
        studies=[words.enrolments(side, today(), offices) for side in (first, second)],
        keep=typed.get("keep") if typed.get("keep") in SIDES else FIRST,
        opened=queries.state_of(first, second), since=[day_of(side.person.created_at) for side in (first, second)],
    )  # fmt: skip
    return html if status == 200 else (html, status)


@room.post("/<string:first_id>/<string:second_id>")
@allow(Permission.STUDENT_EDIT)
@once
def merge(first_id: str, second_id: str) -> Any:
    """The check page; from it, the merge. What is missing comes back with everything that was chosen."""
    session = db.session()
    two = _two(first_id, second_id)
    if not isinstance(two[0], Person):
        return two
    first, second = queries.sides(session, *two)
    if request.form.get("do") == "back":
        return _comparison(first, second)
    if request.form.get("opened") != queries.state_of(first, second):
        return _changed(first, second)
    keep = request.form.get("keep", "")
    rows = queries.compared(first, second)
    chosen = {row.name: side for row in rows if (side := request.form.get(f"choice-{row.name}", "")) in SIDES}
    missing = tuple(row.name for row in actions.unchosen(rows, chosen))
    if missing or keep not in SIDES:
        said = "" if keep in SIDES else _("Выберите, какая запись останется")
        return _comparison(first, second, 422, errors=missing, said=said)
    kept, gone = (first, second) if keep == FIRST else (second, first)
    taken = actions.choices(rows, chosen, FIRST if keep == FIRST else SECOND)
    told = words.lines(rows, chosen)
    sure = " ".join(request.form.get("typed", "").split()).lower() == str(words.WORD) if words.telling(told) else True
    if request.form.get("do") != "record" or not sure:
        asked = request.form.get("do") == "record"
        return _check(first, second, kept, gone, told, taken, is_unsure=asked and not sure)
    try:
        done = actions.merge_people(session, kept.person, gone.person, taken, request.form.get("opened"))
    except RuleBroken as broken:
        return _comparison(first, second, 422, said=str(broken.message))
    except (Conflict, IntegrityError):
        session.rollback()
        return _changed(*queries.sides(session, *two))
    flash(_("Записи объединены. Разъединить можно до %(day)s", day=f"{splitting.last_day(done):%d.%m.%Y}"), "ok")
    return go("merging.show", public_id=done.public_id)


def _changed(first: Side, second: Side) -> Any:
    """Somebody changed one of the two: who and when, and the comparison as it is now."""
    students = sorted((*first.students, *second.students), key=lambda one: one.updated_at)
    last = students[-1] if students else None
    said = _("Пока вы сравнивали, записи изменились. Сверьте их ещё раз")
    if last is not None:
        said = _(
            "Пока вы сравнивали, записи изменились: %(who)s, %(when)s. Сверьте их ещё раз",
            who=last.updated_by or "—", when=moment_words(last.updated_at),
        )  # fmt: skip
    return _comparison(first, second, 409, said=said)


def _check(
    first: Side, second: Side, kept: Side, gone: Side, told: list[words.Line], taken: set[str], *, is_unsure: bool
) -> Any:  # fmt: skip
    session = db.session()
    own = current_actor().organisation_ids
    overlaps = actions.beside(session, kept.person, gone.person)
    ids = {key for here, there, _since in overlaps for key in (here, there)}
    offices = {one.id: one for one in session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))}
    mine = [
        (" · ".join(dict.fromkeys(offices[key].short_ru for key in (here, there))), since)
        for here, there, since in overlaps
        if here in own and there in own
    ]
    others = {there if here in own else here for here, there, _since in overlaps if not (here in own and there in own)}
    same_time = words.at_the_same_time(mine, [(offices[key].short_ru, offices[key].contact) for key in sorted(others)])
    html = render_template(
        "merging/check.html",
        first=first, second=second, kept=words.title(kept),
        keep=FIRST if kept is first else SECOND,
        kept_numbers=", ".join(student.record_book_no for student in kept.students),
        gone_numbers=", ".join(student.record_book_no for student in gone.students),
        taken=[line for line in told if line.name in taken],
        side=SECOND if kept is first else FIRST,
        consequences=words.consequences(
            kept, gone, queries.counted(kept, gone, taken, today()), same_time, term(splitting.TERM, today())
        ),
        telling=words.telling(told), word=str(words.WORD), is_unsure=is_unsure, typed=request.form.get("typed", ""),
        hidden=[(f"choice-{line.name}", line.chosen) for line in told if line.differs],
        opened=request.form.get("opened", ""),
    )  # fmt: skip
    return (html, 422) if is_unsure else html


# ----------------------------------------------------------------------------------------------------------- what is done
@room.get("/merges/<string:public_id>")
@allow(Permission.STUDENT_EDIT)
def show(public_id: str) -> Any:
    """What was joined, and what parting would do."""
    return _merge_page(queries.merge_by_public_id(db.session(), public_id_or_404(public_id)))


@room.post("/merges/<string:public_id>")
@allow(Permission.STUDENT_EDIT)
@once
def split(public_id: str) -> Any:
    """«Разъединить»."""
    session = db.session()
    found = queries.merge_by_public_id(session, public_id_or_404(public_id))
    version = request.form.get("version", "")[:9]
    try:
        splitting.split_people(session, found, int(version) if version.isascii() and version.isdigit() else 0)
    except (RuleBroken, Conflict, IntegrityError):
        session.rollback()
        again = queries.merge_by_public_id(session, public_id)
        return _merge_page(again, 409, _("Запись изменилась. Проверьте, что будет, и повторите"))
    flash(_("Записи разъединены: это снова два человека"), "ok")
    return go("merging.show", public_id=public_id)


def _merge_page(found: Merge, status: int = 200, said: str = "") -> Any:
    session = db.session()
    future = splitting.outlook(session, found)
    told = queries.told_of(session, [found.kept_id, found.gone_id])
    office = session.get_one(Organisation, future.office).short_ru if future.office else ""
    parting = words.Parting()
    if future.obstacles:
        parting.refusal = words.refusal(future.obstacles[0], future, office, splitting.last_day(found))
    else:
        asked = sa.select(IdentityDocument).where(IdentityDocument.id.in_(future.documents))
        rows = session.scalars(asked).all() if future.documents else []
        parting.going = list(future.going)
        parting.staying = words.staying(future, {row.id: words.document(row) for row in rows})
    html = render_template(
        "merging/show.html",
        merge=found, parting=parting, said=said, until=splitting.last_day(found),
        kept=told.get(found.kept_id), gone=told.get(found.gone_id),
        titles=[words.title(told[key]) if key in told else "—" for key in (found.kept_id, found.gone_id)],
        merged_at=moment_words(found.merged_at), split_at=moment_words(found.split_at) if found.split_at else "",
    )  # fmt: skip
    return html if status == 200 else (html, status)
