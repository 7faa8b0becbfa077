"""The log in words: actions, kinds of records, roles, fields, and values before and after.

Codes of classifiers stay codes: the log lies under the room that knows their names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.actor import Role
from exchange.audit import words_of_persons
from exchange.audit.words_of_fields import FIELDS

# Every action that is written. One of an older version that is not here is shown as it stands.
ACTIONS = {
    "account:signed-in": _l("вход"),
    "account:signed-out": _l("выход"),
    "account:signed-out-everywhere": _l("завершены все сеансы"),
    "account:refused": _l("вход не удался"),
    "account:asked-for-link": _l("просьба о новом пароле"),
    "account:link-made": _l("сделана ссылка для пароля"),
    "account:invited": _l("приглашён пользователь"),
    "account:confirmed": _l("приглашение принято"),
    "account:password-changed": _l("сменён пароль"),
    "account:second-factor-on": _l("включён вход по коду"),
    "account:second-factor-off": _l("выключен вход по коду"),
    "account:recovery-codes-made": _l("получены новые запасные коды"),
    "account:recovery-code-used": _l("использован запасной код"),
    "account:changed": _l("изменён пользователь"),
    "account:role-removed": _l("снята роль"),
    "account:deactivated": _l("отключён пользователь"),
    "account:reactivated": _l("включён пользователь"),
    "account:viewed": _l("просмотрены пользователи"),
    "audit:viewed": _l("просмотрен журнал"),
    "audit:checked": _l("проверена цепочка журнала"),
    "audit:downloaded": _l("скачана выписка из журнала"),
    "organisation:added": _l("добавлена организация"),
    "organisation:changed": _l("изменена организация"),
    "organisation:deactivated": _l("отключена организация"),
    "organisation:reactivated": _l("включена организация"),
    "reference:loaded": _l("загружены справочники"),
    "file:attached": _l("приложен скан"),
    "file:downloaded": _l("скачан скан"),
    "file:removed": _l("убран скан"),
    "file:restored": _l("возвращён скан"),
    "import:checked": _l("проверен файл"),
    "import:received": _l("принят файл"),
    "import:refused": _l("файл не прочитан"),
    "import:applied": _l("загружен файл"),
    "import:cancelled": _l("отменена загрузка"),
    "import:undone": _l("загрузка файла взята назад"),
    "import:decided": _l("решено, как читать столбцы и слова загрузки"),
    "import:forgotten": _l("забыто, как читать столбцы и слова"),
    "import:downloaded": _l("скачан файл загрузки с пометками"),
    "import:viewed": _l("открыт протокол загрузки"),
    "internship:logged": _l("внесена практика или стажировка"),
    "internship:brought": _l("вуз внёс практику за предприятие"),
    "internship:filled": _l("дополнена практика по списку"),
    "internship:edited": _l("изменена практика или стажировка"),
    "internship:confirmed": _l("подтверждено место практики"),
    "internship:started": _l("начата практика или стажировка"),
    "internship:finished": _l("закончена практика или стажировка"),
    "internship:evaluated": _l("оценена практика или стажировка"),
    "internship:cancelled": _l("отменена практика или стажировка"),
    "internship:interrupted": _l("прервана практика или стажировка"),
    "internship:recognised": _l("вуз узнал студента"),
    "internship:agreed": _l("вуз согласовал практику"),
    "internship:declined": _l("вуз отказал в практике"),
    "internship:hours-recorded": _l("записаны часы"),
    "internship:searched": _l("искали студента для практики"),
    "internship:viewed": _l("просмотрена практика или стажировка"),
    "internship:downloaded": _l("скачан список практик"),
    "order:recorded": _l("записан приказ"),
    "order:annulled": _l("аннулирован приказ"),
    "order:entered": _l("внесён приказ без студентов"),
    "transfer:requested": _l("запрошен перевод студента"),
    "transfer:sent": _l("передан студент другому вузу"),
    "transfer:accepted": _l("принят студент из другого вуза"),
    "transfer:declined": _l("отказано в переводе"),
    "transfer:viewed": _l("просмотрен переводимый студент"),
    "transfer:withdrawn": _l("отозван перевод"),
    "report:downloaded": _l("скачан отчёт"),
    "stay:viewed": _l("просмотрены сведения о пребывании"),
    "stay:recorded": _l("внесены сведения о пребывании"),
    "stay:annulled": _l("аннулированы сведения о пребывании"),
    "certificate:issued": _l("выдана справка"),
    "certificate:downloaded": _l("скачана справка"),
    "student:undone": _l("отменено последнее действие"),
    "student:registered": _l("внесён студент"),
    "student:imported": _l("внесены студенты списком"),
    "student:changed": _l("изменена карточка студента"),
    "student:corrected": _l("исправлены сведения о студенте"),
    "student:viewed": _l("просмотрена карточка студента"),
    "student:revealed": _l("открыты ИИН и документы"),
    "student:downloaded": _l("скачан список студентов"),
    "student:printed": _l("распечатан список студентов"),
    "student:merged": _l("объединены записи одного человека"),
    "student:split": _l("разъединены записи"),
    "student:told-apart": _l("отмечено, что это разные люди"),
    "student:maybe-same": _l("пара возвращена в возможные дубли"),
    "view:saved": _l("сохранён вид списка"),
    "view:changed": _l("изменён вид списка"),
    "view:deleted": _l("удалён вид списка"),
    **words_of_persons.ACTIONS,
    "draft:saved": _l("начат черновик"),
    "draft:deleted": _l("удалён черновик"),
    "draft:purged": _l("убраны старые черновики"),
    "job:asked": _l("поставлено задание"),
    "job:cancelled": _l("отменено задание"),
    "job:failed": _l("задание не выполнено"),
    "job:interrupted": _l("задание прервалось"),
    "job:purged": _l("убраны старые задания"),
    "demo:loaded": _l("загружены учебные данные"),
}
RESOURCES = {
    "account": _l("пользователь"),
    "consent": _l("согласие"),
    "demo": _l("учебные данные"),
    "draft": _l("черновик"),
    "import_choice": _l("решение о столбце или слове загрузок"),
    "import_file": _l("загрузка"),
    "internship": _l("практика или стажировка"),
    "job": _l("задание"),
    "organisation": _l("организация"),
    "report": _l("отчёт"),
    "saved_view": _l("вид списка"),
    "stay_fact": _l("сведения о пребывании"),
    "student": _l("студент"),
    "university_order": _l("приказ"),
    "transfer": _l("перевод между вузами"),
}
ROLES = {
    Role.UNIVERSITY: _l("вуз"),
    Role.ENTERPRISE: _l("предприятие"),
    Role.MINISTRY: _l("министерство"),
    Role.AKIMAT: _l("акимат"),
    Role.ADMINISTRATOR: _l("администратор"),
    Role.AUDITOR: _l("аудитор"),
    Role.SYSTEM: _l("команда оператора"),
    Role.GATE: _l("до входа"),
}
# Words for the values that the code itself writes into a field.
PAPERS = {
    "passport": _l("паспорт"), "id_card": _l("удостоверение личности"), "translation": _l("перевод документа"),
    "education": _l("документ об образовании"), "order": _l("приказ"), "contract": _l("договор"), "consent": _l("согласие"),
    "notice": _l("уведомление в МВД"), "migration": _l("миграционный документ"), "medical": _l("медицинский документ"),
    "insurance": _l("полис страхования"), "certificate": _l("справка"), "other": _l("другое"),
}  # fmt: skip
VALUES: Mapping[str, Mapping[Any, Any]] = {
    "role": ROLES,
    "how": {
        "password": _l("пароль"),
        "authenticator": _l("код из приложения"),
        "code": _l("код из приложения"),
        "recovery code": _l("запасной код"),
        "invitation": _l("ссылка приглашения"),
    },
    "paper": PAPERS,
    "kind": {
        "students": _l("список студентов"),
        "interns": _l("список практикантов"),
        "studies": _l("справка, что обучается"),
        "period": _l("справка о периоде обучения"),
        "practice": _l("практика студента"),
        "specialist": _l("стажировка специалиста"),
        "university": _l("вуз"),
        "branch": _l("филиал"),
        "enterprise": _l("предприятие"),
        "authority": _l("орган власти"),
        "partner": _l("партнёр"),
        "entry": _l("въезд в Россию"),
        "exit": _l("выезд из России"),
        "registration": _l("миграционный учёт"),
        "term": _l("срок пребывания"),
        "rvpo": _l("РВПО"),
        "rvp": _l("РВП"),
        "vnzh": _l("вид на жительство"),
        "medical": _l("медосвидетельствование"),
        "fingerprints": _l("дактилоскопия"),
        "insurance": _l("полис ДМС"),
        "notice": _l("отправленное уведомление"),
    },
    "fields": FIELDS,
    "put_back": FIELDS,
    "taken": FIELDS,
    "what": {**ACTIONS, "orders:recorded": _l("записан приказ для многих")},
    "list": {"waiting": _l("ждут вуза")},
    "tab": {
        "preparing": _l("готовятся"),
        "running": _l("идут"),
        "unmarked": _l("ждут оценки"),
        "done": _l("завершены"),
        "broken_off": _l("прерваны и отменены"),
        "all": _l("все"),
    },
    "status": {
        "planned": _l("запланирована"),
        "confirmed": _l("подтверждена"),
        "started": _l("идёт"),
        "finished": _l("ждёт оценки"),
        "evaluated": _l("завершена"),
        "cancelled": _l("отменена"),
        "interrupted": _l("прервана"),
        "contingent": _l("в контингенте"),
        "all": _l("все"),
    },
    "recognition": {
        "not_needed": _l("не требуется"),
        "waiting": _l("ждёт вуз"),
        "recognised": _l("узнан"),
        "refused": _l("не узнан"),
    },
    "outcome": {
        "hired": _l("принят на работу"),
        "invited": _l("приглашён на работу"),
        "reserve": _l("в кадровом резерве"),
        "no": _l("не принят"),
    },
    "sex": {"F": _l("женский"), "M": _l("мужской")},
    "by": {"iin": _l("ИИН"), "names and birth date": _l("имя и дата рождения")},
}


def action(code: str) -> str:
    """What was done."""
    return str(ACTIONS.get(code, code.replace(":", ": ").replace("-", " ")))


def role(code: str) -> str:
    """In which role somebody acted."""
    return named("role", code)


def label(field: str) -> str:
    """The name of a field; hours are kept by the Monday of their week."""
    week = _day(field)
    return _("неделя с %(day)s", day=week) if week else str(FIELDS.get(field, field))


def named(field: str, content: Any) -> str:
    """The value of a field of the details, in words where it has some."""
    if isinstance(content, list):
        return ", ".join(named(field, part) for part in content)
    if isinstance(content, str) and content in VALUES.get(field, ()):
        return str(VALUES[field][content])
    return value(content)


def value(content: Any) -> str:
    """One value of the details as text."""
    if content is None or content == "":
        return "—"
    if isinstance(content, bool):
        return str(_("да") if content else _("нет"))
    if isinstance(content, Mapping):
        return "; ".join(f"{label(key)}: {named(key, part)}" for key, part in content.items())
    if isinstance(content, list):
        return ", ".join(value(part) for part in content)
    return _day(content) or str(content)


def _day(content: Any) -> str:
    """A day as people write it; "" when it is none."""
    try:
        return f"{dt.date.fromisoformat(content):%d.%m.%Y}" if len(content) == 10 else ""
    except (TypeError, ValueError):
        return ""


def changes(details: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Fields with their values before and after: kept as two lists of fields, or as a pair for each field."""
    before, after = details.get("before") or {}, details.get("after") or {}
    pairs = {name: (before.get(name), after.get(name)) for name in [*after, *(name for name in before if name not in after)]}
    pairs |= {name: (pair[0], pair[1]) for name, pair in (details.get("changes") or {}).items()}
    return [(label(name), named(name, was), named(name, now)) for name, (was, now) in pairs.items()]


def others(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else was noted: counts, filters, checksums."""
    left_out = ("before", "after", "changes", "version")
    told = {name: part for name, part in details.items() if name not in left_out and part not in ([], {})}
    return [(label(name), named(name, part)) for name, part in told.items()]
