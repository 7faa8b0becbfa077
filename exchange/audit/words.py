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
    "import:applied": _l("загружен файл"),
    "import:cancelled": _l("отменена загрузка"),
    "internship:logged": _l("внесена практика или стажировка"),
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
    "demo:loaded": _l("загружены учебные данные"),
}
RESOURCES = {
    "account": _l("пользователь"),
    "demo": _l("учебные данные"),
    "draft": _l("черновик"),
    "import_file": _l("загрузка"),
    "internship": _l("практика или стажировка"),
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
FIELDS = {
    "name": _l("имя"),
    "surname": _l("фамилия"),
    "patronymic": _l("отчество"),
    "surname_kk": _l("фамилия на казахском"),
    "name_kk": _l("имя или название на казахском"),
    "patronymic_kk": _l("отчество на казахском"),
    "surname_lat": _l("фамилия латиницей"),
    "name_lat": _l("имя латиницей"),
    "sex": _l("пол"),
    "birth_date": _l("дата рождения"),
    "birth_place": _l("место рождения"),
    "citizenship": _l("гражданство"),
    "is_rf_citizen": _l("гражданин России"),
    "region_code": _l("регион"),
    "district_code": _l("район"),
    "settlement": _l("населённый пункт"),
    "iin": _l("ИИН"),
    "iin_needs_check": _l("ИИН проверить"),
    "iin_open": _l("с ИИН"),
    "snils": _l("СНИЛС"),
    "document": _l("документ"),
    "documents": _l("документы"),
    "email": _l("почта"),
    "phone": _l("телефон"),
    "address": _l("адрес"),
    "is_in_dormitory": _l("в общежитии"),
    "position": _l("должность"),
    "role": _l("роль"),
    "organisation": _l("организация"),
    "is_active": _l("действует"),
    "how": _l("способ"),
    "left": _l("осталось"),
    "rows": _l("строк"),
    "filters": _l("отбор"),
    "searched": _l("поиск по словам"),
    "shown": _l("показано"),
    "fields": _l("открыты поля"),
    "stay_numbers": _l("номера документов о пребывании"),
    "list": _l("список"),
    "tab": _l("вкладка"),
    "who": _l("кто"),
    "what": _l("что сделано"),
    "at": _l("когда"),
    "object": _l("номер записи"),
    "version": _l("версия записи"),
    "code": _l("код"),
    "kind": _l("вид"),
    "parent": _l("головной вуз"),
    "short_ru": _l("краткое название"),
    "name_ru": _l("полное название"),
    "name_en": _l("название на английском"),
    "city": _l("город"),
    "contact": _l("контакт"),
    "restriction": _l("ограничение доступа"),
    "industry": _l("отрасль"),
    "founder": _l("учредитель"),
    "tax_number": _l("ИНН или БИН"),
    "note": _l("примечание"),
    "file": _l("файл"),
    "paper": _l("что за документ"),
    "sha256": _l("контрольная сумма файла"),
    "head": _l("контрольная сумма последней записи"),
    "whole": _l("цепочка цела"),
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
    "region": _l("регион"),
    "district": _l("район"),
    "intake": _l("год приёма"),
    "problem": _l("проверка записей"),
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
    "expected_lines": _l("человек в приказе"),
    "event": _l("что"),
    "by": _l("чем"),
    "reason": _l("причина"),
    "leave_ground": _l("основание отпуска"),
    "ground": _l("основание отчисления"),
    "planned_on": _l("планируемый день"),
    "initiative": _l("чьё решение"),
    "explanation": _l("пояснение"),
    "will_return": _l("планирует вернуться"),
    "honours": _l("диплом с отличием"),
    "host": _l("куда"),
    "place": _l("место практики"),
    "starts_on": _l("первый день"),
    "ends_on": _l("последний день"),
    "status": _l("состояние"),
    "status_reason": _l("причина"),
    "recognition": _l("узнавание"),
    "student": _l("студент"),
    "students": _l("студентов"),
    "public_ids": _l("записи"),
    "certificate": _l("справка"),
    "stated_on": _l("на день"),
    "record_book_no": _l("номер дела"),
    "faculty": _l("факультет"),
    "planned_end_on": _l("плановое окончание"),
    "programme": _l("направление или программа"),
    "programme_code": _l("направление"),
    "programme_name": _l("название направления"),
    "level_code": _l("уровень"),
    "form_code": _l("форма"),
    "funding_code": _l("оплата"),
    "course": _l("курс"),
    "group_name": _l("группа"),
    "university": _l("вуз"),
    "university_id": _l("вуз, внутренний номер"),
    "enterprise": _l("предприятие"),
    "employer": _l("направившая организация"),
    "employer_bin": _l("БИН"),
    "department": _l("цех, отдел"),
    "mentor": _l("руководитель"),
    "mentor_phone": _l("телефон руководителя"),
    "hours_planned": _l("часов по плану"),
    "hours_done": _l("часов пройдено"),
    "briefing_on": _l("инструктаж"),
    "found": _l("найдено"),
    "others": _l("другая запись"),
    "taken": _l("взято из присоединённой записи"),
    "names_kk": _l("ФИО на казахском"),
    "names_lat": _l("ФИО латиницей"),
    "origin": _l("регион происхождения"),
    "grade": _l("оценка"),
    "review": _l("отзыв"),
    "outcome": _l("что дальше"),
    **words_of_persons.FIELDS,
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
