"""Changes of accounts: inviting, passwords, roles, the second factor. Each is written into the log."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any, cast

from flask_babel import gettext as _
from flask_security.recoverable import generate_reset_password_token
from itsdangerous import BadData
from sqlalchemy.orm import Session

from exchange.access.actor import PEOPLE, Role
from exchange.access.rows import actor_of
from exchange.accounts import passwords, queries
from exchange.accounts.models import Membership, User
from exchange.accounts.rules import WHERE, fits
from exchange.accounts.security import library, link_to
from exchange.audit.actions import record
from exchange.database import now
from exchange.errors import NotFound, RuleBroken
from exchange.organisations.models import Organisation

LINK_KEPT = dt.timedelta(hours=72)


# ---------------------------------------------------------------------------------------------------------------- links
class LinkUnusable(Exception):
    """The link was used, replaced or damaged; `expired_at` is set when it only came too late."""

    def __init__(self, expired_at: dt.datetime | None = None) -> None:
        super().__init__("the link does not work")
        self.expired_at = expired_at


def make_link(session: Session, user: User) -> str:
    """A token with which the person sets a password: works once, for 72 hours; older ones stop to work, sessions end."""
    if not user.active:
        raise RuleBroken("", _("Учётная запись отключена. Сначала включите её"))
    end_sessions(user)
    session.flush()
    record(session, "account:link-made", ("account", user.id))
    return str(generate_reset_password_token(user))  # type: ignore[no-untyped-call]


def link_address(token: str) -> str:
    """The link itself: always on the configured address of the site, whatever host a request names."""
    return link_to(token)


def link_ends(token: str) -> dt.datetime:
    """Until when a link that was just made works."""
    _data, made_at = library().reset_serializer.loads(token, return_timestamp=True)
    return cast(dt.datetime, made_at) + LINK_KEPT


def user_of_link(session: Session, token: str) -> User:
    """Whose link this is; raises LinkUnusable."""
    try:
        data, made_at = library().reset_serializer.loads(token, return_timestamp=True)
        user = queries.user_by_uniquifier(session, str(data[0]))
    except (BadData, TypeError, IndexError) as broken:
        raise LinkUnusable from broken
    if user is None or not user.active:
        raise LinkUnusable
    if made_at + LINK_KEPT < now():
        raise LinkUnusable(made_at + LINK_KEPT)
    return user


# ------------------------------------------------------------------------------------------------------------ passwords
def end_sessions(user: User) -> None:
    """Every session and every link of the account stops to work."""
    user.fs_uniquifier = secrets.token_hex(32)


def set_password(session: Session, user: User, password: str) -> None:
    """Takes a password, or says why not; ends all sessions."""
    if (sentence := passwords.objection(password, user)) is not None:
        raise RuleBroken("password", sentence)
    is_first = user.confirmed_at is None
    user.password = passwords.hashed(password)
    user.confirmed_at = user.confirmed_at or now()
    end_sessions(user)
    session.flush()
    record(session, "account:confirmed" if is_first else "account:password-changed", ("account", user.id))


def change_password(session: Session, user: User, present: str, password: str) -> None:
    """The owner changes the password: the present one has to be right, and the new one another."""
    if not passwords.matches(user, present):
        raise RuleBroken("present", _("Текущий пароль не подошёл. Введите его ещё раз"))
    if passwords.normal(present) == passwords.normal(password):
        raise RuleBroken("password", _("Новый пароль совпадает с текущим. Придумайте другой"))
    set_password(session, user, password)


# -------------------------------------------------------------------------------------------------------- second factor
def switch_on_second_factor(session: Session, user: User, secret: str, code: str) -> list[str]:
    """Takes the authenticator into use once it showed a right code; returns the recovery codes, to be seen only now."""
    security = library()
    if not security.totp_factory.verify_totp(code, secret, user, window=30):
        raise RuleBroken(
            "code",
            _("Код не подошёл. Проверьте, что время на телефоне выставлено автоматически, и введите новый код"),
        )
    user.tf_primary_method = "authenticator"
    user.tf_totp_secret = secret
    codes: list[str] = security.mf_recovery_codes_util.create_recovery_codes(user)
    end_sessions(user)
    session.flush()
    record(session, "account:second-factor-on", ("account", user.id))
    return codes


def renew_recovery_codes(session: Session, user: User, password: str) -> list[str]:
    """Ten new recovery codes; the old ones stop to work."""
    if not passwords.matches(user, password):
        raise RuleBroken("password", _("Пароль не подошёл. Введите его ещё раз"))
    codes: list[str] = library().mf_recovery_codes_util.create_recovery_codes(user)
    session.flush()
    record(session, "account:recovery-codes-made", ("account", user.id))
    return codes


def switch_off_second_factor(session: Session, user: User, password: str | None) -> None:
    """The owner (with the password) or an operator (None) switches the second factor off; ends all sessions."""
    if password is not None and not passwords.matches(user, password):
        raise RuleBroken("password", _("Пароль не подошёл. Введите его ещё раз"))
    user.tf_primary_method = user.tf_totp_secret = None
    user.mf_recovery_codes = []
    end_sessions(user)
    session.flush()
    record(session, "account:second-factor-off", ("account", user.id))


def second_factor_fits(session: Session, user: User, code: str, *, is_recovery: bool) -> bool:
    """Whether the code lets in; it is used up if it does."""
    security = library()
    if not is_recovery:
        return bool(security.totp_factory.verify_totp(code, user.tf_totp_secret or "", user, window=30))
    locked = queries.user_by_id(session, user.id, for_change=True)
    if not security.mf_recovery_codes_util.check_recovery_code(locked, code):
        return False
    security.mf_recovery_codes_util.delete_recovery_code(locked, code)
    session.flush()
    record(session, "account:recovery-code-used", ("account", user.id), left=len(locked.mf_recovery_codes))
    return True


# ------------------------------------------------------------------------------------------------------- administration
def _fitting(role: str, organisation: Organisation) -> Role:
    """The role, if somebody may have it for this organisation; raises RuleBroken."""
    if role not in PEOPLE:
        raise RuleBroken("role", _("Выберите роль"))
    if not fits(Role(role), organisation.kind):
        raise RuleBroken("organisation", WHERE[Role(role)])
    if not organisation.is_active:
        raise RuleBroken("organisation", _("Организация отключена. Выберите действующую"))
    return Role(role)


def invite(
    session: Session, *, email: str, name: str, position: str = "", role: str, organisation: Organisation, day: dt.date
) -> User:
    """Makes an account without a password; the person sets one through a link (`make_link`)."""
    fit = _fitting(role, organisation)
    email = email.strip().lower()
    if queries.user_by_email(session, email) is not None:
        raise RuleBroken("email", _("Учётная запись с этой почтой уже есть. Откройте её в списке пользователей"))
    user = User(email=email, name=name, position=position, fs_uniquifier=secrets.token_hex(32), active=True)
    session.add(user)
    session.flush()
    session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=str(fit), valid_from=day))
    session.flush()
    record(
        session, "account:invited", ("account", user.id),
        after={"email": email, "name": name, "position": position, "role": str(fit), "organisation": organisation.code},
    )  # fmt: skip
    return user


def _still_administered(session: Session, user: User, day: dt.date) -> None:
    """Before an administrator loses the right: not by own hand, and not the last one."""
    held = queries.membership_on(user, day)
    if held is None or held.role != Role.ADMINISTRATOR:
        return
    if user.id == actor_of(session).user_id:
        raise RuleBroken("", _("Снять права администратора с себя нельзя. Это может сделать другой администратор"))
    if not queries.other_administrators(session, user.id, day):
        raise RuleBroken("", _("Нужен хотя бы один администратор. Сначала назначьте другого"))


def edit(
    session: Session, user: User, *, name: str, position: str, role: str, organisation: Organisation, day: dt.date
) -> None:
    """Changes name, office and access. Another role or organisation ends all sessions of the account."""
    fit = _fitting(role, organisation)
    held = queries.membership_on(user, day)
    before: dict[str, Any] = {"name": user.name, "position": user.position}
    after: dict[str, Any] = {"name": name, "position": position}
    before |= {"role": held.role if held else None, "organisation": held.organisation.code if held else None}
    after |= {"role": str(fit), "organisation": organisation.code}
    changed = [key for key in after if before[key] != after[key]]
    if not changed:
        return
    if "role" in changed or "organisation" in changed:
        if "role" in changed:
            _still_administered(session, user, day)
        _end_membership(user, day)
        session.add(Membership(user_id=user.id, organisation_id=organisation.id, role=str(fit), valid_from=day))
        end_sessions(user)
    user.name, user.position, user.version = name, position, user.version + 1
    session.flush()
    session.expire(user, ["memberships"])
    record(
        session, "account:changed", ("account", user.id), version=user.version,
        before={key: before[key] for key in changed}, after={key: after[key] for key in changed},
    )  # fmt: skip


def _end_membership(user: User, day: dt.date) -> None:
    for held in user.memberships:
        if held.valid_to is None or held.valid_to > day:
            held.valid_to = max(day, held.valid_from)


def remove_role(session: Session, user: User, day: dt.date) -> None:
    """The account stays, without access to anything."""
    held = queries.membership_on(user, day)
    if held is None:
        raise NotFound
    _still_administered(session, user, day)
    _end_membership(user, day)
    end_sessions(user)
    user.version += 1
    session.flush()
    session.expire(user, ["memberships"])
    record(
        session, "account:role-removed", ("account", user.id), version=user.version,
        before={"role": held.role, "organisation": held.organisation.code}, after={"role": None, "organisation": None},
    )  # fmt: skip


def deactivate(session: Session, user: User, day: dt.date) -> None:
    """The account can't sign in any more, and is signed out everywhere at once."""
    if not user.active:
        raise RuleBroken("", _("Учётная запись уже отключена"))
    if user.id == actor_of(session).user_id:
        raise RuleBroken("", _("Отключить себя нельзя. Это может сделать другой администратор"))
    _still_administered(session, user, day)
    user.active = False
    _finish_switch(session, user, "account:deactivated")


def reactivate(session: Session, user: User) -> None:
    """The account may sign in again, with the password that it had."""
    if user.active:
        raise RuleBroken("", _("Учётная запись уже включена"))
    user.active = True
    _finish_switch(session, user, "account:reactivated")


def _finish_switch(session: Session, user: User, action: str) -> None:
    end_sessions(user)
    user.version += 1
    session.flush()
    record(session, action, ("account", user.id), version=user.version)
