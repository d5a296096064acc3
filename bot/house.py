"""Opening an installation: its home, database, keys, rates and agency, put together as the `House` of the services."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from hmac import new as keyed_hash

from bot.accounts_file import read_accounts
from bot.agency_file import read_agency
from bot.clock import HouseClock
from bot.config import SMS_GATEWAYS, BadSettings, Settings, SmsSettings
from bot.demo import people as demo
from bot.http.sms_hooks import report_path
from bot.mail_config import Post, open_post
from core.agency import Agency
from core.bankid_codes import BANKID_APP
from core.interest import Rates
from core.party import Hidden
from core.pay_codes import SWISH_APP
from core.ports import SmsGateway
from core.providers import sms_elks, sms_kannel, sms_twilio
from core.providers.bankid import BankIdClient, BankIdSettings
from core.providers.signatories import NoRegister, RegisterClient, RegisterSettings
from core.providers.sms import SmsAccount
from core.providers.swish import SwishClient, SwishSettings
from core.rules import se
from core.rules.se.rates import RateRow, require_confirmed
from core.services import rates
from core.services.house import House
from core.store import settings as kept
from core.store.bank_folder import BankFolder
from core.store.book import Book
from core.store.database import Database, opened, sqlite_path
from core.store.evidence_folder import EvidenceDisk
from core.store.migrate import migrate
from core.store.secrets import Secrets, load_secrets

log = logging.getLogger(__name__)

CLOCK_OFFSET = "clock.offset_s"
#: So often a process looks whether another one has moved business time.
FOLLOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """An open installation. ``swish_path`` is the secret part of the address that Swish calls back, ``sms_path`` of
    those that the SMS gateway calls. ``post`` is our e-mail, where we have any.
    """

    settings: Settings
    database: Database
    clock: HouseClock
    house: House
    swish_path: str
    sms_path: str
    post: Post | None = None


@asynccontextmanager
async def open_house(settings: Settings, *, check_rates: bool = True) -> AsyncIterator[Opened]:
    """Open, migrate and check an installation. Raises BadSettings."""
    secrets = _secrets(settings)
    async with opened(settings.database_url) as database:
        await migrate(database)
        clock = HouseClock(await _offset(settings))
        confirmed = await rates.confirmed()
        if settings.production and check_rates:
            _check_rates(clock.today(), confirmed)
        pack = se.pack(confirmed, carry_on=not settings.production)
        swish_path = secret_for(secrets, "swish callback")[:43]
        swish, bankid = SwishClient(_swish(settings, swish_path)), BankIdClient(_bankid(settings))
        register = _register(settings)
        sms_path = secret_for(secrets, "sms hook")[:43]
        sms = sms_gateway(settings, sms_path)
        house = House(
            book=Book(clock, {"SE": pack}.__getitem__, secrets),
            clock=clock,
            agency=_agency(settings),
            keys=secrets,
            swish=swish,
            bankid=bankid,
            register=register or NoRegister(),
            evidence=EvidenceDisk(settings.evidence_folder, secrets),
            swish_app=SWISH_APP if settings.swish else f"{settings.public_url}/sandbox/phone",
            bankid_app=BANKID_APP if settings.bankid else f"{settings.public_url}/sandbox/bankid",
            sms=sms,
            sms_number=_sms_number(settings),
            reader=database.reader,
            accounts=read_accounts(settings.home),
            bank=BankFolder(settings.home / "bank"),
            bank_file_mb=settings.bank_file_mb,
            swish_refunds=swish,
        )
        try:
            async with (
                open_post(settings, clock, secrets) as post,
                nullcontext() if settings.production else _following(clock),
            ):
                house = replace(house, mailer=post.mailer if post else None)
                yield Opened(settings, database, clock, house, swish_path, sms_path, post)
        finally:
            for client in (swish, bankid, register, sms):
                if client:
                    await client.close()


def _secrets(settings: Settings) -> Secrets:
    """The keys, and the home that may hold them."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        return load_secrets(settings.home, os.environ, production=settings.production)
    except OSError as error:
        raise BadSettings("home", home=str(settings.home), why=error.strerror or type(error).__name__) from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadSettings("keys_unreadable") from error


async def known_rates(settings: Settings) -> Rates:
    """The rates of the rules, with those confirmed in the database over them. Where there is none, none is made."""
    path = sqlite_path(settings.database_url)
    if path and not path.exists():
        return se.pack().rates
    async with opened(settings.database_url) as database:
        await migrate(database)
        return se.pack(await rates.confirmed()).rates


def secret_for(secrets: Secrets, purpose: str) -> str:
    """A secret of the installation for one purpose, the same as long as its newest key is."""
    return keyed_hash(secrets.keys[0].seals, purpose.encode(), sha256).hexdigest()


async def keep_up(clock: HouseClock) -> None:
    """Take over the offset of the database, where another process may have moved it. Outside production only."""
    seen = clock.offset
    kept_offset = timedelta(seconds=await kept.get(CLOCK_OFFSET, 0))
    if clock.offset == seen:  # else it was moved here while we read
        clock.offset = kept_offset


@asynccontextmanager
async def _following(clock: HouseClock) -> AsyncIterator[None]:
    async def follow() -> None:
        while True:
            await asyncio.sleep(FOLLOW_S)
            try:
                await keep_up(clock)
            except Exception as error:  # whatever the database has: it is asked again, and others say what ails it
                log.warning("business time could not be read: %s", type(error).__name__)

    following = asyncio.create_task(follow(), name="business time")
    try:
        yield
    finally:
        following.cancel()
        await asyncio.wait([following])


async def _offset(settings: Settings) -> timedelta:
    seconds = await kept.get(CLOCK_OFFSET, 0)
    if settings.production and seconds:
        raise BadSettings("clock_moved")
    return timedelta(seconds=seconds)


def _check_rates(today: date, confirmed: tuple[RateRow, ...]) -> None:
    try:
        require_confirmed(today, confirmed)
    except LookupError as unknown:
        raise BadSettings("rate", day=today.isoformat()) from unknown


def _agency(settings: Settings) -> Agency:
    if not settings.agency_file.exists():
        return demo.agency(settings.public_url)
    return read_agency(settings.agency_file, settings.public_url)


def _swish(settings: Settings, path: str) -> SwishSettings:
    callback = f"{settings.public_url}/hooks/swish/{path}"
    if settings.swish is None:
        own = f"http://127.0.0.1:{settings.port}/swish-cpcapi/api/"
        return SwishSettings(base_url=own, callback_url=callback, sandbox=True)
    real = settings.swish
    return SwishSettings(
        base_url=real.base_url,
        callback_url=callback,
        certificate=real.certificate,
        key=real.key,
        ca=real.authority,
    )


def _bankid(settings: Settings) -> BankIdSettings:
    if settings.bankid is None:
        return BankIdSettings(base_url=f"http://127.0.0.1:{settings.port}/rp/v6.0/", sandbox=True)
    real = settings.bankid
    made = BankIdSettings(real.base_url, real.certificate, real.key, real.password, real.authority)
    try:
        made.tls()
    except (OSError, ValueError) as error:
        raise BadSettings("bankid_unreadable") from error
    return made


def _register(settings: Settings) -> RegisterClient | None:
    """The register, or the sandbox's; production without one has none, and staff confirm who may sign."""
    if settings.register:
        return RegisterClient(RegisterSettings(settings.register.base_url, settings.register.token))
    if settings.production:
        return None
    own = f"http://127.0.0.1:{settings.port}/sandbox/register/"
    return RegisterClient(RegisterSettings(own, sandbox=True))


def sms_gateway(settings: Settings, path: str) -> SmsGateway | None:
    """The gateway, or the sandbox's; production without one has no SMS."""
    real = settings.sms
    if real is None:
        if settings.production:
            return None
        own = f"http://127.0.0.1:{settings.port}/sandbox/46elks/"
        report = settings.public_url + report_path(sms_elks.NAME, path)
        return sms_elks.ElksClient(SmsAccount(own, "sandbox", Hidden("sandbox"), demo.SMS_NUMBER, report))
    match real.gateway:
        case "46elks":
            return sms_elks.ElksClient(_account(settings, real, sms_elks.NAME, path, sms_elks.PRODUCTION_URL))
        case "twilio":
            url, rate = sms_twilio.PRODUCTION_URL, sms_twilio.PER_SECOND
            return sms_twilio.TwilioClient(_account(settings, real, sms_twilio.NAME, path, url, rate))
        case "kannel":
            return sms_kannel.KannelClient(_account(settings, real, sms_kannel.NAME, path, real.url))
    raise BadSettings("sms_gateway", allowed=", ".join(SMS_GATEWAYS))


def _account(
    settings: Settings, real: SmsSettings, name: str, path: str, url: str, per_second: float = 10.0
) -> SmsAccount:
    return SmsAccount(
        base_url=real.url or url,
        user=real.user,
        secret=real.secret,
        number=real.number,
        report_url=settings.public_url + report_path(name, path),
        per_second=real.per_second or per_second,
    )


def _sms_number(settings: Settings) -> str:
    if settings.sms:
        return settings.sms.number
    return "" if settings.production else demo.SMS_NUMBER
