"""BankID from the page that a chat offers to what came of it: an order identifies or signs for that chat only.

The page's nonce binds an order to its chat. Whoever starts the order binds the page to their browser, so an address
that was passed on shows nobody else the moving code or the link to the app. The page and the chat show the same short
control word: a person who was sent somebody else's page has no chat in which it stands.

An order that is opened on the same device counts only when somebody comes back from the app by the address that BankID
alone was told: a link to the app that was passed on to somebody else leads them to our page, and never into the chat
of whoever passed it on.
"""

import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from core import bankid_codes, codes
from core.errors import Refusal
from core.party import Hidden
from core.ports import Identified, IdentityStarted, IdentityState, IdentityStatus, ProviderError, ProviderRefused
from core.providers.bankid import NO_SUCH_ORDER
from core.services import acting, identity
from core.services.house import House
from core.services.known_addresses import SMS
from core.services.signing import NONCE, Completion, keep_signature, signer_of
from core.store import audit, identity_orders, sessions
from core.store.database import transaction
from core.store.identity_orders import AUTH, DONE, FAILED, HELD, RUNNING, SIGN, OrderRow
from core.store.secrets import new_token

#: How long a page may be opened (business time, as all links), and how often an order may be started on it.
VALID: Final = timedelta(minutes=10)
STARTS_MAX: Final = 6
#: BankID ends an order after three minutes; one that it has not told the end of by then is over (machine time).
LASTS: Final = timedelta(minutes=5)
_SECRET: Final = "bankid.qr"  # noqa: S105 - the name of a purpose
_BROWSER: Final = "bankid.browser"
_BACK: Final = "bankid.back"
_HELD: Final = "bankid.held"
WORD_LENGTH: Final = 4
QR, HERE = "qr", "here"
#: Endings of our own, beside BankID's hints.
OTHER_PERSON, NO_ANSWER = "other_person", "expiredTransaction"


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """A page as it stands now. ``message`` is BankID's own (a key); ``qr_text`` and the tokens are there while it runs.

    ``state`` is offered, running, held, done or failed; ``word`` stands in the chat too. ``mine``: started here.
    """

    nonce_hash: str
    chat_id: int
    channel: str
    purpose: str
    state: str
    hint: str
    way: str
    word: str
    mine: bool
    message: str = ""
    qr_text: str | None = None
    auto_start_token: Hidden | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What came of an order, for the chat to say once.

    ``kind``: ``one`` (identified), ``whom`` (several to choose among), ``none``, ``member``, ``signed``.
    """

    kind: str
    first_name: str = ""
    then: Mapping[str, Any] | None = None
    purpose: str = ""
    subject: str = ""


async def offer(house: House, chat_id: int, then: Mapping[str, Any] | None = None) -> str:
    """A page on which whoever sits in the chat shows who they are; its nonce. ``then`` is where they were going."""
    return await offer_page(house, chat_id, AUTH, {"then": dict(then)} if then else {})


async def aim(house: House, nonce: str, chat_id: int, then: Mapping[str, Any]) -> bool:
    """Whoever sits in the chat has said more of where they were going. False when the page is over or not theirs."""
    row = await _row(house, nonce)
    if row is None or (row.chat_id, row.purpose) != (chat_id, AUTH):
        return False
    return await identity_orders.aim(row, then)


async def offer_page(house: House, chat_id: int, purpose: str, data: Mapping[str, Any]) -> str:
    nonce = await _new_nonce(chat_id)
    await identity_orders.add(house.keys.find_by(nonce, NONCE), chat_id, purpose, data, house.clock.now())
    return nonce


async def _new_nonce(chat_id: int) -> str:
    """An SMS has room for ten signs. A page lasts minutes, and is its starter's alone (`_is_same_browser`)."""
    chat = await sessions.get(chat_id)
    if chat is not None and chat.channel == SMS:
        return codes.link_token(secrets.token_bytes(codes.RANDOM_BYTES))
    return new_token()


def control_word(house: House, nonce: str) -> str:
    """What page and chat both show: four signs that follow from the nonce."""
    return codes.one_time_code(bytes.fromhex(house.keys.find_by(nonce, "bankid.word")))[:WORD_LENGTH]


async def page(house: House, nonce: str, browser: str = "") -> Page | None:
    """How a page stands; None for an address that is unknown or too old. Looking changes nothing."""
    row = await _row(house, nonce)
    chat = await sessions.get(row.chat_id) if row else None
    if row is None or chat is None:
        return None
    made = Page(
        nonce_hash=row.nonce_hash,
        chat_id=row.chat_id,
        channel=chat.channel,
        purpose=row.purpose,
        state=row.state,
        hint=row.hint,
        way=row.data.get("way", HERE),
        word=control_word(house, nonce),
        mine=_is_same_browser(house, row, browser),
    )
    return _with_order(house, made, row) if made.mine and row.state in (RUNNING, FAILED) else made


def _with_order(house: House, made: Page, row: OrderRow) -> Page:
    status = IdentityStatus.PENDING if row.state == RUNNING else IdentityStatus.FAILED
    computer = bool(row.data.get("computer"))
    state = IdentityState(status, row.hint or "outstandingTransaction")
    message = bankid_codes.message_of(state, by_qr=made.way == QR, on_computer=computer)
    text: str | None = None
    token: Hidden | None = None
    if row.state == RUNNING and row.secret and row.started_at and row.qr_start_token and row.auto_start_token:
        if made.way == QR:
            seconds = max(0, int((house.clock.machine_now() - row.started_at).total_seconds()))
            secret = Hidden(house.keys.decrypt(row.secret, _SECRET))
            text = bankid_codes.qr_text(Hidden(row.qr_start_token), secret, seconds)
        else:
            token = Hidden(row.auto_start_token)
    return replace(made, message=message, qr_text=text, auto_start_token=token)


async def start(house: House, nonce: str, way: str, end_user_ip: str, browser: str, *, computer: bool = False) -> None:
    """Begin an order on a page. While one runs there, pressing again begins none.

    Raises Refusal ``bankid_page`` for a page that is unknown, too old or somebody else's, ``bankid_often`` after too
    many tries, and `ProviderError`.
    """
    row = await _row(house, nonce)
    if row is None or not _is_same_browser(house, row, browser) or row.state == DONE:
        raise Refusal("bankid_page")
    if row.state == RUNNING:
        return
    if row.data.get("starts", 0) >= STARTS_MAX:
        raise Refusal("bankid_often")
    back = new_token() if way != QR else ""
    return_url = f"{house.public_url}/bankid/{nonce}?back={back}" if back else ""
    begun = await _ask(house, row, end_user_ip, return_url)
    data = {
        **{name: value for name, value in row.data.items() if name not in ("returned", "kept")},
        "back": house.keys.find_by(back, _BACK) if back else "",
        "way": QR if way == QR else HERE,
        "computer": computer,
        "browser": house.keys.find_by(browser, _BROWSER),
        "starts": row.data.get("starts", 0) + 1,
    }
    tokens = (begun.auto_start_token.reveal(), begun.qr_start_token.reveal())
    secret = house.keys.encrypt(begun.qr_secret.reveal(), _SECRET)
    if not await identity_orders.start(row, begun.order_ref, tokens, secret, data, house.clock.machine_now()):
        await house.bankid.cancel(begun.order_ref)  # another press was faster


async def _ask(house: House, row: OrderRow, end_user_ip: str, return_url: str) -> IdentityStarted:
    if row.purpose == SIGN:
        number = signer_of(house, row)
        text, hidden = row.data["text"], row.data["hidden"]
        return await house.bankid.sign(end_user_ip, text, hidden, number, return_url)
    return await house.bankid.auth(end_user_ip, return_url=return_url)


async def switch(house: House, nonce: str, way: str, browser: str) -> None:
    """Another way was chosen, by the code or on this device: the running order gives way to another."""
    row = await _row(house, nonce)
    if row and row.state == RUNNING and row.data.get("way") != (QR if way == QR else HERE):
        await cancel(house, nonce, browser)


async def came_back(house: House, nonce: str, back: str) -> bool:
    """Somebody comes from the app by the address that BankID was told; False for any other address."""
    row = await _row(house, nonce)
    told = row.data.get("back") if row else ""
    if row is None or not told or told not in house.keys.find_any(back, _BACK):
        return False
    await identity_orders.keep(row, {"returned": True})
    return True


async def cancel(house: House, nonce: str, browser: str) -> None:
    """The order is not wanted any more. Nothing happens if it has ended, or is another browser's."""
    row = await _row(house, nonce)
    if row is None or row.state != RUNNING or row.order_ref is None or not _is_same_browser(house, row, browser):
        return
    await identity_orders.fail(row, "userCancel", house.clock.machine_now())
    await house.bankid.cancel(row.order_ref)


async def collect(house: House, nonce_hash: str, completions: Mapping[str, Completion]) -> str:
    """Ask BankID how far an order has come and do what comes of it, once; the page's state then.

    Whoever asks, every two seconds, is the one who started it: BankID tells the end to the first who asks.
    """
    row = await identity_orders.get((nonce_hash,))
    if row is not None and row.state == HELD and row.data.get("returned"):
        return await _complete(house, row, _unsealed(house, row.data["kept"]), completions)
    if row is None or row.state != RUNNING or row.order_ref is None or row.started_at is None:
        return row.state if row else FAILED
    now = house.clock.machine_now()
    try:
        told = await house.bankid.collect(row.order_ref)
    except ProviderRefused as refused:
        hint = NO_ANSWER if refused.code == NO_SUCH_ORDER else refused.code
        await identity_orders.fail(row, hint, now)
        return FAILED
    except ProviderError:
        if now > row.started_at + LASTS:
            await identity_orders.fail(row, NO_ANSWER, now)
            return FAILED
        return RUNNING  # asked again in two seconds; the order goes on by itself
    match told:
        case IdentityState(status=IdentityStatus.COMPLETE, who=Identified() as who):
            if row.data.get("back"):
                row = await identity_orders.keep(row, {"kept": _sealed(house, who)}, HELD)
                if not row.data.get("returned"):
                    return HELD
            return await _complete(house, row, who, completions)
        case IdentityState(status=IdentityStatus.PENDING):
            if told.hint != row.hint:
                await identity_orders.hint(row, told.hint)
            return RUNNING
        case _:
            await identity_orders.fail(row, told.hint, now)
            return FAILED


def _sealed(house: House, who: Identified) -> str:
    """What BankID swore, until somebody has come back: it tells an end only once."""
    told = json.dumps([who.number.reveal(), who.name, who.given_name, who.signature, who.ocsp])
    return b64encode(house.keys.encrypt(told, _HELD)).decode()


def _unsealed(house: House, kept: str) -> Identified:
    number, *rest = json.loads(house.keys.decrypt(b64decode(kept), _HELD))
    return Identified(Hidden(number), *rest)


async def _complete(house: House, row: OrderRow, who: Identified, completions: Mapping[str, Completion]) -> str:
    try:
        if row.purpose == SIGN:
            await _signed(house, row, who, completions)
        else:
            await _identified(house, row, who)
    except Refusal as refusal:
        await identity_orders.fail(row, refusal.code, house.clock.machine_now())
        return FAILED
    return DONE


async def _signed(house: House, row: OrderRow, who: Identified, completions: Mapping[str, Completion]) -> None:
    if who.number.reveal() != signer_of(house, row).reveal():
        raise Refusal(OTHER_PERSON)
    kept = {name: row.data[name] for name in ("about", "subject", "then") if name in row.data}
    async with transaction():
        if await identity_orders.done(row, {**kept, "outcome": "signed"}, house.clock.machine_now()):
            await keep_signature(house, row, who, completions)


async def _identified(house: House, row: OrderRow, who: Identified) -> None:
    """Everybody's answer costs the same look-ups, whether there is anything of theirs or not."""
    chat = await sessions.get(row.chat_id)
    assert chat is not None
    kept = {name: row.data[name] for name in ("then", "browser") if name in row.data}
    person = acting.Person(who.number, who.name, who.given_name)
    if chat.member_id is not None:
        async with transaction():
            await identity.member_proved(house, chat.id, who.number)
            await identity_orders.done(row, {**kept, "outcome": "member"}, house.clock.machine_now())
        return
    before = await identity.look(house, chat.id)
    await acting.ask_for_linked(house, chat, person)
    found = await acting.parties(house, person)
    outcome = "one" if len(found) == 1 else "whom" if found else "none"
    data = {**kept, "outcome": outcome, "who": acting.sealed(house, who)}
    async with transaction():
        if not await identity_orders.done(row, data, house.clock.machine_now()):
            return
        await identity.lapse(house, chat.id)  # whoever was here before is not any more
        if len(found) == 1:
            after = await acting.enter(house, chat.id, found[0])
            same = (before.debtor_id, before.represents) == (after.debtor_id, after.represents)
            if chat.channel == SMS and before.reads_here and same:
                await identity.read_here(house, chat.id)  # the same person, who has chosen already
        else:
            facts = {"found": len(found)}
            await audit.record(f"chat:{chat.id}", house.clock.now(), "stranger:0", "identity.bankid", facts)


async def take_outcome(house: House, chat_id: int) -> Outcome | None:
    """What came of the chat's latest order, if it has not been said yet: it is said once."""
    row = await identity_orders.last_done(chat_id)
    if row is None or not await identity_orders.told(row):
        return None
    first_name = acting.opened(house, row.data["who"]).first_name if "who" in row.data else ""
    return Outcome(
        row.data["outcome"], first_name, row.data.get("then"), row.data.get("about", ""), row.data.get("subject", "")
    )


async def _row(house: House, nonce: str) -> OrderRow | None:
    """The order behind an address. One that runs or has ended may be looked at a while longer."""
    row = await identity_orders.get(house.keys.find_any(nonce, NONCE))
    if row is None or house.clock.now() < row.created_at + VALID:
        return row
    running = row.started_at is not None and house.clock.machine_now() < row.started_at + LASTS
    return row if running else None


def _is_same_browser(house: House, row: OrderRow, browser: str) -> bool:
    bound = row.data.get("browser")
    return bound is None or (browser != "" and bound in house.keys.find_any(browser, _BROWSER))
