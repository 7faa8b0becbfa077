"""What stands in addresses and forms when the site is walked through: ids by the name of the argument, values of forms."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from exchange.merging.fields import ROWS
from tests.files.papers import pdf
from tests.world import PASSWORD, World

MISSING_ID, MISSING_NUMBER = "ZZZZZZZZZZZZ", 2_000_000_000
ABSURD = ("1", "x" * 300, "%27%20or%201=1--", "..%2f..%2fetc", "zzzzzzzzzzzz", "%00", "ӘҒҚҢӨҰҮҺІӘҒҚ")
ABSURD_NUMBERS = (0, 2**31, 2**63, 10**30)


# Transfers made for the walk: from, to, whom, state. The last two are of one university of the walk and a third one.
TRANSFERS = {
    "shown": ("ASTU", "ASU", "seitkali", "sent"), "accepted": ("ASTU", "ASU", "schmidt", "sent"),
    "declined": ("ASTU", "ASU", "mirzoyev", "sent"), "withdrawn": ("ASTU", "ASU", "kim", "requested"),
    "of ASTU": ("ASTU", "ALTSPU", "orazbayeva", "requested"), "of ASU": ("ASU", "ALTSPU", "popova", "requested"),
}  # fmt: skip
TRANSFER_OF = {
    "transfers.accept": "accepted", "transfers.decline": "declined", "transfers.withdraw": "withdrawn",
}  # fmt: skip


# What stands on a certificate of the walk.
CERTIFICATE = {
    "title": "Справка", "title_others": [], "number": "1/2026", "numbered": "№ 1/2026 от 02.11.2026", "office": "Вуз",
    "office_others": [], "city": "Барнаул", "statement": "Подтверждается.", "rows": [], "purpose": "Выдана: в банк.",
    "signature": {"post": "должность", "sign": "подпись", "name": "фамилия", "stamp": "М. П."}, "foot": "Сведения на день.",
}  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """Values for one argument: a row of the visitor's own, one of somebody else's (if there is one), one that is not there."""

    own: Any
    foreign: Any
    missing: Any
    absurd: tuple[Any, ...]


@dataclass(frozen=True)
class Ids:
    """Ids that the world does not name: made for the walk."""

    imports: dict[str, str]
    applied: dict[str, str]
    lines: dict[str, int]
    papers: dict[str, str]
    transfers: dict[str, str]
    views: dict[str, str]
    merges: dict[str, str]
    people: dict[str, str]
    drafts: dict[str, str]
    jobs: dict[str, str]
    certificates: dict[str, str]
    undos: dict[str, str]


# Which rows of the world are a visitor's own, and which are not; whoever sees everything has nothing foreign.
STUDENTS = {"asu": ("kasymova", "kim"), "branch": ("kasymova", "akhmetov"), "astu": ("kim", "akhmetov")}
INTERNSHIPS = {
    "asu": ("waiting", "minor"), "branch": ("waiting", "minor"), "astu": ("minor", "waiting"),
    "altvagon": ("waiting", "specialist"), "altkoks": ("specialist", "minor"),
}  # fmt: skip
IMPORTS = {"asu": ("asu", "altvagon"), "altvagon": ("altvagon", "asu")}


def sample(world: World, ids: Ids, key: str | None, rule: Rule, name: str) -> Sample:
    """Values for the argument `name` of a route, for the visitor `key` (None: nobody signed in)."""
    blueprint = rule.endpoint.split(".")[0]
    who = key or ""
    if blueprint == "students" and name == "public_id":
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        other = world.public_ids[foreign] if foreign else None
        return Sample(world.public_ids[own], other, MISSING_ID, ABSURD)
    if blueprint == "students" and name == "line_id":
        own, foreign = STUDENTS.get(who, ("akhmetov", "kim"))
        return Sample(ids.lines[own], ids.lines[foreign or "kim"], MISSING_NUMBER, ABSURD_NUMBERS)
    if blueprint in ("history", "certificates") and name == "public_id":
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        return Sample(world.public_ids[own], world.public_ids[foreign] if foreign else None, MISSING_ID, ABSURD)
    if name in ("certificate_id", "undo_id"):
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        made = ids.certificates if name == "certificate_id" else ids.undos
        return Sample(made[own], made[foreign] if foreign else None, MISSING_ID, ABSURD)
    if blueprint == "stays":
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        if name == "public_id":
            return Sample(world.public_ids[own], world.public_ids[foreign] if foreign else None, MISSING_ID, ABSURD)
        return Sample(world.stay_facts[own], world.stay_facts[foreign or "kim"], MISSING_NUMBER, ABSURD_NUMBERS)
    if blueprint == "files":
        own, foreign = STUDENTS.get(who, ("kasymova", None))
        if name == "subject_type":
            return Sample("student", None, "nothing", ("x" * 300, "%00"))
        known = world.public_ids if name == "subject_id" else world.scans
        return Sample(known[own], known.get(foreign or "", None), MISSING_ID, ABSURD)
    if blueprint in ("particulars", "consents") and name in ("public_id", "document_id", "guardian_id", "entry_id"):
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        if "day" in rule.arguments and who == "asu":
            own = "ivanov"  # took the citizenship of Russia on 10.11.2025
        if name == "public_id":
            return Sample(world.public_ids[own], world.public_ids[foreign] if foreign else None, MISSING_ID, ABSURD)
        rows = {"document_id": world.documents, "guardian_id": world.guardians, "entry_id": world.consents}[name]
        return Sample(rows[own], rows[foreign or "kim"], MISSING_NUMBER, ABSURD_NUMBERS)
    if blueprint == "particulars" and name == "day":
        return Sample("2025-11-10", None, "1999-01-01", ("x" * 300, "%27%20or%201=1--", "%00", "2025-13-40"))
    if blueprint == "consents" and name == "code":
        return Sample("processing", None, "nothing", ("x" * 300, "%27%20or%201=1--", "%00"))
    if blueprint == "students" and name == "paper_id":
        own, foreign = STUDENTS.get(who, ("kasymova", None))
        return Sample(ids.papers[own], ids.papers[foreign] if foreign else None, MISSING_ID, ABSURD)
    if blueprint == "students" and name == "view_id":
        own = ids.views.get(who, ids.views["auditor"])
        return Sample(own, ids.views["auditor" if who == "astu" else "astu"], MISSING_ID, ABSURD)
    if blueprint == "drafts" and name == "public_id":
        return Sample(ids.drafts[who or "asu"], ids.drafts["auditor" if who == "astu" else "astu"], MISSING_ID, ABSURD)
    if blueprint == "jobs" and name == "public_id":
        return Sample(ids.jobs[who or "asu"], ids.jobs["auditor" if who == "astu" else "astu"], MISSING_ID, ABSURD)
    if blueprint == "internships" and name == "public_id":
        own, foreign = INTERNSHIPS.get(who, ("minor", None))
        if rule.endpoint in STARTED and who == "altvagon":
            own = "minor"
        other = world.internship_public_ids[foreign] if foreign else None
        return Sample(world.internship_public_ids[own], other, MISSING_ID, ABSURD)
    if blueprint == "imports" and name == "public_id":
        own, foreign = IMPORTS.get(who, ("asu", None))
        made = ids.applied if rule.endpoint == "imports.undo" else ids.imports
        return Sample(made[own], made[foreign] if foreign else None, MISSING_ID, ABSURD)
    if blueprint == "transfers" and rule.endpoint in ("transfers.send", "transfers.send_record"):
        own, foreign = STUDENTS.get(who, ("akhmetov", None))
        return Sample(world.public_ids[own], world.public_ids[foreign] if foreign else None, MISSING_ID, ABSURD)
    if blueprint == "transfers" and name == "public_id":
        own = TRANSFER_OF.get(rule.endpoint, "shown")
        return Sample(ids.transfers[own], ids.transfers["of ASU" if who == "astu" else "of ASTU"], MISSING_ID, ABSURD)
    if blueprint == "merging" and name == "public_id":
        return Sample(ids.merges["ASU"], ids.merges["ASTU"], MISSING_ID, ABSURD)
    if blueprint == "merging":
        return Sample(ids.people["akhmetov" if name == "first_id" else "kurmangali"], ids.people["kim"], MISSING_ID, ABSURD)
    if blueprint == "accounts" and name == "user_id":
        return Sample(world.actors["astu"].user_id, None, MISSING_NUMBER, ABSURD_NUMBERS)
    if blueprint == "organisations" and name == "code":
        return Sample("ALTKOKS", None, "NOSUCH", ("x" * 300, "%27%20or%201=1--", "%00"))
    if blueprint == "reports" and name == "number":
        return Sample("R01", None, "R99", ("x" * 300, "%00"))
    return plain(rule, name)


def plain(rule: Rule, name: str) -> Sample:
    """Arguments that are no ids of rows."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return Sample(sorted(converter.items)[0], None, "nothing", ())
    known = {"static": "app.css", "token": "x" * 40, "code": "confirm"}
    found = known.get(rule.endpoint, known.get(name))
    assert found is not None or isinstance(converter, IntegerConverter), f"{rule}: say here what stands for {name}"
    return Sample(found if found is not None else 1, None, "nothing", ())


# Pages of internships that only make sense once the internship has begun.
STARTED = {
    "internships.ask_evaluation", "internships.evaluate", "internships.ask_weeks", "internships.record_weeks",
    "internships.edit", "internships.update",
}  # fmt: skip

ROSTER = (
    "Фамилия;Имя;Отчество;Дата рождения;Пол;Документ;Гражданство;Регион;Направление подготовки;Уровень;Курс;Форма обучения;"
    "Источник финансирования;Номер приказа;Дата приказа\n"
    "Сапаров;Мирас;Серикович;12.05.2007;м;N12345678;Казахстан;ВКО;09.03.03 Прикладная информатика;бакалавриат;1;очная;"
    "бюджет;11-с;20.08.2026\n"
)
INTERNS = (
    "Вид;Фамилия;Имя;Отчество;Дата рождения;Вуз;Начало практики;Окончание практики;Подразделение;Наставник\n"
    "практика;Сапаров;Мирас;Серикович;12.05.2007;АлтГТУ;01.12.2026;26.12.2026;Сборочный цех;Лапина О. В.\n"
)


def upload(kind: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO((ROSTER if kind == "students" else INTERNS).encode("utf-8-sig")), f"{kind}.csv"


# Where the form of a POST is found, if not on the same address; a place may use the arguments of the route.
PAGE_OF = {
    "accounts.create": "/accounts/new",
    "accounts.update": "/accounts/{user_id}/edit",
    "accounts.link": "/accounts/{user_id}",
    "organisations.create": "/organisations/new",
    "organisations.update": "/organisations/{code}/edit",
    "imports.apply": "/imports/{public_id}",
    "imports.cancel": "/imports/{public_id}",
    "imports.undo": "/imports/{public_id}/undo",
    "imports.forget": "/imports/choices",
    "imports.fixes": "/imports/{public_id}",
    "internships.agree": "/internships/{public_id}/student",
    "internships.find": "/internships/new",
    "students.change_view": "/students/views",
    "students.delete_view": "/students/views",
    "students.reveal": "/students/{public_id}",
    "students.undo": "/students",
    "students.sheet_open": "/students/{public_id}/sheet",
    "stays.reveal": "/students/{public_id}/stay",
    "particulars.reveal": "/students/{public_id}/particulars",
    "transfers.withdraw": "/transfers/{public_id}",
    "merging.set_apart": "/students/duplicates",
    "merging.take_back": "/students/duplicates?tab=aside",
    "merging.name_other": "/students/duplicates",
    "profile.act_as": "/me",
    "drafts.delete": "/me/drafts",
    "jobs.cancel": "/jobs/{public_id}",
    "students.find": "/students",
    "profile.password": "/me/security",
    "profile.switch_on": "/me/second-factor",
}

# What a page is asked for besides its address.
QUERY = {
    "students.order_new": "?type=expulsion",
    "students.order_record": "?type=expulsion",
    "stays.new": "?kind=medical",
    "stays.record": "?kind=medical",
    "students.orders_many": "?type=course_transfer&all=1",
    "students.orders_many_record": "?type=course_transfer&all=1",
    "students.paper_new": "?type=course_transfer",
    "students.paper_create": "?type=course_transfer",
    "overview.changes": "?on=2026-10-01&vs=2025-10-01&kind=enrolled",
}
# Doors that this walk can't come through, each with the reason; what is behind them is tested in its own room.
NOT_REACHED = {
    "GET entrance.invitation": "needs the link of a letter",
    "POST entrance.invitation": "needs the link of a letter",
    "POST profile.switch_off": "needs a second factor that is switched on",
    "POST internships.evaluate": "needs an internship that is over",
}


def form_for(visitor: Any, world: World, door: Any, path: str, own: dict[str, Any]) -> dict[str, Any]:
    """The form that a browser would send: what the page holds, with the values that a person would add."""
    page = PAGE_OF.get(door.endpoint, "").format(**own) or path
    return {**visitor.form_on(page, path.partition("?")[0]), **added(visitor.key, door.endpoint, world)}


NAMES = {"last_name": "Сапаров", "first_name": "Мирас", "patronymic": "Серикович", "sex": "M", "born": "12.05.2007"}
STUDENT = NAMES | {
    "no_iin": "y", "citizenship": "KZ", "region": "630000000",
    "document_type": "kz_passport", "passport": "N12345678", "level": "bachelor",
    "programme_query": "09.03.03", "programme": "09.03.03", "form": "full", "course": "1", "funding": "contract_person",
    "record_book": "26-1234", "order_type": "enrolment", "order_number": "17-с", "order_date": "20.08.2026",
    "enrolled_on": "01.09.2026", "do": "record",
}  # fmt: skip
INTERN = NAMES | {
    "kind": "specialist", "employer": "ТОО «Завод»", "position": "инженер", "starts_on": "01.12.2026", "ends_on": "26.12.2026",
    "department": "Сборочный цех", "mentor": "Лапина О. В.", "do": "save",
}  # fmt: skip
# What a person types into a form, by the endpoint that takes it.
TYPED: dict[str, dict[str, Any]] = {
    "accounts.create": {"email": "new@example.org", "name": "Новая", "organisation": "ASTU", "role": "university"},
    "entrance.reset": {"email": "asu@example.org"},
    "entrance.sign_in": {"email": "asu@example.org", "password": PASSWORD},
    "files.remove_record": {"reason": "приложен не тому студенту"},
    "imports.forget": {"what": "all"},
    "internships.agree": {"do": "agree"},
    "internships.create": INTERN,
    "internships.find": NAMES | {"kind": "practice", "university": "ASU"},
    "internships.evaluate": {"grade": "5", "review": "Освоила программу.", "do": "save"},
    "internships.refuse": {"reason": "Не наш студент"},
    "merging.merge": {
        **{f"choice-{name}": "first" for name in ROWS}, "typed": "объединить", "do": "record",
    },
    "organisations.create": {
        "kind": "enterprise", "code": "NEWPLANT", "short_ru": "Завод", "name_ru": "Завод", "city": "Барнаул", "do": "save",
    },
    "profile.password": {"present": PASSWORD, "password": "quite another long sentence"},
    "consents.mistake_record": {"reason": "ошибочная запись"},
    "consents.record": {"day": "20.11.2026", "form": "paper", "given_by": "self"},
    "consents.withdraw_record": {"day": "22.11.2026"},
    "particulars.change_correct": {"ground": "другой паспорт"},
    "particulars.change_record": {"day": "20.11.2026", "ground": "паспорт", "citizenship": "RU"},
    "particulars.document_add": {"passport": "N87654321"},
    "particulars.guardian_add": {"name": "Ли Анна", "relation": "mother", "since": "01.09.2024"},
    "particulars.take_back_record": {"reason": "ошибочная запись"},
    "stays.annul_record": {"reason": "ошибочная запись"},
    "stays.record": {"starts_on": "20.11.2026", "ends_on": "19.11.2027"},
    "certificates.create": {"addressee": "в банк", "stated_on": "23.11.2026", "do": "save"},
    "students.annul_record": {"number": "18-с", "signed_on": "20.11.2026", "reason": "ошибочная запись", "do": "record"},
    "students.change_view": {"name": "Набор 2026", "do": "rename"},
    "students.create": STUDENT,
    "students.find": {"q": "Ким"},
    "students.orders_many_record": {
        "number": "20-с", "signed_on": "20.11.2026", "effective_on": "20.11.2026", "course": "next", "do": "check",
    },
    "students.paper_annul_record": {"number": "21-с", "signed_on": "20.11.2026", "reason": "ошибочная запись", "do": "check"},
    "students.paper_create": {
        "number": "22-с", "signed_on": "20.11.2026", "course": "next", "expected": "37", "org": "ASU", "do": "save",
    },
    "transfers.accept": {
        "programme": "09.03.04", "form": "full", "course": "2", "funding": "contract_person", "order_number": "91-п",
        "order_date": "20.11.2026", "enrolled_on": "23.11.2026", "do": "accept",
    },
    "transfers.decline": {"reason": "Мест нет"},
    "transfers.send_record": {
        "to": "ASTU", "number": "20-п", "signed_on": "20.11.2026", "effective_on": "20.11.2026", "do": "record",
    },
    "students.save_view": {"name": "Третий курс"},
    "students.order_record": {
        "number": "19-с", "signed_on": "20.11.2026", "effective_on": "20.11.2026", "ground": "own_wish", "do": "record",
    },
}  # fmt: skip


def added(key: str | None, endpoint: str, world: World) -> dict[str, Any]:
    """What a person adds to a form; a file is made anew for each sending."""
    if endpoint == "imports.create":
        return {"file": upload("students" if key == "asu" else "interns")}
    if endpoint == "files.attach_record":
        return {"kind": "passport", "scan_file": (io.BytesIO(pdf(seed=77)), "scan.pdf"), "do": "save"}
    if endpoint == "transfers.create":
        return {"number": world.iins["tolegenova"], "born": "20.11.2008"}
    if endpoint == "merging.name_other":
        return {"of": world.public_ids["kasymova"], "other": "ASU-akhmetov"}
    return TYPED.get(endpoint, {})
