"""What a script says: what the person does, by the keys of buttons, and what must be true of the case afterwards."""

import io
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time
from enum import StrEnum
from functools import cache

from PIL import Image

from bot.dialogs.signed import completions
from bot.http.desks import PaymentDesk
from core import brief, words
from core.case import Case
from core.claim import Claim, InterestTerms
from core.party import SYSTEM, Actor, CreditorTerms, Debtor, Role
from core.services import bankid, doors, identity, payments, swish
from core.store import sessions, tasks
from core.store.chats import open_chat
from scheduler import outbox
from scheduler.deps import Deps
from scheduler.jobs import Jobs
from tests.golden.parser import plain
from tests.identities import FakeBankId
from tests.intents.recording import Recording
from tests.intents.talks import Button, Shown, Talk, Wires
from tests.logins import IP
from tests.scheduler.town import FakePrinter
from tests.services.world import CLERK, NOW, SARA, SOLROS, World, invoice, member

#: Reminds after ten days, as Norrhjul does.
_TOLERANT = replace(SOLROS, terms=CreditorTerms(reminder_after_days=10))


class Start(StrEnum):
    """Where a script begins; what leads there is neither recorded nor counted."""

    STRANGER = "stranger"
    CODE = "code"
    BANKID = "bankid"


@dataclass
class Scene:
    """The person in one chat, in one language, on 31 July 2025 at seven past two; and the world around them."""

    world: World
    wires: Wires
    talk: Talk
    deps: Deps
    channel: str
    lang: str
    code: str
    recording: Recording = field(default_factory=Recording)
    seen: dict[int, Shown] = field(default_factory=dict)
    news: list[Shown] = field(default_factory=list)

    @property
    def by_sms(self) -> bool:
        return self.channel == "sms"

    # What the person does

    async def press(self, key: str, **values: object) -> Shown:
        """Press the button with the words of this key on the screen that is open; by SMS, write its number."""
        return await self.tap(self.label(key, **values))

    async def tap(self, label: str) -> Shown:
        """Press a button by its words."""
        message, button = self._button(plain(label))
        self.recording.did(*(("writes", button.key) if self.by_sms else ("presses", button.label)))
        await self.talk.press(message.id, button.key)
        return await self.look()

    async def say(self, sv: str, en: str | None = None, others: str | None = None) -> Shown:
        """Write something: in Swedish, in English, and what is written in the other languages (as in English)."""
        said = {"sv": sv, "en": en}.get(self.lang, others or en) or sv
        self.recording.did("writes", said)
        await self.talk.say(said)
        return await self.look()

    async def phrase(self, key: str, sv: str, en: str) -> Shown:
        """Write something that we know; in other languages what comes first in their own list of phrases."""
        listed = words.text(self.lang, f"phrase.{key}").split(";")
        return await self.say(sv, en, listed[0].replace("*", "").strip(" ="))

    async def write(self, *answers: str) -> Shown:
        """Answer with one SMS after the other."""
        for answer in answers:
            await self.say(answer)
        return self.last

    async def fresh(self) -> Shown:
        """Write the first number that nobody can guess; the last SMS told it."""
        return await self.say(next(button.key for button in self.last.buttons if len(button.key) == 4))

    async def later(self) -> Shown:
        """Come back to the case, which is not counted."""
        self.aside("Later the person comes back to the case.")
        await self.talk.command("START")
        return await self.look()

    async def start(self) -> Shown:
        """Open the chat, or come back to it: the menu's own button."""
        self.recording.did("opens the chat")
        await self.talk.command("START" if self.by_sms else "/start")
        return await self.look()

    async def picture(self, name: str, sv: str = "", en: str = "") -> Shown:
        """Send a picture, with words or without."""
        caption = sv if self.lang == "sv" else en
        self.recording.did("sends a picture", f"{name}, {caption}" if caption else name)
        await self.talk.send(name, _photo(), "image/jpeg", caption)
        return await self.look()

    def has(self, key: str) -> bool:
        """Whether the open screen has the button of this key."""
        return plain(self.label(key)) in self.last.labels

    @property
    def last(self) -> Shown:
        """The last message of ours that has buttons; by SMS the last one."""
        if self.by_sms:
            return list(self.seen.values())[-1]
        return next(shown for shown in reversed(self.seen.values()) if shown.buttons)

    def said(self, sv: str, en: str) -> None:
        """These words stand in what came last. In other languages, and by SMS, the recording alone says what came."""
        if self.lang in ("sv", "en") and not self.by_sms:
            self._heard(sv if self.lang == "sv" else en)

    def said_by_sms(self, sv: str) -> None:
        """The same of an SMS, in Swedish."""
        if self.lang == "sv" and self.by_sms:
            self._heard(sv)

    def _heard(self, wanted: str) -> None:
        heard = "\n".join(shown.text for shown in self.news) or self.last.text
        assert wanted in heard, f"{wanted!r} is not in:\n{heard}"

    def label(self, key: str, **values: object) -> str:
        short = f"sms.{key}"
        key = short if self.by_sms and words.has(words.ORIGINAL, short) else key
        return words.text(self.lang, key, **values)

    # How things are written in the language of the chat

    def written(self, on: date) -> str:
        return brief.day(on, self.lang) if self.by_sms else words.day(on, self.lang)

    def number(self, n: int) -> str:
        return words.number(n, self.lang)

    def kronor(self, ore: int) -> str:
        return words.kronor(ore, self.lang)

    def _button(self, label: str) -> tuple[Shown, Button]:
        shown = self.last
        for button in shown.buttons:
            if button.label == label:
                return shown, button
        raise AssertionError(f"no button {label!r} among {shown.labels} under:\n{shown.text}")

    async def look(self) -> Shown:
        """What is new, or has changed, is written down."""
        self.world.clock.wait(12 if self.by_sms else 2)  # a person takes their time; the pace is another test's
        now = {shown.id: shown for shown in await self.talk.shown()}
        self.news = [one for one in now.values() if one != self.seen.get(one.id) and not _only_lost_buttons(one, self)]
        self.seen = now
        for nonce in re.findall(r"/bankid/([\w-]+)", " ".join(_addresses(self.news))):
            self.recording.draw(bankid.control_word(self.world.house, nonce), "H7RK")
        self.recording.saw(self.news)
        return self.last

    # BankID

    async def bankid(self, number: str = SARA.number.reveal(), name: str = "Sara Lind", *, sign: bool = False) -> Shown:
        """Follow the link of the open screen to our page, and say yes in the app; our page tells the chat."""
        done = "signs with BankID, on our page" if sign else "uses BankID, on our page"
        self.recording.did(done, counted=not self.by_sms)
        found = re.search(r"/bankid/([\w-]+)", " ".join(_addresses([self.last])))
        assert found, self.last
        nonce = found[1]
        house = self.world.house
        await bankid.start(house, nonce, bankid.QR, IP, "b")
        provider = house.bankid
        assert isinstance(provider, FakeBankId)
        provider.complete(number, name)
        page = await bankid.page(house, nonce, "b")
        assert page is not None
        ended = await bankid.collect(house, page.nonce_hash, completions())
        assert ended == "done", ended
        assert await self.wires.speak(self.channel, self.talk.chat_id, page.nonce_hash)
        return await self.look()

    async def known_again(self) -> Shown:
        """Half an hour later nobody is known by SMS any more; the way back is another recording's, and not counted."""
        self.world.clock.wait(1_860)
        self.aside("The person shows who they are with BankID.")
        kept, self.recording = self.recording, Recording()
        await self.write("START", "BANKID")
        await self.bankid()
        await self.press("btn.read_here")
        await self.start()
        self.recording = kept
        self.recording.saw([self.last])
        return self.last

    # Our page, to which an SMS links

    async def on_our_page(self, *keys: str) -> Shown:
        """Follow the last SMS to our page, show who one is, and press these; what it says is another recording's."""
        token = self._linked("c")
        self.aside("On our page the person shows who they are, and does it there.")
        talk = self.wires.talk("web", self.lang)
        page = replace(self, channel="web", talk=talk, recording=Recording(), seen={}, news=[])
        await page.talk.begin(self.lang)
        await page.talk.command(f"/start {token}")
        await page.talk.say((await doors.new_code(self.world.house, 1, None)).reveal())
        await page.look()
        for key in keys:
            await page.press(key)
        return await self.post()

    async def pays_on_our_page(self, ore: int | None = None) -> Shown:
        """Follow the last SMS to the page that pays, and pay there with Swish."""
        token = self._linked("pay")
        self.aside("On our page the payment is begun.")
        await PaymentDesk(self.world.house).start(token, ore)
        return await self.pays()

    def _linked(self, where: str) -> str:
        found = re.search(rf"https://\S+/{where}/([0-9a-z]{{10}})\b", self.last.text)
        assert found, self.last
        return found[1]

    # The world around

    def aside(self, told: str) -> None:
        self.recording.aside(told)

    async def post(self) -> Shown:
        """What was decided leaves: notices are said in the chat."""
        await outbox.drain(self.deps)
        return await self.look()

    async def day(self, day: date, told: str, at: time = time(10)) -> Shown:
        """Another day, with everything that is due on it. The person is still there, and known."""
        self.aside(told)
        self.world.clock.set_day(day, at)
        await Jobs(self.deps).live_day()
        return await self.look()

    async def another_case(self, reference: str = "77", on: date = date(2025, 7, 30)) -> Case:
        """A claim of another creditor on the same person."""
        now = self.world.clock.instant
        case = await self.world.case(creditor=_TOLERANT, claim=_recent(reference), on=on)
        self.world.clock.instant = now
        return case

    async def another_debtor(self, debtor: Debtor) -> Case:
        """Somebody else owes Norrhjul."""
        now = self.world.clock.instant
        case = await self.world.case(debtor, claim=_recent("80"), on=date(2025, 7, 30))
        self.world.clock.instant = now
        return case

    async def bank_pays(self, ore: int, on: date = NOW) -> Shown:
        """Money came by bank on a day, and we learn of it now; our receipt comes to the chat."""
        self.aside("The bank tells us that the money has come.")
        await payments.register_bank(self.world.house, self.clerk, "10000180", ore, on)
        return await self.post()

    async def code_in_letter(self) -> str:
        """The one-time code that the last letter bears."""
        printer = self.deps.printer
        assert isinstance(printer, FakePrinter)
        return list(printer.letters.values())[-1].decode().split()[2]

    async def a_clerk(self) -> Actor:
        """Amira, of staff."""
        token = await identity.invite(self.world.house, SYSTEM, Role.CLERK, "Amira Nur")
        chat = await open_chat("web", "staff", self.world.clock.now())
        await identity.accept_invitation(self.world.house, chat.id, token)
        row = await sessions.get(chat.id)
        assert row is not None
        assert row.member_id is not None
        return Actor(Role.CLERK, row.member_id)

    async def pays(self, ore: int | None = None) -> Shown:
        """The open payment request is approved in the Swish app; our receipt comes to the chat."""
        self.aside("The payment is approved in the Swish app.")
        [instruction] = self.world.swish.orders
        self.world.swish.pay(instruction, ore)
        await swish.confirm(self.world.house, instruction)
        return await self.post()

    async def case(self, case_id: int = 1) -> Case:
        return await self.world.house.book.load(case_id)

    async def tasks(self) -> list[str]:
        """The kinds of what waits for staff."""
        return [task.kind for task in await tasks.open_tasks()]

    @property
    def clerk(self) -> Actor:
        return CLERK

    async def member(self) -> Actor:
        """Somebody at Norrhjul."""
        return member(await self.case())

    @property
    def debtor(self) -> Actor:
        return Actor(Role.DEBTOR, 1)


def _addresses(shown: Iterable[Shown]) -> Iterator[str]:
    """Whatever may hold an address."""
    for one in shown:
        yield one.text
        yield from (button.url for button in one.buttons if button.url)


def _recent(reference: str) -> Claim:
    """An invoice that fell due on 28 July, so that nobody has been reminded of it yet."""
    due = date(2025, 7, 28)
    return replace(invoice(reference), due_date=due, interest=InterestTerms(due))


def _only_lost_buttons(one: Shown, scene: Scene) -> bool:
    before = scene.seen.get(one.id)
    return before is not None and before.text == one.text and not one.buttons


@cache
def _photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


Act = Callable[[Scene], Awaitable[None]]


@dataclass(frozen=True)
class Intent:
    """One row of the table. ``chapter`` is the issue's heading, ``told`` what the recording begins with.

    By SMS the way is mostly another one, ``sms``: in ``words`` where the intent is about words, else in digits alone.
    """

    name: str
    chapter: str
    title: str
    told: str
    start: Start
    act: Act
    sms: Act | None = None
    words: bool = False


#: In the order of the table.
INTENTS: dict[str, Intent] = {}


def intent(chapter: str, title: str, start: Start = Start.CODE) -> Callable[[Act], Act]:
    """Put a script into the table; its name is the function's, its docstring what the recording begins with."""

    def put(act: Act) -> Act:
        name = act.__name__
        assert name not in INTENTS, name
        INTENTS[name] = Intent(name, chapter, title, " ".join((act.__doc__ or "").split()), start, act)
        return act

    return put


def by_sms(name: str, *, words: bool = False) -> Callable[[Act], Act]:
    """How the same is done by SMS: at most three of them, in digits alone unless it is about ``words``."""

    def put(act: Act) -> Act:
        assert INTENTS[name].sms is None, name
        INTENTS[name] = replace(INTENTS[name], sms=act, words=words)
        return act

    return put
