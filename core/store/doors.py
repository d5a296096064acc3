"""What opens a door: personal links, letters' one-time codes and invitations, each found by a keyed hash.

Their last day is in business time. Using one up is a single UPDATE that names the state it must find: of two who try
at the same moment, one succeeds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.store.database import dialect, execute, rows
from core.store.door_models import Invitation, Link, OneTimeCode


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that holds: whose it is, and which case it speaks of."""

    purpose: str
    debtor_id: int | None
    case_id: int | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that was just used up."""

    role: str
    creditor_id: int | None
    name: str


async def keep_link(
    token_hash: str, purpose: str, debtor_id: int | None, case_id: int | None, now: datetime, expires_at: datetime
) -> None:
    """Store a new link; the token itself is kept nowhere."""
    await Link.create(
        token_hash=token_hash,
        purpose=purpose,
        debtor_id=debtor_id,
        case_id=case_id,
        created_at=now,
        expires_at=expires_at,
    )


async def link(token_hash: str, purpose: str, now: datetime) -> LinkRow | None:
    """The link, if it holds now. Reading it changes nothing."""
    found = await Link.get_or_none(token_hash=token_hash, purpose=purpose, revoked_at=None, expires_at__gt=now)
    return LinkRow(found.purpose, found.debtor_id, found.case_id, found.expires_at) if found else None


async def keep_code(code_hash: str, case_id: int, notice_id: int | None, now: datetime, expires_at: datetime) -> None:
    """Store a letter's one-time code."""
    await OneTimeCode.create(
        code_hash=code_hash, case_id=case_id, notice_id=notice_id, created_at=now, expires_at=expires_at
    )


async def use_code(code_hash: str, now: datetime) -> int | None:
    """Use a code up; the id of the case that it opens. None: unknown, used before, or too old."""
    found = await rows(
        "UPDATE one_time_codes SET used_at = ? WHERE code_hash = ? AND used_at IS NULL AND expires_at > ? "
        "RETURNING case_id",
        *_instants(now),
        code_hash,
        *_instants(now),
    )
    return int(found[0]["case_id"]) if found else None


async def keep_invitation(
    token_hash: str, role: str, creditor_id: int | None, name: str, now: datetime, expires_at: datetime
) -> None:
    """Store an invitation to become a member."""
    await Invitation.create(
        token_hash=token_hash, role=role, creditor_id=creditor_id, name=name, created_at=now, expires_at=expires_at
    )


async def use_invitation(token_hash: str, now: datetime) -> InvitationRow | None:
    """Use an invitation up. None: unknown, used before, or too old."""
    found = await rows(
        "UPDATE invitations SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ? "
        "RETURNING role, creditor_id, name",
        *_instants(now),
        token_hash,
        *_instants(now),
    )
    return InvitationRow(found[0]["role"], found[0]["creditor_id"], found[0]["name"]) if found else None


async def bind_invitation(token_hash: str, member_id: int) -> None:
    """Note who an invitation became."""
    await execute("UPDATE invitations SET member_id = ? WHERE token_hash = ?", member_id, token_hash)


def _instants(*values: datetime) -> list[Any]:
    return [dialect().instant(value) for value in values]
