"""What opens a door: personal links, letters' one-time codes and invitations, each found by a keyed hash.

Their last day is in business time. What is looked for comes as several hashes, one for each key that is still read.
Using one up is a single UPDATE that names the state it must find: of two who try
at the same moment, one succeeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json
from core.store.door_models import Invitation, Link, OneTimeCode


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that holds: whose it is, and which case it speaks of."""

    purpose: str
    debtor_id: int | None
    case_id: int | None
    expires_at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that was just used up. With ``member_id`` it is another chat for somebody who is a member."""

    token_hash: str
    role: str
    creditor_id: int | None
    name: str
    member_id: int | None = None


async def keep_link(
    token_hash: str,
    purpose: str,
    debtor_id: int | None,
    case_id: int | None,
    now: datetime,
    expires_at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Store a new link, with what else goes by it; the token itself is kept nowhere."""
    await Link.create(
        token_hash=token_hash,
        purpose=purpose,
        debtor_id=debtor_id,
        case_id=case_id,
        data=dict(data or {}),
        created_at=now,
        expires_at=expires_at,
    )


async def keep_link_once(
    token_hash: str,
    purpose: str,
    debtor_id: int | None,
    case_id: int | None,
    now: datetime,
    expires_at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """The same for a token that follows from what it is for: made twice, it is one link with its first last day."""
    await execute(
        "INSERT INTO links (token_hash, purpose, debtor_id, case_id, data, created_at, expires_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (token_hash) DO NOTHING",
        token_hash,
        purpose,
        debtor_id,
        case_id,
        dump_json(dict(data or {})),
        dialect().instant(now),
        dialect().instant(expires_at),
    )


async def link(hashes: tuple[str, ...], purpose: str, now: datetime) -> LinkRow | None:
    """The link, if it holds now. Reading it changes nothing."""
    found = await Link.get_or_none(token_hash__in=hashes, purpose=purpose, revoked_at=None, expires_at__gt=now)
    return LinkRow(found.purpose, found.debtor_id, found.case_id, found.expires_at, found.data) if found else None


async def use_link(hashes: tuple[str, ...], purpose: str, now: datetime) -> LinkRow | None:
    """Use up a link that works once. None: unknown, used before, or too old."""
    usable = Link.filter(token_hash__in=hashes, purpose=purpose, revoked_at=None, expires_at__gt=now)
    found = await usable.first()
    if found is None or not await usable.filter(token_hash=found.token_hash).update(revoked_at=now):
        return None
    return LinkRow(found.purpose, found.debtor_id, found.case_id, found.expires_at, found.data)


async def keep_code(
    code_hash: str,
    case_id: int,
    notice_id: int | None,
    now: datetime,
    expires_at: datetime,
    binds: tuple[str, str] | None = None,
) -> None:
    """Store a letter's one-time code. ``binds``: what else it does than open the case, and to what."""
    purpose, subject = binds or (None, None)
    await OneTimeCode.create(
        code_hash=code_hash,
        case_id=case_id,
        notice_id=notice_id,
        created_at=now,
        expires_at=expires_at,
        purpose=purpose,
        subject=subject,
    )


async def use_code(hashes: tuple[str, ...], now: datetime) -> int | None:
    """Use a code up; the id of the case that it opens. None: unknown, used before, or too old."""
    usable = OneTimeCode.filter(code_hash__in=hashes, used_at=None, expires_at__gt=now)
    found = await usable.first()
    used = await usable.filter(id=found.id if found else 0).update(used_at=now)
    return found.case_id if found and used else None


async def bound(hashes: tuple[str, ...], purpose: str, now: datetime) -> tuple[int, str] | None:
    """The case and the subject that a code of this purpose would bind; None for any other code. It is not used up."""
    found = await OneTimeCode.get_or_none(
        code_hash__in=hashes, used_at=None, expires_at__gt=now, purpose=purpose, subject__not_isnull=True
    )
    return (found.case_id, found.subject) if found and found.subject else None


async def opens(hashes: tuple[str, ...], now: datetime) -> int | None:
    """The case that a code would open, if it could still be used. Reading it changes nothing."""
    found = await OneTimeCode.get_or_none(code_hash__in=hashes, used_at=None, expires_at__gt=now)
    return found.case_id if found else None


async def code_holds(hashes: tuple[str, ...], now: datetime) -> bool:
    """Whether a code could still be used. Reading it changes nothing."""
    return await OneTimeCode.filter(code_hash__in=hashes, used_at=None, expires_at__gt=now).exists()


async def code_was_used(hashes: tuple[str, ...]) -> int | None:
    """The debtor of a code that was used before; None for any other. The index on the hash finds it."""
    found = await rows(
        f"SELECT k.debtor_id FROM one_time_codes c JOIN cases k ON k.id = c.case_id"  # noqa: S608
        f" WHERE c.code_hash IN ({', '.join('?' * len(hashes))}) AND c.used_at IS NOT NULL",
        *hashes,
    )
    return int(found[0]["debtor_id"]) if found else None


async def code_is_known(hashes: tuple[str, ...]) -> bool:
    """Whether a letter ever brought this code, whatever became of it."""
    return await OneTimeCode.filter(code_hash__in=hashes).exists()


async def keep_invitation(
    token_hash: str,
    role: str,
    creditor_id: int | None,
    name: str,
    now: datetime,
    expires_at: datetime,
    member_id: int | None = None,
) -> None:
    """Store an invitation to become a member, or for a member's other chat."""
    await Invitation.create(
        token_hash=token_hash,
        role=role,
        creditor_id=creditor_id,
        name=name,
        created_at=now,
        expires_at=expires_at,
        member_id=member_id,
    )


async def invitation_holds(hashes: tuple[str, ...], now: datetime) -> bool:
    """Whether an invitation could still be used. Reading it changes nothing."""
    return await Invitation.filter(token_hash__in=hashes, used_at=None, expires_at__gt=now).exists()


async def use_invitation(hashes: tuple[str, ...], now: datetime) -> InvitationRow | None:
    """Use an invitation up. None: unknown, used before, or too old."""
    usable = Invitation.filter(token_hash__in=hashes, used_at=None, expires_at__gt=now)
    found = await usable.first()
    if found is None or not await usable.filter(token_hash=found.token_hash).update(used_at=now):
        return None
    return InvitationRow(found.token_hash, found.role, found.creditor_id, found.name, found.member_id)


async def bind_invitation(token_hash: str, member_id: int) -> None:
    """Note who an invitation became."""
    await execute("UPDATE invitations SET member_id = ? WHERE token_hash = ?", member_id, token_hash)
