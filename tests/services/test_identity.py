"""Who is in a chat: links that open nothing, codes that open one case once, locks, stops, and wrong persons."""

import asyncio
from datetime import timedelta

import pytest

from core.case import Case
from core.errors import NotAllowed, NotFound, Refusal
from core.facts import ChannelBound, ChannelUnbound
from core.party import SYSTEM, Actor, Role
from core.services import cases, doors, identity
from core.store import tasks, tries
from tests.logins import MEMBER_NUMBER, show
from tests.services.world import CLERK, ERIK, SOLROS, World, debtor, invoice, member


async def code_for(world: World, case: Case) -> str:
    return (await doors.new_code(world.house, case.id, None)).reveal()


async def refused(world: World, chat_id: int, typed: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await identity.try_code(world.house, chat_id, typed)
    return caught.value


async def test_a_link_makes_linked_and_opens_nothing(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat()
    token = await doors.new_link(world.house, case)
    for _ in range(2):
        await identity.open_link(world.house, chat_id, token)
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.name, session.debtor_id) == ("linked", None, None)
    with pytest.raises(NotAllowed):
        _ = session.actor


@pytest.mark.parametrize("token", ["", "nothing", "x" * 5_000])
async def test_a_link_that_is_not_ours_is_refused(world: World, token: str) -> None:
    with pytest.raises(Refusal, match="link"):
        await identity.open_link(world.house, await world.chat(), token)


async def test_a_link_runs_out(world: World) -> None:
    token = await doors.new_link(world.house, await world.sara())
    world.clock.advance(days=doors.LINK_DAYS + 1)
    with pytest.raises(Refusal, match="link"):
        await identity.open_link(world.house, await world.chat(), token)


async def test_a_letters_code_opens_its_case_once(world: World) -> None:
    case = await world.sara()
    other = await world.case(claim=invoice("other"), creditor=SOLROS)
    code = await code_for(world, case)
    chat_id = await world.chat()
    session = await identity.try_code(world.house, chat_id, f" {code.lower().replace('-', ' ')} ")
    assert (session.level, session.name, session.case_ids) == ("identified", "Sara", frozenset({case.id}))
    assert [row.id for row in await cases.overview(world.house, session.actor)] == [case.id]
    with pytest.raises(NotFound):
        await cases.open_case(world.house, session.actor, other.id)
    assert (await refused(world, await world.chat(address="b"), code)).facts == {"left": 4}


async def test_a_code_runs_out(world: World) -> None:
    code = await code_for(world, await world.sara())
    world.clock.advance(days=doors.CODE_DAYS + 1)
    assert (await refused(world, await world.chat(), code)).code == "code"


async def test_five_wrong_codes_lock_for_24_hours_of_machine_time(world: World) -> None:
    code = await code_for(world, await world.sara())
    chat_id = await world.chat()
    answers = [await refused(world, chat_id, "AAAA-2222") for _ in range(5)]
    assert [(answer.code, answer.facts) for answer in answers] == [
        *(("code", {"left": left}) for left in (4, 3, 2, 1)),
        ("locked", {"hours": 24}),
    ]
    assert (await refused(world, chat_id, code)).facts == {"hours": 24}  # the right code too
    world.clock.advance(days=3)
    assert (await refused(world, chat_id, code)).code == "locked"
    world.clock.wait(24 * 3_600 + 1)
    assert (await identity.try_code(world.house, chat_id, code)).identified


async def test_a_right_code_clears_the_count(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat()
    for _ in range(4):
        await refused(world, chat_id, "AAAA-2222")
    await identity.try_code(world.house, chat_id, await code_for(world, case))
    assert (await refused(world, chat_id, "AAAA-2222")).facts == {"left": 4}


async def test_the_answer_is_the_same_whether_there_is_a_case_or_not(world: World) -> None:
    case = await world.sara()
    used = await code_for(world, case)
    await identity.try_code(world.house, await world.chat(), used)
    answers = []
    for number, typed in enumerate((used, "AAAA-2222", "", "ÅÄÖ", "9" * 5_000)):
        answer = await refused(world, await world.chat(address=f"s{number}"), typed)
        answers.append((answer.code, answer.facts, str(answer)))
    assert len({str(answer) for answer in answers}) == 1


async def test_strangers_in_ever_new_chats_share_a_guard_and_linked_people_do_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await world.sara()
    monkeypatch.setattr(identity, "STRANGERS_GUARD", tries.Guard(3, 3_600.0, 3_600.0))
    for number in range(3):
        await refused(world, await world.chat(address=f"n{number}"), "AAAA-2222")
    assert (await refused(world, await world.chat(address="n9"), "AAAA-2222")).facts == {"hours": 1}
    chat_id = await world.chat(address="linked")
    await identity.open_link(world.house, chat_id, await doors.new_link(world.house, case))
    assert (await identity.try_code(world.house, chat_id, await code_for(world, case))).identified


async def test_a_session_lapses_after_30_minutes_of_silence_and_not_before(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat()
    await identity.try_code(world.house, chat_id, await code_for(world, case))
    for _ in range(3):
        world.clock.wait(29 * 60)
        assert (await identity.session(world.house, chat_id)).identified
    world.clock.advance(days=2)
    assert (await identity.session(world.house, chat_id)).identified
    world.clock.wait(20 * 60)
    assert (await identity.look(world.house, chat_id)).identified
    world.clock.wait(10 * 60)
    assert (await identity.look(world.house, chat_id)).level == "linked"
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.name, session.case_ids) == ("linked", None, frozenset())


async def test_a_chat_that_rings_is_bound_by_the_proof_and_web_chat_is_not(world: World) -> None:
    case = await world.sara()
    await identity.try_code(world.house, await world.chat(), await code_for(world, case))
    assert (await world.house.book.load(case.id)).ringing_channel() is None
    telegram = await world.chat("telegram", "555")
    await identity.try_code(world.house, telegram, await code_for(world, case))
    await identity.read_here(world.house, telegram)
    assert (await identity.look(world.house, telegram)).reads_here
    bound = await world.house.book.load(case.id)
    assert bound.ringing_channel() == "telegram"
    assert [type(fact) for fact in bound.person] == [ChannelBound]


async def test_stop_and_start_again(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat("telegram", "555")
    await identity.try_code(world.house, chat_id, await code_for(world, case))
    for _ in range(2):
        await identity.stop(world.house, chat_id)
    assert (await identity.look(world.house, chat_id)).stopped
    assert (await world.house.book.load(case.id)).ringing_channel() is None
    for _ in range(2):
        await identity.start_again(world.house, chat_id)
    after = await world.house.book.load(case.id)
    assert after.ringing_channel() == "telegram"
    assert [type(fact) for fact in after.person] == [ChannelBound, ChannelUnbound, ChannelBound]


async def test_a_stranger_stops_and_starts_a_chat_that_is_nobodys(world: World) -> None:
    chat_id = await world.chat()
    await identity.stop(world.house, chat_id)
    await identity.start_again(world.house, chat_id)
    assert not (await identity.look(world.house, chat_id)).stopped


async def test_the_wrong_person_is_left_alone_and_staff_look(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat("telegram", "555")
    await identity.try_code(world.house, chat_id, await code_for(world, case))
    for _ in range(2):
        await identity.wrong_person(world.house, chat_id)
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.quarantined, session.debtor_id) == ("stranger", True, None)
    after = await world.house.book.load(case.id)
    assert after.ringing_channel() is None
    [task] = await tasks.open_tasks()
    assert (task.kind, task.case_id) == ("task.notme", case.id)

    await identity.start_again(world.house, chat_id)
    assert (await world.house.book.load(case.id)).ringing_channel() is None  # a stranger's word ends it for good
    await identity.undo_wrong_person(world.house, chat_id)
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.quarantined) == ("linked", False)


async def test_an_invitation_binds_one_chat_once(world: World) -> None:
    case = await world.sara()
    token = await identity.invite(world.house, CLERK, Role.MEMBER, "Eva Ek", case.creditor.id)
    chat_id = await world.chat()
    view = await identity.accept_invitation(world.house, chat_id, token)
    assert (view.role, view.creditor_id, view.first_name) == (Role.MEMBER, case.creditor.id, "Eva")
    await show(world.house, chat_id, MEMBER_NUMBER)
    session = await identity.session(world.house, chat_id)
    assert session.actor == Actor(Role.MEMBER, view.id, case.creditor.id)
    for wrong in (token, "x", ""):
        with pytest.raises(Refusal, match="invitation"):
            await identity.accept_invitation(world.house, await world.chat(address="b"), wrong)
    with pytest.raises(Refusal, match="link"):
        await identity.open_link(world.house, chat_id, await doors.new_link(world.house, case))
    assert (await refused(world, chat_id, await code_for(world, case))).code == "code"


async def test_an_invitation_runs_out(world: World) -> None:
    token = await identity.invite(world.house, SYSTEM, Role.CLERK, "Amira Ali")
    world.clock.advance(days=identity.INVITATION_DAYS + 1)
    with pytest.raises(Refusal, match="invitation"):
        await identity.accept_invitation(world.house, await world.chat(), token)


async def test_who_may_invite_whom(world: World) -> None:
    case = await world.sara()
    ours, admin = case.creditor.id, Actor(Role.CREDITOR_ADMIN, 1, case.creditor.id)
    supervisor = Actor(Role.SUPERVISOR, 2)
    assert await identity.invite(world.house, supervisor, Role.CLERK, "A")
    assert await identity.invite(world.house, admin, Role.MEMBER, "B", ours)
    for actor, role, creditor in (
        (CLERK, Role.CLERK, None),
        (CLERK, Role.SYSTEM, None),
        (supervisor, Role.MEMBER, None),
        (supervisor, Role.CLERK, ours),
        (admin, Role.MEMBER, ours + 1),
        (admin, Role.CLERK, None),
        (member(case), Role.MEMBER, ours),
        (debtor(case), Role.MEMBER, ours),
    ):
        with pytest.raises(NotAllowed):
            await identity.invite(world.house, actor, role, "C", creditor)


async def test_another_persons_link_ends_what_was_proved(world: World) -> None:
    sara, erik = await world.sara(), await world.case(ERIK, SOLROS, invoice("77"))
    chat_id = await world.chat()
    await identity.try_code(world.house, chat_id, await code_for(world, sara))
    await identity.open_link(world.house, chat_id, await doors.new_link(world.house, sara))
    assert (await identity.session(world.house, chat_id)).identified  # their own link takes nothing away
    await identity.open_link(world.house, chat_id, await doors.new_link(world.house, erik))
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.debtor_id) == ("linked", None)


async def test_one_code_from_two_chats_at_once_opens_one(world: World) -> None:
    code = await code_for(world, await world.sara())
    chats = [await world.chat(address=address) for address in "ab"]
    done = await asyncio.gather(
        *(identity.try_code(world.house, chat_id, code) for chat_id in chats), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in done) == ["Refusal", "Session"]


async def test_a_chosen_language_is_the_letters_language_once_it_is_known_whose(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat()
    await identity.set_language(world.house, chat_id, "en")
    assert (await world.house.book.load(case.id)).debtor.language == "sv"
    await identity.try_code(world.house, chat_id, await code_for(world, case))
    await identity.set_language(world.house, chat_id, "en")
    assert (await world.house.book.load(case.id)).debtor.language == "en"
    assert (await identity.look(world.house, chat_id)).language == "en"


def test_the_silence_is_thirty_minutes() -> None:
    assert timedelta(minutes=30) == identity.SILENCE
