"""BankID: an order identifies its own chat only, opens what is theirs, and says the same to one who has nothing."""

from datetime import date

import pytest

from core.errors import NotAllowed, NotFound, Refusal
from core.party import OWN, Actor, Address, Debtor, Hidden, PartyKind, Role, require
from core.ports import IdentityStatus, ProviderDown
from core.services import acting, bankid, cases, doors, handover, identity, signing
from core.services.house import House
from core.store import identity_orders, representatives, signatures, tasks
from core.store.database import rows
from tests.logins import IP, MEMBER_NUMBER, show
from tests.services.world import CLERK, ERIK, SARA, SOLROS, World, invoice

NUMBER = SARA.number.reveal()
NOBODY = "199804309806"
COMPANY = Debtor(
    0, PartyKind.ORGANISATION, "Lind Bygg AB", Hidden("5599990040"), Address("Ågatan 2", "582 22", "Linköping")
)


async def test_bankid_opens_all_of_a_persons_cases_in_that_chat_only(world: World) -> None:
    await world.sara()
    await world.case(claim=invoice("other"), creditor=SOLROS)
    chat_id, other = await world.chat(), await world.chat(address="other")
    assert await show(world.house, chat_id, NUMBER) == "done"
    session = await identity.session(world.house, chat_id)
    assert (session.level, session.name, session.proof, session.case_ids) == (
        "identified",
        "Sara",
        "bankid",
        frozenset(),
    )
    assert len(await cases.overview(world.house, session.actor)) == 2
    assert not (await identity.session(world.house, other)).identified
    outcome = await bankid.take_outcome(world.house, chat_id)
    assert outcome is not None
    assert (outcome.kind, outcome.first_name) == ("one", "Sara")
    assert await bankid.take_outcome(world.house, chat_id) is None  # it is said once


async def test_who_has_nothing_here_stays_a_stranger(world: World) -> None:
    await world.sara()
    chat_id = await world.chat()
    assert await show(world.house, chat_id, NOBODY, "Nils Nilsson") == "done"
    outcome = await bankid.take_outcome(world.house, chat_id)
    assert outcome is not None
    assert outcome.kind == "none"
    assert (await identity.session(world.house, chat_id)).level == "stranger"


async def test_somebody_elses_bankid_ends_what_was_open(world: World) -> None:
    await world.sara()
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    await show(world.house, chat_id, NOBODY, "Nils Nilsson")
    assert not (await identity.session(world.house, chat_id)).identified


async def test_a_page_belongs_to_the_browser_that_started_it(world: World) -> None:
    await world.sara()
    nonce = await bankid.offer(world.house, await world.chat())
    await bankid.start(world.house, nonce, bankid.QR, IP, "mine")
    mine, theirs = await bankid.page(world.house, nonce, "mine"), await bankid.page(world.house, nonce, "theirs")
    assert mine is not None
    assert theirs is not None
    assert (mine.mine, bool(mine.qr_text)) == (True, True)
    assert (theirs.mine, theirs.qr_text, theirs.auto_start_token) == (False, None, None)
    with pytest.raises(Refusal, match="bankid_page"):
        await bankid.start(world.house, nonce, bankid.QR, IP, "theirs")
    await bankid.cancel(world.house, nonce, "theirs")
    assert not world.bankid.cancelled


async def test_the_code_moves_each_second_and_its_secret_stays(world: World) -> None:
    nonce = await bankid.offer(world.house, await world.chat())
    await bankid.start(world.house, nonce, bankid.QR, IP, "b")
    seen = []
    for _ in range(3):
        page = await bankid.page(world.house, nonce, "b")
        assert page is not None
        assert page.qr_text is not None
        seen.append(page.qr_text)
        world.clock.wait(1)
    assert len(set(seen)) == 3
    assert [text.split(".")[2] for text in seen] == ["0", "1", "2"]
    [row] = await rows("SELECT secret FROM identity_orders")
    assert b"secret" not in bytes(row["secret"])


async def test_pressing_twice_starts_one_order_and_a_failed_one_may_be_started_again(world: World) -> None:
    chat_id = await world.chat()
    nonce = await bankid.offer(world.house, chat_id)
    for _ in range(2):
        await bankid.start(world.house, nonce, bankid.HERE, IP, "b")
    assert len(world.bankid.orders) == 1
    world.bankid.hint("userCancel", IdentityStatus.FAILED)
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "failed"
    failed = await bankid.page(world.house, nonce, "b")
    assert failed is not None
    assert (failed.state, failed.message) == ("failed", "bankid.rfa6")
    for _ in range(bankid.STARTS_MAX - 1):
        await bankid.start(world.house, nonce, bankid.QR, IP, "b")
        await bankid.cancel(world.house, nonce, "b")
    with pytest.raises(Refusal, match="bankid_often"):
        await bankid.start(world.house, nonce, bankid.QR, IP, "b")


async def test_a_page_runs_out_and_an_unanswered_order_is_over_in_five_minutes(world: World) -> None:
    nonce = await bankid.offer(world.house, await world.chat())
    await bankid.start(world.house, nonce, bankid.QR, IP, "b")
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    world.bankid.error = ProviderDown("down")
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "running"
    world.clock.wait(301)
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "failed"
    world.clock.advance(minutes=11)
    assert await bankid.page(world.house, nonce, "b") is None
    assert await bankid.page(world.house, "made-up", "b") is None


async def test_on_the_same_device_it_counts_when_somebody_comes_back_by_the_address_that_bankid_knew(
    world: World,
) -> None:
    await world.sara()
    chat_id = await world.chat()
    nonce = await bankid.offer(world.house, chat_id)
    await bankid.start(world.house, nonce, bankid.HERE, IP, "b")
    [asked] = world.bankid.orders.values()
    back = asked.return_url.rpartition("=")[2]
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    assert page.auto_start_token is not None
    world.bankid.complete(NUMBER)  # whoever was sent the link to the app
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "held"
    assert not (await identity.session(world.house, chat_id)).identified
    assert not await bankid.came_back(world.house, nonce, "guessed")
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "held"
    assert await bankid.came_back(world.house, nonce, back)
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "done"
    assert (await identity.session(world.house, chat_id)).name == "Sara"


async def test_coming_back_before_we_have_heard_of_it_is_no_less(world: World) -> None:
    await world.sara()
    nonce = await bankid.offer(world.house, await world.chat())
    await bankid.start(world.house, nonce, bankid.HERE, IP, "b")
    [asked] = world.bankid.orders.values()
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    assert await bankid.came_back(world.house, nonce, asked.return_url.rpartition("=")[2])
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "running"
    world.bankid.complete(NUMBER)
    assert await bankid.collect(world.house, page.nonce_hash, {}) == "done"


# Those who work


async def test_a_members_link_opens_nothing_until_bankid_and_binds_their_number(world: World) -> None:
    case = await world.sara()
    token = await identity.invite(world.house, CLERK, Role.MEMBER, "Eva Ek", case.creditor.id)
    chat_id = await world.chat()
    await identity.accept_invitation(world.house, chat_id, token)
    session = await identity.session(world.house, chat_id)
    assert session.member is None
    assert session.seat is not None
    with pytest.raises(NotAllowed):
        _ = session.actor
    assert await show(world.house, chat_id, MEMBER_NUMBER, "Eva Ek") == "done"
    assert (await identity.session(world.house, chat_id)).actor.role is Role.MEMBER
    world.clock.wait(8 * 3_600 + 1)
    assert (await identity.session(world.house, chat_id)).member is None
    assert await show(world.house, chat_id, NUMBER) == "failed"  # another person's BankID
    assert (await identity.session(world.house, chat_id)).member is None
    assert await show(world.house, chat_id, MEMBER_NUMBER, "Eva Ek") == "done"


# Organisations


async def test_the_register_says_who_may_sign_for_an_organisation(world: World) -> None:
    case = await world.case(debtor=COMPANY)
    world.register.answers["5599990040", NUMBER] = True
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    session = await acting.for_organisation(world.house, chat_id, "559999-0040")
    assert session is not None
    assert [row.id for row in await cases.overview(world.house, session.actor)] == [case.id]
    world.register.answers.clear()
    await show(world.house, chat_id, NUMBER)  # known from now on
    assert (await identity.session(world.house, chat_id)).debtor_id == case.debtor.id


async def test_where_the_register_cannot_tell_staff_say(world: World) -> None:
    case = await world.case(debtor=COMPANY)
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    for _ in range(2):
        assert await acting.for_organisation(world.house, chat_id, "5599990040") is None
    [task] = await tasks.open_tasks(kind=acting.TASK)
    assert task.case_id == case.id
    await acting.confirm_signatory(world.house, CLERK, task.data["signatory"], True)
    assert await tasks.open_tasks(kind=acting.TASK) == ()
    assert (await acting.for_organisation(world.house, chat_id, "5599990040")) is not None
    with pytest.raises(Refusal, match="signatory_answered"):
        await acting.confirm_signatory(world.house, CLERK, task.data["signatory"], False)
    with pytest.raises(NotAllowed):
        await acting.confirm_signatory(world.house, Actor(Role.DEBTOR, 1), task.data["signatory"], True)


async def test_an_organisation_that_is_not_theirs_and_one_that_is_not_here_are_answered_alike(world: World) -> None:
    await world.case(debtor=COMPANY)
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    world.register.answers |= {("5599990040", NUMBER): False, ("5599990016", NUMBER): True}
    for number in ("5599990040", "5599990016"):
        with pytest.raises(Refusal, match="organisation_none"):
            await acting.for_organisation(world.house, chat_id, number)
    with pytest.raises(Refusal, match="organisation_number"):
        await acting.for_organisation(world.house, chat_id, "123")
    stranger = await world.chat(address="stranger")
    with pytest.raises(Refusal, match="bankid"):
        await acting.for_organisation(world.house, stranger, "5599990040")


# Representatives


async def test_a_representative_has_the_rights_that_were_given_until_they_end(world: World) -> None:
    case = await world.sara()
    await world.case(ERIK, SOLROS, invoice("77"))
    right = await representatives.add(
        world.house.keys,
        case.debtor.id,
        "Erik Åberg",
        ERIK.number,
        frozenset({"see", "pay"}),
        world.clock.today(),
        date(2025, 10, 31),
        world.clock.now(),
    )
    chat_id = await world.chat("telegram", "555")
    await show(world.house, chat_id, ERIK.number.reveal(), "Erik Åberg")
    assert [party.id for party in await acting.choices(world.house, chat_id)] == ["own", f"rep:{right.id}"]
    with pytest.raises(NotFound):
        await acting.choose(world.house, chat_id, "rep:99")
    session = await acting.choose(world.house, chat_id, f"rep:{right.id}")
    assert (session.debtor_id, session.name, session.actor.label) == (
        case.debtor.id,
        "Erik",
        f"representative:{right.id}",
    )
    require(session.actor, "pay")
    for right_name in ("agree", OWN):
        with pytest.raises(NotAllowed):
            require(session.actor, right_name)
    assert (await world.house.book.load(case.id)).ringing_channel() is None  # nothing is announced to them
    await representatives.end(right.id, case.debtor.id, world.clock.today())
    assert not (await identity.session(world.house, chat_id)).identified


async def test_the_proof_goes_along_to_our_own_page(world: World) -> None:
    await world.sara()
    chat_id = await world.chat("telegram", "555")
    await show(world.house, chat_id, NUMBER)
    token, _ = await handover.offer(world.house, await identity.session(world.house, chat_id))
    session = await handover.take_over(world.house, await world.chat(address="page"), token)
    assert (session.proof, session.name) == ("bankid", "Sara")


# Signing


async def signed(world: World, chat_id: int, number: str) -> tuple[str, list[int]]:
    done: list[int] = []

    async def complete(_house: House, _actor: Actor, _subject: str, signature_id: int) -> None:
        done.append(signature_id)

    actor = (await identity.session(world.house, chat_id)).actor
    url = await signing.start_sign(world.house, actor, chat_id, "plan", "1", "Din plan", "hash", None)
    nonce = url.rpartition("/")[2]
    await bankid.start(world.house, nonce, bankid.QR, IP, "b")
    world.bankid.complete(number)
    page = await bankid.page(world.house, nonce, "b")
    assert page is not None
    return await bankid.collect(world.house, page.nonce_hash, {"plan": complete}), done


async def test_what_is_signed_is_kept_word_for_word_and_brings_about_what_it_is_for(world: World) -> None:
    await world.sara()
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    await bankid.take_outcome(world.house, chat_id)
    world.clock.wait(2)
    state, done = await signed(world, chat_id, NUMBER)
    kept = await signatures.of("plan", "1")
    assert kept is not None
    assert (state, kept.text, kept.how, done) == ("done", "Din plan", "bankid", [kept.id])
    outcome = await bankid.take_outcome(world.house, chat_id)
    assert outcome is not None
    assert (outcome.kind, outcome.purpose, outcome.subject) == ("signed", "plan", "1")
    actor = (await identity.session(world.house, chat_id)).actor
    with pytest.raises(Refusal, match="signed_already"):
        await signing.start_sign(world.house, actor, chat_id, "plan", "1", "Din plan", "", None)


async def test_nobody_elses_signature_counts(world: World) -> None:
    await world.sara()
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    assert await signed(world, chat_id, NOBODY) == ("failed", [])
    assert await signatures.of("plan", "1") is None


async def test_a_letters_code_does_not_sign(world: World) -> None:
    case = await world.sara()
    chat_id = await world.chat()
    session = await identity.try_code(world.house, chat_id, (await doors.new_code(world.house, case.id, None)).reveal())
    with pytest.raises(Refusal, match="bankid"):
        await signing.start_sign(world.house, session.actor, chat_id, "plan", "1", "Din plan", "", None)


async def test_nothing_that_is_written_down_bears_a_name_or_a_number(world: World) -> None:
    await world.sara()
    chat_id = await world.chat()
    await show(world.house, chat_id, NUMBER)
    said = str([dict(row) for row in await rows("SELECT * FROM audit")])
    orders = str([dict(row) for row in await rows("SELECT * FROM identity_orders")])
    for secret in (NUMBER, "Lind"):
        assert secret not in said
        assert secret not in orders
    assert await identity_orders.running() == ()
