"""Questions about accounts: who stands behind a session, who may do what, who has not been here for long."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased, lazyload

from exchange.access.actor import Actor, Role
from exchange.accounts.models import Membership, User
from exchange.audit.models import AuditEntry
from exchange.database import now
from exchange.errors import NotFound
from exchange.organisations.models import Kind, Organisation
from exchange.web.models import Hit

STEP_KEPT = dt.timedelta(days=1)
RARE_AFTER = dt.timedelta(days=90)


def ended_key(sid: str) -> str:
    """The row that says that a session was signed out, so that a copy of its cookie opens nothing."""
    return f"signed-out/{hashlib.sha256(sid.encode()).hexdigest()[:40]}"


def valid_on(day: dt.date | sa.BindParameter[dt.date]) -> sa.ColumnElement[bool]:
    """Memberships that hold on a day."""
    return sa.and_(Membership.valid_from <= day, sa.or_(Membership.valid_to.is_(None), Membership.valid_to > day))


@dataclass(frozen=True)
class Standing:
    """Who stands behind a session: the account, its memberships of today, and the organisations of each."""

    user: User
    memberships: tuple[tuple[Membership, Organisation, tuple[int, ...]], ...]

    def actor(self, chosen: int | None = None, address: str = "") -> Actor | None:
        """The actor for the chosen membership, or for the first one; None when there is none today."""
        found = [one for one in self.memberships if one[0].id == chosen] or list(self.memberships)
        if not found:
            return None
        membership, organisation, branches = found[0]
        return Actor(
            role=Role(membership.role),
            user_id=self.user.id,
            organisation_id=organisation.id,
            organisation_ids=(organisation.id, *branches),
            name=self.user.name or self.user.email,
            organisation_name=organisation.short_ru,
            address=address,
        )


@cache
def _standing() -> sa.Select[*tuple[Any, ...]]:
    """Built once: every request asks it, and building takes longer than the answer."""
    branch = aliased(Organisation)
    return (
        sa.select(User, Membership, Organisation, branch.id)
        .outerjoin(Membership, sa.and_(Membership.user_id == User.id, valid_on(sa.bindparam("day", type_=sa.Date()))))
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(
            branch,
            sa.and_(branch.parent_id == Organisation.id, branch.kind == Kind.BRANCH, Membership.role == Role.UNIVERSITY),
        )
        .outerjoin(Hit, Hit.key == sa.bindparam("ended"))
        .where(User.fs_uniquifier == sa.bindparam("uniquifier"), Hit.key.is_(None))
        .order_by(Membership.id, branch.id)
        .options(lazyload(User.memberships), lazyload(Membership.organisation))
    )


def standing_of(session: Session, uniquifier: str, day: dt.date, sid: str = "") -> Standing | None:
    """One query a request: the account of a session that was not signed out, its memberships, its branches."""
    said = {"day": day, "ended": ended_key(sid), "uniquifier": uniquifier}
    rows: Sequence[Any] = session.execute(_standing(), said).all()
    if not rows:
        return None
    branches: dict[int, list[int]] = {}
    seen: dict[int, tuple[Membership, Organisation]] = {}
    for _, membership, organisation, branch_id in rows:
        if membership is not None:
            seen[membership.id] = (membership, organisation)
            branches.setdefault(membership.id, []).extend([branch_id] if branch_id is not None else [])
    return Standing(rows[0][0], tuple((m, o, tuple(branches[key])) for key, (m, o) in seen.items()))


def user_by_email(session: Session, email: str) -> User | None:
    return session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def user_by_uniquifier(session: Session, uniquifier: str) -> User | None:
    return session.scalar(sa.select(User).where(User.fs_uniquifier == uniquifier))


def user_by_id(session: Session, user_id: int, *, for_change: bool = False) -> User:
    """Raises NotFound. `for_change` keeps others from changing the account until this transaction ends."""
    wanted = sa.select(User).where(User.id == user_id)
    user = session.scalar(wanted.with_for_update(of=User).execution_options(populate_existing=True) if for_change else wanted)
    if user is None:
        raise NotFound
    return user


def membership_on(user: User, day: dt.date) -> Membership | None:
    """The membership of an account that holds on a day (the first, if there are several)."""
    return next((m for m in user.memberships if m.valid_from <= day and (m.valid_to is None or m.valid_to > day)), None)


# ----------------------------------------------------------------------------------------------------- the second factor
def last_step(session: Session, user_id: int) -> int | None:
    """The newest step of the authenticator whose code was used."""
    return session.scalar(sa.select(Hit.hits).where(Hit.key == f"second-factor-step/{user_id}"))


def take_step(session: Session, user_id: int, step: int) -> bool:
    """Uses a step up, in one statement; False when it (or a later one) was used before."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    ends = now() + STEP_KEPT
    taken = session.execute(
        insert(Hit)
        .values(key=f"second-factor-step/{user_id}", hits=step, expires_at=ends)
        .on_conflict_do_update(index_elements=[Hit.key], set_={"hits": step, "expires_at": ends}, where=Hit.hits < step)
        .returning(Hit.hits)
    ).first()
    return taken is not None


# ------------------------------------------------------------------------------------------------------ administration
@dataclass(frozen=True)
class Wanted:
    """What the list of accounts is narrowed by."""

    words: str = ""
    role: str = ""
    organisation: str = ""
    state: str = ""


def accounts_found(session: Session, wanted: Wanted, day: dt.date) -> list[int]:
    """Ids of accounts by name. An account without a role is found by its state or name only."""
    found = sa.select(User.id, User.name, User.email).order_by(User.name, User.email)
    if wanted.role or wanted.organisation:
        held = sa.select(Membership.user_id).where(valid_on(day))
        if wanted.role:
            held = held.where(Membership.role == wanted.role)
        if wanted.organisation:
            coded = sa.select(Organisation.id).where(Organisation.code == wanted.organisation)
            held = held.where(Membership.organisation_id.in_(coded))
        found = found.where(User.id.in_(held))
    match wanted.state:
        case "active":
            found = found.where(User.active, User.password.is_not(None))
        case "invited":
            found = found.where(User.active, User.password.is_(None))
        case "inactive":
            found = found.where(sa.not_(User.active))
        case "rare":
            long_ago = now() - RARE_AFTER
            found = found.where(User.active, User.password.is_not(None), sa.or_(
                User.current_login_at.is_(None), User.current_login_at < long_ago))  # fmt: skip
    words = wanted.words.casefold().split()
    # SQLite folds Latin letters only; accounts are counted in hundreds, so the words are looked for here.
    return [
        key for key, name, email in session.execute(found)
        if all(word in f"{name} {email}".casefold() for word in words)
    ]  # fmt: skip


def accounts(session: Session, ids: Sequence[int]) -> list[User]:
    """These accounts, in this order."""
    users = {user.id: user for user in session.scalars(sa.select(User).where(User.id.in_(ids)))}
    return [users[key] for key in ids]


def other_administrators(session: Session, user_id: int, day: dt.date) -> int:
    """How many others can administer today: active, with a password. Locks them, so two can't remove each other."""
    held = sa.select(Membership.user_id).where(valid_on(day), Membership.role == Role.ADMINISTRATOR)
    others = sa.select(User.id).where(
        User.id.in_(held), User.active, User.password.is_not(None)
    ).order_by(User.id).with_for_update()  # fmt: skip
    return sum(key != user_id for key in session.scalars(others))


def asked_for_link(session: Session, ids: Sequence[int]) -> set[int]:
    """Those of the accounts that asked for a new password and were given no link since."""
    asked = _last_entries(session, "account:asked-for-link", ids)
    given = _last_entries(session, "account:link-made", ids)
    return {int(key) for key, number in asked.items() if number > given.get(key, 0)}


def _last_entries(session: Session, action: str, ids: Sequence[int]) -> dict[str, int]:
    """The number of the newest entry of this action about each of the accounts."""
    rows = session.execute(
        sa.select(AuditEntry.subject_id, sa.func.max(AuditEntry.id))
        .where(AuditEntry.subject_type == "account", AuditEntry.action == action)
        .where(AuditEntry.subject_id.in_([str(key) for key in ids]))
        .group_by(AuditEntry.subject_id)
    ).all()
    return {row[0]: row[1] for row in rows}
