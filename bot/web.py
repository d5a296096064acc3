"""The web application: chat, pay and verify pages, hooks, health; in a demo also its clock and the pretend outside."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from aiohttp import web

from bot.bankid_watch import Watch
from bot.channels.telegram import Telegram
from bot.channels.webchat import WebChat
from bot.demo import people
from bot.demo.bank import DemoBank
from bot.demo.doors import Doors
from bot.demo.moves import Moves
from bot.demo.post import LetterBox
from bot.demo.travel import Travel
from bot.house import Opened, secret_for
from bot.http import pages
from bot.http.about import AboutPages
from bot.http.bankid import BankIdPages
from bot.http.demo import DemoPage
from bot.http.desks import Callbacks, PaymentDesk
from bot.http.live import add_chat
from bot.http.open_app import OpenApp
from bot.http.pay import PayPages, add_swish_hook
from bot.http.security import guarded
from bot.http.sms_hooks import HookKeys, SmsDesk, add_sms_hooks, in_path
from bot.http.standing import evidence_of, file_max_of, identified, standing_of
from bot.http.stop import StopPage
from bot.http.talk import WebTalk
from bot.http.verify import VerifyPage
from bot.http.visitor import Visitor
from bot.mail_in import MailIn
from bot.sandbox.bank import BankSandbox
from bot.sandbox.bank_pages import BankPages
from bot.sandbox.bankid import BankIdSandbox
from bot.sandbox.bankid_pages import BankIdPages as PersonPages
from bot.sandbox.mail_pages import MailPages
from bot.sandbox.pages import OnBankPayment, SandboxPages
from bot.sandbox.register import RegisterSandbox
from bot.sandbox.sms import SmsSandbox
from bot.sandbox.sms_pages import SmsPages
from bot.sandbox.swish import SwishSandbox
from core.agency import Agency
from core.money import Ore
from core.providers import sms_elks
from core.rules.se.identifiers import show_bankgiro
from core.services import genuine
from core.services.doors import chat_to_stop, language_of_link
from core.services.mail_in import stop_by_link
from core.store import outbox, sessions
from core.store.database import rows

#: A body of any request; the chat's own texts are far smaller.
BODY_OCTETS_MAX = 1_000_000
TELEGRAM_HOOK = "/hooks/telegram"


@dataclass(frozen=True, slots=True)
class Heard:
    """The channels that pages and hooks hand something to."""

    web_chat: WebChat
    telegram: Telegram | None = None
    sms: SmsDesk | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What is there in a demo or a test only, and pages show it: its clock, the pretend phones and bank, and a mailbox
    that answers through our own door for mail.
    """

    travel: Travel | None = None
    phones: SmsSandbox | None = None
    bank: DemoBank | None = None
    mail_in: MailIn | None = None


def build_app(
    opened: Opened, heard: Heard, wake: Callable[[], None], watch: Watch, around: Around | None = None
) -> web.Application:
    """All pages of this process. ``wake`` has the outbox looked at now, ``watch`` follows what is begun with BankID."""
    around = around or Around()
    web_chat, telegram, sms, travel = heard.web_chat, heard.telegram, heard.sms, around.travel
    house, settings = opened.house, opened.settings
    front = pages.Front(shown(house.agency), house.clock, demo=travel is not None)
    https = settings.public_url.startswith("https://")
    app = web.Application(middlewares=[guarded(front, https=https)], client_max_size=BODY_OCTETS_MAX)
    doors = Doors(house) if travel else None
    secret = bytes.fromhex(secret_for(house.keys, "visitor"))
    add_chat(
        app,
        WebTalk(web_chat, identified(house), standing_of(house), evidence_of(house), file_max_of(house)),
        front,
        secret=secret,
        public_url=settings.public_url,
        demo_code=_demo_code(opened, doors) if doors else None,
        demo_token=doors.token if doors else None,
        demo_sit=doors.sit if doors else None,
        demo_log_in=doors.log_in if doors else None,
        link_language=partial(language_of_link, house),
    )
    BankIdPages(front, house, Visitor(secret, https=https), watch).register(app)
    PayPages(front, PaymentDesk(house)).register(app)
    VerifyPage(front, partial(genuine.check, house)).register(app)
    StopPage(front, partial(chat_to_stop, house), partial(stop_by_link, house)).register(app)
    app.add_routes(OpenApp(house.swish_app, house.public_url).routes())
    add_swish_hook(app, opened.swish_path, Callbacks(house, wake))
    if sms and house.sms:
        token = settings.sms.secret if settings.sms else None
        keys = HookKeys(settings.public_url, opened.sms_path, token)
        add_sms_hooks(app, house.sms.name, keys, sms, house.clock)
    if telegram and settings.telegram_webhook_secret:
        app.router.add_post(TELEGRAM_HOOK, telegram.webhook)
    app.add_routes(AboutPages(front, house.agency, _healthy, _figures).routes())
    if not settings.production:
        _add_sandbox(app, opened, front, wake, around)
    if travel and doors:
        app.add_routes(DemoPage(Moves(house, travel, doors), front).routes())
        app.add_routes(LetterBox(front, settings.print_folder).routes())
    pages.add_static(app)
    return app


def shown(agency: Agency) -> pages.Agency:
    """The agency as pages name it."""
    return pages.Agency(
        name=agency.name,
        payee_name=agency.payee,
        number=agency.number,
        bankgiro=show_bankgiro(agency.bankgiro),
        swish=agency.swish,
        host=agency.public_url.partition("://")[2],
        licence=agency.licence,
        phone=agency.phone,
    )


def phones_of(opened: Opened) -> SmsSandbox:
    """The pretend gateway with its phones; it calls our own hooks."""
    calls = opened.settings.public_url + in_path(sms_elks.NAME, opened.sms_path)
    return SmsSandbox(opened.clock, opened.house.sms_number, calls)


def _add_sandbox(
    app: web.Application, opened: Opened, front: pages.Front, wake: Callable[[], None], around: Around
) -> None:
    if opened.settings.swish is None:
        swish = SwishSandbox(opened.clock, opened.house.agency.swish)
        swish.register(app)
        bank = around.bank or bank_of(opened)
        bank.swish = swish
        SandboxPages(front, swish, _paid(bank, wake)).register(app)
        BankPages(front, bank).register(app)
    if opened.settings.bankid is None:
        bankid = BankIdSandbox(opened.clock)
        bankid.register(app)
        PersonPages(front, bankid).register(app)
    if opened.settings.register is None:
        RegisterSandbox(people.SIGNATORIES).register(app)
    if opened.settings.sms is None:
        phones = around.phones or phones_of(opened)
        phones.register(app)
        SmsPages(front, phones).register(app)
    mail_in = around.mail_in
    if mail_in and opened.post and opened.post.sandbox:
        MailPages(front, opened.post.sandbox, lambda: mail_in.where).register(app)


def bank_of(opened: Opened) -> DemoBank:
    """The pretend bank, whose account lives in the home."""
    return DemoBank(opened.house, BankSandbox(opened.settings.home / "sandbox", opened.house.agency.iban))


def _paid(bank: DemoBank, wake: Callable[[], None]) -> OnBankPayment:
    """A transfer at the pretend bank reaches us in a file of the bank; each is another payment."""

    async def paid(reference: str, amount_ore: Ore, day: date) -> None:
        await bank.transfer(reference, amount_ore, day)
        wake()

    return paid


def _demo_code(opened: Opened, doors: Doors) -> Callable[[int], Awaitable[str | None]]:
    """The code that stands in the last letter to whoever a chat was opened for."""

    async def code(chat_id: int) -> str | None:
        chat = await sessions.get(chat_id)
        debtor_id = chat.linked_debtor_id if chat else None
        case_id = await sessions.first_case(debtor_id) if debtor_id else None
        if case_id is None:
            return None
        return await doors.code(await opened.house.book.load(case_id))

    return code


async def _healthy() -> bool:
    return bool(await rows("SELECT 1 AS one"))


async def _figures() -> Mapping[str, int]:
    notices = {f'schysst_notices{{state="{state}"}}': n for state, n in (await outbox.counts()).items()}
    [row] = await rows("SELECT count(*) AS n FROM cases WHERE closed_on IS NULL")
    [tasks] = await rows("SELECT count(*) AS n FROM tasks WHERE done_on IS NULL")
    return {**notices, "schysst_cases_open": row["n"], "schysst_tasks_open": tasks["n"]}
