"""The log in words: actions, kinds of records, roles, and values before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from exchange.access.actor import Role

# The whole action in words. An action that is not here is shown as its parts (below).
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
    "import:checked": _l("проверен файл"),
    "import:applied": _l("загружен файл"),
    "import:cancelled": _l("отменена загрузка"),
    "internship:logged": _l("внесена практика или стажировка"),
    "internship:filled": _l("дополнена практика по списку"),
    "internship:edited": _l("изменена практика или стажировка"),
    "internship:hours-recorded": _l("записаны часы"),
    "internship:searched": _l("искали студента для практики"),
    "internship:viewed": _l("просмотрена практика или стажировка"),
    "internship:downloaded": _l("скачан список практик"),
    "order:recorded": _l("записан приказ"),
    "order:annulled": _l("аннулирован приказ"),
    "report:downloaded": _l("скачан отчёт"),
    "student:registered": _l("внесён студент"),
    "student:imported": _l("внесены студенты списком"),
    "student:changed": _l("изменена карточка студента"),
    "student:corrected": _l("исправлены сведения о студенте"),
    "student:viewed": _l("просмотрена карточка студента"),
    "student:revealed": _l("открыты ИИН и документы"),
    "student:downloaded": _l("скачан список студентов"),
    "demo:loaded": _l("загружены учебные данные"),
}
RESOURCES = {
    "account": _l("пользователь"),
    "audit": _l("журнал"),
    "document": _l("документ"),
    "identity_document": _l("документ"),
    "import": _l("загрузка"),
    "internship": _l("практика или стажировка"),
    "order": _l("приказ"),
    "organisation": _l("организация"),
    "overview": _l("обзор"),
    "person": _l("человек"),
    "reference": _l("справочники"),
    "report": _l("отчёт"),
    "student": _l("студент"),
    "week": _l("неделя часов"),
    "internship_week": _l("неделя часов"),
    "demo": _l("учебные данные"),
}
VERBS = {
    "added": _l("добавлено"),
    "agreed": _l("согласовано"),
    "annulled": _l("аннулировано"),
    "applied": _l("применено"),
    "changed": _l("изменено"),
    "checked": _l("проверено"),
    "corrected": _l("исправлено"),
    "declined": _l("отклонено"),
    "downloaded": _l("скачано"),
    "evaluated": _l("оценено"),
    "exported": _l("выгружено"),
    "finished": _l("завершено"),
    "imported": _l("загружено"),
    "loaded": _l("загружено"),
    "logged": _l("внесено"),
    "made": _l("сделано"),
    "recognised": _l("опознано"),
    "recorded": _l("внесено"),
    "refused": _l("отказано"),
    "registered": _l("внесено"),
    "removed": _l("удалено"),
    "revealed": _l("открыты скрытые данные"),
    "searched": _l("искали"),
    "uploaded": _l("загружен файл"),
    "viewed": _l("просмотрено"),
    "withdrawn": _l("отозвано"),
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
FIELDS = {
    "name": _l("имя"),
    "email": _l("почта"),
    "position": _l("должность"),
    "role": _l("роль"),
    "organisation": _l("организация"),
    "is_active": _l("действует"),
    "how": _l("способ"),
    "left": _l("осталось"),
    "rows": _l("строк"),
    "filters": _l("отбор"),
    "shown": _l("показано"),
    "version": _l("версия записи"),
    "code": _l("код"),
    "kind": _l("вид"),
    "parent": _l("головной вуз"),
    "short_ru": _l("краткое название"),
    "name_ru": _l("полное название"),
    "name_kk": _l("название на казахском"),
    "name_en": _l("название на английском"),
    "city": _l("город"),
    "contact": _l("контакт"),
    "restriction": _l("ограничение доступа"),
    "industry": _l("отрасль"),
    "founder": _l("учредитель"),
    "tax_number": _l("ИНН или БИН"),
    "note": _l("примечание"),
    "sha256": _l("контрольная сумма файла"),
    "file": _l("файл"),
    "on": _l("на дату"),
    "number": _l("номер"),
    "parameters": _l("условия"),
    "bytes": _l("размер, байт"),
    "data": _l("контрольная сумма данных"),
    "checks_failed": _l("не сошлись суммы"),
    "since": _l("с"),
    "until": _l("по"),
    "from": _l("с"),
    "to": _l("по"),
    "org": _l("организация"),
    "known_at": _l("известно на"),
    "level": _l("уровень"),
    "form": _l("форма"),
    "funding": _l("финансирование"),
    "people_rows": _l("строк с людьми"),
    "accepted": _l("принято"),
    "rejected": _l("с ошибками"),
    "warnings": _l("предупреждений"),
    "new": _l("новых"),
    "changed": _l("изменено"),
    "unchanged": _l("без изменений"),
    "skipped": _l("пропущено"),
    "order": _l("приказ"),
    "signed_on": _l("дата приказа"),
    "effective_on": _l("действует с"),
    "event": _l("что"),
    "by": _l("чем"),
    "reason": _l("причина"),
    "starts_on": _l("первый день"),
    "ends_on": _l("последний день"),
    "status": _l("состояние"),
    "changes": _l("изменения"),
    "students": _l("студентов"),
    "public_ids": _l("записи"),
    "record_book_no": _l("номер дела"),
    "programme_code": _l("направление"),
    "level_code": _l("уровень"),
    "form_code": _l("форма"),
    "funding_code": _l("оплата"),
    "course": _l("курс"),
    "group_name": _l("группа"),
    "found": _l("найдено"),
    "count": _l("записей"),
    "hours": _l("часов"),
    "grade": _l("оценка"),
}


# How somebody came in, or tried to.
WAYS = {
    "password": _l("пароль"),
    "authenticator": _l("код из приложения"),
    "code": _l("код из приложения"),
    "recovery code": _l("запасной код"),
    "invitation": _l("ссылка приглашения"),
}


def action(code: str) -> str:
    """What was done: in words as far as they are known, else as it is written."""
    if code in ACTIONS:
        return str(ACTIONS[code])
    resource, _colon, verb = code.partition(":")
    words = [str(RESOURCES.get(resource, resource)), str(VERBS.get(verb, verb.replace("-", " ")))]
    return ": ".join(word for word in words if word)


def role(code: str) -> str:
    """In which role somebody acted."""
    return str(ROLES[Role(code)]) if code in set(ROLES) else code


def named(field: str, content: Any) -> str:
    """The value of a field of the details: roles and ways of sign-in have words."""
    if field == "role" and isinstance(content, str):
        return role(content)
    if field == "how":
        ways = content if isinstance(content, list) else [content]
        return ", ".join(str(WAYS.get(way, way)) for way in ways)
    return value(content)


def value(content: Any) -> str:
    """One value of the details as text."""
    if content is None or content == "":
        return "—"
    if isinstance(content, bool):
        return str(_("да") if content else _("нет"))
    if isinstance(content, Mapping):
        return "; ".join(f"{FIELDS.get(key, key)}: {value(part)}" for key, part in content.items())
    if isinstance(content, list):
        return ", ".join(value(part) for part in content)
    return str(content)


def changes(details: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Fields with their values before and after."""
    before, after = details.get("before") or {}, details.get("after") or {}
    names = [*after, *(name for name in before if name not in after)]
    return [(str(FIELDS.get(name, name)), named(name, before.get(name)), named(name, after.get(name))) for name in names]


def others(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What else was noted: counts, filters, checksums."""
    left_out = ("before", "after", "version")
    told = {name: part for name, part in details.items() if name not in left_out and part not in ([], {})}
    return [(str(FIELDS.get(name, name)), named(name, part)) for name, part in told.items()]
