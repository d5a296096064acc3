"""Who a chat has shown itself to be. ``until`` is machine time: a moved clock neither keeps nor ends a session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.party import PartyKind
from core.store.chat_models import Chat
from core.store.database import dialect, execute, rows
from core.store.dialect import dump_json, load_json

STRANGER, LINKED, IDENTIFIED = "stranger", "linked", "identified"
#: How somebody has shown who they are: with a letter's one-time code, or with BankID.
CODE, BANKID = "code", "bankid"


@dataclass(frozen=True, slots=True)
class ChatRow:
    """A chat as far as it says who is there."""

    id: int
    channel: str
    language: str | None
    level: str
    linked_debtor_id: int | None
    debtor_id: int | None
    case_ids: frozenset[int]
    until: datetime | None
    member_id: int | None
    stopped: bool
    quarantined: bool
    reads_here: bool
    first_name: str | None = None
    proof: str | None = None
    represents_id: int | None = None
    rights: frozenset[str] = frozenset()
    right_until: date | None = None
    member_until: datetime | None = None
    worked_at: datetime | None = None
    failed_at: datetime | None = None

    @property
    def worked(self) -> bool | None:
        """Whether the last message that we know the fate of arrived here; None where nobody has told us."""
        if self.worked_at is None and self.failed_at is None:
            return None
        return self.failed_at is None or (self.worked_at is not None and self.worked_at >= self.failed_at)


_COLUMNS = (
    "c.id, c.channel, c.language, c.level, c.linked_debtor_id, c.debtor_id, c.case_ids, c.identified_until,"
    " c.member_id, c.stopped, c.quarantined, c.reads_here, c.proof, c.represents_id, c.member_until, c.worked_at,"
    " c.failed_at, d.kind, d.name,"
    " r.name AS agent, r.rights, r.until_on, r.ended_on"
)


async def get(chat_id: int) -> ChatRow | None:
    """The chat, with the first name of the one who is identified there: asked with every update, so in one go."""
    found = await rows(
        f"SELECT {_COLUMNS} FROM chat c LEFT JOIN debtors d ON d.id = c.debtor_id"  # noqa: S608
        " LEFT JOIN representatives r ON r.id = c.represents_id WHERE c.id = ?",
        chat_id,
    )
    if not found:
        return None
    row = found[0]
    return ChatRow(
        id=row["id"],
        channel=row["channel"],
        language=row["language"],
        level=row["level"],
        linked_debtor_id=row["linked_debtor_id"],
        debtor_id=row["debtor_id"],
        case_ids=frozenset(load_json(row["case_ids"])),
        until=dialect().read_instant(row["identified_until"]),
        member_id=row["member_id"],
        stopped=bool(row["stopped"]),
        quarantined=bool(row["quarantined"]),
        reads_here=bool(row["reads_here"]),
        first_name=_first_name(PartyKind.PERSON, row["agent"]) or _first_name(row["kind"], row["name"]),
        proof=row["proof"],
        represents_id=row["represents_id"],
        rights=frozenset(load_json(row["rights"]) or ()) if row["rights"] is not None else frozenset(),
        right_until=_right_until(row),
        member_until=dialect().read_instant(row["member_until"]),
        worked_at=dialect().read_instant(row["worked_at"]),
        failed_at=dialect().read_instant(row["failed_at"]),
    )


def _right_until(row: dict[str, Any]) -> date | None:
    """The last day of a representative's right; one that was ended has none."""
    return dialect().read_day(row["until_on"]) if row["ended_on"] is None else None


def _first_name(kind: str | None, name: str | None) -> str | None:
    return name.split()[0] if name and kind == PartyKind.PERSON else name


async def of_debtor(debtor_id: int, now: datetime) -> tuple[ChatRow, ...]:
    """The chats in which a person is identified at this moment, the latest heard from first; not a representative's."""
    found = await Chat.filter(
        debtor_id=debtor_id,
        level=IDENTIFIED,
        identified_until__gt=now,
        stopped=False,
        quarantined=False,
        represents_id=None,
    ).order_by("-last_seen_at", "id")
    return tuple(_row(chat) for chat in found)


async def linked_to(debtor_id: int) -> tuple[ChatRow, ...]:
    """The chats that a person's link was opened in, the latest heard from first."""
    found = await Chat.filter(linked_debtor_id=debtor_id, stopped=False, quarantined=False).order_by(
        "-last_seen_at", "id"
    )
    return tuple(_row(chat) for chat in found)


async def silent_since(now: datetime) -> tuple[ChatRow, ...]:
    """The chats whose proof has run out, and that nobody has looked at since."""
    found = await Chat.filter(level=IDENTIFIED, identified_until__lte=now).order_by("id")
    return tuple(_row(chat) for chat in found)


async def of_members(member_ids: Iterable[int]) -> tuple[ChatRow, ...]:
    """The chats of members, in order of age."""
    found = await Chat.filter(member_id__in=list(member_ids), stopped=False, quarantined=False).order_by("id")
    return tuple(_row(chat) for chat in found)


async def link(chat_id: int, debtor_id: int) -> None:
    """Somebody came by this person's link. Whoever was identified here before is not any more."""
    await execute(
        "UPDATE chat SET linked_debtor_id = ?, level = 'linked', debtor_id = NULL, case_ids = ?, "
        "identified_until = NULL, reads_here = ?, proof = NULL, represents_id = NULL WHERE id = ?",
        debtor_id,
        "[]",
        False,
        chat_id,
    )


async def identify(
    chat_id: int,
    debtor_id: int,
    case_ids: Iterable[int],
    until: datetime,
    proof: str = CODE,
    represents_id: int | None = None,
) -> None:
    """The person proved who they are; ``case_ids`` is what the proof opens, none means all of theirs.

    With ``represents_id`` they act for the debtor. The chat is then not the debtor's: nothing is announced there.
    Where nobody has chosen a language, the debtor's own chat speaks that of their letters from now on.
    """
    await execute(
        "UPDATE chat SET linked_debtor_id = CASE WHEN CAST(? AS BIGINT) IS NULL THEN ? ELSE linked_debtor_id END, "
        "level = 'identified', debtor_id = ?, case_ids = ?, identified_until = ?, reads_here = ?, stopped = ?, "
        "quarantined = ?, member_id = NULL, member_until = NULL, proof = ?, represents_id = ?, "
        "language = CASE WHEN CAST(? AS BIGINT) IS NULL AND COALESCE(language, '') = '' "
        "THEN (SELECT d.language FROM debtors d WHERE d.id = ?) ELSE language END WHERE id = ?",
        represents_id,
        debtor_id,
        debtor_id,
        dump_json(sorted(case_ids)),
        dialect().instant(until),
        False,
        False,
        False,
        proof,
        represents_id,
        represents_id,
        debtor_id,
        chat_id,
    )


async def touch(chat_id: int, until: datetime) -> None:
    """The person is still there."""
    await execute(
        "UPDATE chat SET identified_until = ? WHERE id = ? AND level = 'identified'", dialect().instant(until), chat_id
    )


async def lapse(chat_id: int) -> bool:
    """The proof has run out; who came by a link stays linked. False when there was none."""
    return bool(
        await execute(
            "UPDATE chat SET level = CASE WHEN linked_debtor_id IS NULL THEN 'stranger' ELSE 'linked' END, "
            "debtor_id = NULL, case_ids = ?, identified_until = NULL, reads_here = ?, proof = NULL, "
            "represents_id = NULL WHERE id = ? AND level = 'identified'",
            "[]",
            False,
            chat_id,
        )
    )


async def quarantine(chat_id: int) -> None:
    """Nobody is here whom we know, and we never write here on our own initiative; whom it was linked to stays noted."""
    await execute(
        "UPDATE chat SET level = 'stranger', debtor_id = NULL, case_ids = ?, identified_until = NULL, "
        "reads_here = ?, quarantined = ?, proof = NULL, represents_id = NULL WHERE id = ?",
        "[]",
        False,
        True,
        chat_id,
    )


async def release(chat_id: int) -> None:
    """The quarantine was a mistake: the chat is linked as before, all else must be proved anew."""
    await execute(
        "UPDATE chat SET quarantined = ?, "
        "level = CASE WHEN linked_debtor_id IS NULL THEN 'stranger' ELSE 'linked' END WHERE id = ?",
        False,
        chat_id,
    )


async def bind_member(chat_id: int, member_id: int) -> None:
    """The chat is a member's from now on, and nobody's else."""
    await execute(
        "UPDATE chat SET level = 'stranger', linked_debtor_id = NULL, debtor_id = NULL, case_ids = ?, "
        "identified_until = NULL, reads_here = ?, quarantined = ?, proof = NULL, represents_id = NULL, "
        "member_id = ?, member_until = NULL WHERE id = ?",
        "[]",
        False,
        False,
        member_id,
        chat_id,
    )


async def member_proved(chat_id: int, until: datetime | None) -> None:
    """The member has shown who they are, until then; None: no longer. Machine time."""
    await execute(
        "UPDATE chat SET member_until = ? WHERE id = ? AND member_id IS NOT NULL",
        dialect().instant(until) if until else None,
        chat_id,
    )


async def set_language(chat_id: int, language: str) -> None:
    await execute("UPDATE chat SET language = ? WHERE id = ?", language, chat_id)


async def set_letters_language(debtor_id: int, language: str) -> None:
    """The language in which a person's letters are explained."""
    await execute("UPDATE debtors SET language = ? WHERE id = ?", language, debtor_id)


async def letters_language(debtor_id: int) -> str | None:
    """The language in which a person's letters are explained."""
    found = await rows("SELECT language FROM debtors WHERE id = ?", debtor_id)
    return str(found[0]["language"]) if found else None


async def set_stopped(chat_id: int, stopped: bool) -> None:
    await execute("UPDATE chat SET stopped = ? WHERE id = ?", stopped, chat_id)


async def set_reads_here(chat_id: int) -> None:
    """The person chose to read details in this channel, for as long as the proof lasts."""
    await execute("UPDATE chat SET reads_here = ? WHERE id = ? AND level = 'identified'", True, chat_id)


async def first_case(debtor_id: int) -> int | None:
    """A case of the person's, through which facts about them are told: an open one if there is any."""
    found = await rows(
        "SELECT id FROM cases WHERE debtor_id = ? ORDER BY CASE WHEN closed_on IS NULL THEN 0 ELSE 1 END, id LIMIT 1",
        debtor_id,
    )
    return int(found[0]["id"]) if found else None


def _row(chat: Chat) -> ChatRow:
    return ChatRow(
        chat.id,
        chat.channel,
        chat.language,
        chat.level,
        chat.linked_debtor_id,
        chat.debtor_id,
        frozenset(chat.case_ids),
        chat.identified_until,
        chat.member_id,
        chat.stopped,
        chat.quarantined,
        chat.reads_here,
        proof=chat.proof,
        represents_id=chat.represents_id,
        member_until=chat.member_until,
        worked_at=chat.worked_at,
        failed_at=chat.failed_at,
    )
