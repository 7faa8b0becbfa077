"""Which role belongs to which kind of organisation, and the words for roles."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.access.actor import Role
from exchange.access.permissions import Permission as P
from exchange.accounts.models import User
from exchange.organisations.models import Kind

FITS: dict[Role, tuple[Kind, ...]] = {
    Role.UNIVERSITY: (Kind.UNIVERSITY, Kind.BRANCH),
    Role.ENTERPRISE: (Kind.ENTERPRISE,),
    Role.MINISTRY: (Kind.AUTHORITY,),
    Role.AKIMAT: (Kind.AUTHORITY,),
    Role.ADMINISTRATOR: (Kind.AUTHORITY,),
    Role.AUDITOR: (Kind.AUTHORITY,),
}
ROLE_NAMES = {
    Role.UNIVERSITY: _l("Сотрудник вуза"),
    Role.ENTERPRISE: _l("Сотрудник предприятия"),
    Role.MINISTRY: _l("Министерство Алтайского края"),
    Role.AKIMAT: _l("Акимат ВКО"),
    Role.ADMINISTRATOR: _l("Администратор"),
    Role.AUDITOR: _l("Аудитор"),
}
WHERE = {
    Role.UNIVERSITY: _l("Эта роль дана для вуза или филиала. Выберите вуз"),
    Role.ENTERPRISE: _l("Эта роль дана для предприятия. Выберите предприятие"),
    **dict.fromkeys(
        (Role.MINISTRY, Role.AKIMAT, Role.ADMINISTRATOR, Role.AUDITOR),
        _l("Эта роль дана для органа власти. Выберите орган власти"),
    ),
}
# What a permission lets one do, for the cards of roles; the cards themselves are drawn from the policy page.
ABILITIES = {
    P.OVERVIEW_READ: _l("смотреть обзор с показателями"),
    P.STUDENT_READ: _l("смотреть студентов"),
    P.STUDENT_REGISTER: _l("вносить студентов"),
    P.STUDENT_EDIT: _l("исправлять данные студентов"),
    P.STUDENT_REVEAL: _l("открывать ИИН и номера документов (с записью в журнал)"),
    P.STUDENT_EXPORT: _l("скачивать списки студентов"),
    P.ORDER_RECORD: _l("вносить приказы"),
    P.ORDER_ANNUL: _l("аннулировать приказы"),
    P.STAY_READ: _l("смотреть въезды, миграционный учёт и сроки пребывания"),
    P.STAY_RECORD: _l("вносить и аннулировать сведения о пребывании"),
    P.FILE_READ: _l("скачивать сканы документов своего вуза (с записью в журнал)"),
    P.FILE_ATTACH: _l("прикладывать и убирать сканы документов"),
    P.TRANSFER_READ: _l("смотреть переводы между вузами"),
    P.TRANSFER_MAKE: _l("запрашивать и передавать студентов при переводе"),
    P.INTERNSHIP_READ: _l("смотреть практики и стажировки"),
    P.INTERNSHIP_LOG: _l("вести практикантов и стажёров"),
    P.INTERNSHIP_AGREE: _l("согласовывать практику своих студентов"),
    P.INTERNSHIP_EXPORT: _l("скачивать списки практикантов"),
    P.IMPORT_READ: _l("смотреть загрузки"),
    P.IMPORT_STUDENTS: _l("загружать списки студентов из Excel"),
    P.IMPORT_INTERNS: _l("загружать списки практикантов из Excel"),
    P.REPORT_READ: _l("скачивать отчёты"),
    P.USER_MANAGE: _l("приглашать пользователей и менять их доступ"),
    P.ORGANISATION_MANAGE: _l("вести организации"),
    P.AUDIT_READ: _l("читать журнал действий"),
}


def abilities(permissions: Iterable[P]) -> list[LazyString]:
    """What these permissions let one do, in the order of the list above."""
    held = set(permissions)
    return [words for permission, words in ABILITIES.items() if permission in held]


def state_of(user: User) -> str:
    """active; invited: the person has not set a password yet; inactive: switched off."""
    if not user.active:
        return "inactive"
    return "active" if user.password else "invited"


def fits(role: Role, kind: str) -> bool:
    """Whether somebody can have this role for an organisation of this kind."""
    return kind in FITS.get(role, ())
