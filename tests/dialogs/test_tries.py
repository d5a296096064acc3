"""The history names each try to reach somebody, to them and to staff; staff are told by which channel they answered."""

from datetime import datetime

from core.party import SYSTEM, Role
from core.reach import known, unbind
from core.services import identity, questions
from core.store.chats import open_chat
from core.store.database import dialect, rows
from tests.dialogs.test_golden import identified
from tests.dialogs.test_sms_rights import at_case
from tests.dialogs.test_work import at_work, heard
from tests.services.world import NOW, World


async def tried(notice: int, channel: str, outcome: str, chat: int, at: str) -> None:
    await rows(
        "INSERT INTO attempts (notice_id, number, channel, outcome, code, provider_ref, at) "
        "VALUES (?, 1, ?, ?, '', ?, ?) RETURNING id",
        notice,
        channel,
        outcome,
        str(chat),
        dialect().instant(datetime.fromisoformat(f"{at}+00:00")),
    )


async def tried_everywhere(world: World) -> None:
    """Mail came back, an SMS arrived, nobody looked, the letter went by post."""
    mail = await open_chat("email", "sara@post.example", world.clock.now())
    phone = await open_chat("sms", "+46701740605", world.clock.now())
    for channel, chat in (("email", mail.id), ("sms", phone.id)):
        await world.house.book.change(1, lambda case, to=(channel, chat): known(case, *to, NOW), SYSTEM)
    await world.house.book.change(1, lambda case: unbind(case, "email", mail.id, "dead", NOW), SYSTEM)
    await rows("UPDATE notices SET state = 'sent', issued_on = on_date WHERE form = 'document' RETURNING id")
    [notice] = await rows("SELECT id FROM notices WHERE kind = 'demand'")
    await tried(notice["id"], "email", "sent", mail.id, "2025-07-23 08:00:00")
    await tried(notice["id"], "email", "dead", mail.id, "2025-07-23 08:05:00")
    await tried(notice["id"], "sms", "sent", phone.id, "2025-07-24 08:00:00")
    await tried(notice["id"], "sms", "delivered", phone.id, "2025-07-24 08:01:00")
    await tried(notice["id"], "letter", "sent", 0, "2025-07-28 08:00:00")


async def test_each_try_is_told_to_whom_it_was_for_and_to_staff(world: World) -> None:
    talk = await identified(world, "sv")
    await tried_everywhere(world)
    await talk.press("Visa mer")
    await talk.press("Se dina brev")
    [shown] = await talk.press("Se allt som har hänt")
    text = shown.text
    while "Visa äldre" in (await talk.last()).buttons:
        [shown] = await talk.press("Visa äldre")
        text += f"\n{shown.text}"
    for line in (
        "31 juli 2025: Det går inte att nå dig där längre: e-post.",
        "31 juli 2025: Norrhjul gav oss ett sätt att nå dig: sms.",
        "28 juli 2025: Brev, skickat.",
        "24 juli 2025: Sms, kom fram.",
        "23 juli 2025: E-post, kom tillbaka.",
        "23 juli 2025: Vi skickade ett krav. Avgift 180,00 kr.",
    ):
        assert line in text.split("\n"), text
    staff = await at_work(world, Role.CLERK)
    history = await heard(staff, "/case 10000180")
    for line in ("24 juli 2025 Sms, kom fram", "23 juli 2025 E-post, kom tillbaka", "28 juli 2025 Brev, skickat"):
        assert line in history.split("\n"), history
    assert "31 juli 2025 Adressen tar inte emot något: e-post" in history
    creditor = await at_work(world, Role.MEMBER, 1)
    assert "Sms" not in await heard(creditor, "/case 10000180")


async def test_an_answer_by_sms_says_by_what_it_went(world: World) -> None:
    talk = await at_case(world)
    session = await identity.session(world.house, talk.chat_id)
    await questions.ask(world.house, session, None, "Vem är ni?")
    staff = await at_work(world, Role.CLERK)
    assert "med sms" in await heard(staff, "/reply 1 Vi är ett inkassobolag.")
