"""The settings of e-mail out and in, and the mailer that they make; where none are set, a demo has its own server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from bot.config import BadSettings, MailSettings, Settings
from bot.sandbox.mail import MailSandbox
from core.mail_ids import PURPOSE
from core.ports import Clock
from core.providers.mail_message import Sender
from core.providers.smtp import PLAIN, DkimKey, SmtpMailer, SmtpSettings, check_key
from core.store.secrets import Secrets

HERE: Final = "127.0.0.1"
#: Whom a demo's mails are from.
DEMO_ADDRESS: Final = "hej@schysst.example"


@dataclass(frozen=True, slots=True)
class Post:
    """E-mail of an installation: who sends it, where answers come in, and the demo's own server if it has one.

    ``lmtp_port`` 0 is any free port.
    """

    mailer: SmtpMailer
    sender: Sender
    lmtp_host: str
    lmtp_port: int
    sandbox: MailSandbox | None = None


@asynccontextmanager
async def open_post(settings: Settings, clock: Clock, secrets: Secrets) -> AsyncIterator[Post | None]:
    """The installation's e-mail; None for a production that has none. Raises BadSettings."""
    if settings.mail is None and settings.production:
        yield None
        return
    sandbox = MailSandbox(clock) if settings.mail is None else None
    if sandbox:
        await sandbox.start()
    made = _post(settings.mail, sandbox, clock, secrets)
    try:
        yield made
    finally:
        await made.mailer.close()
        if sandbox:
            await sandbox.stop()


def _post(mail: MailSettings | None, sandbox: MailSandbox | None, clock: Clock, secrets: Secrets) -> Post:
    if mail is None:
        assert sandbox is not None
        sender = Sender(DEMO_ADDRESS)
        smtp = SmtpSettings(HERE, sandbox.port, sender, tls=PLAIN)
        return Post(_mailer(smtp, clock, secrets), sender, HERE, 0, sandbox)
    sender = Sender(mail.sender)
    smtp = SmtpSettings(
        host=mail.host,
        port=mail.port,
        sender=sender,
        tls=mail.tls,
        user=mail.user,
        secret=mail.secret,
        dkim=_dkim(mail),
        per_second=mail.per_second,
    )
    return Post(_mailer(smtp, clock, secrets), sender, mail.lmtp_host, mail.lmtp_port)


def _mailer(smtp: SmtpSettings, clock: Clock, secrets: Secrets) -> SmtpMailer:
    return SmtpMailer(smtp, clock, lambda key: secrets.find_by(key, PURPOSE))


def _dkim(mail: MailSettings) -> DkimKey | None:
    if mail.dkim_key is None:
        return None
    try:
        pem = mail.dkim_key.read_bytes()
        check_key(pem)
    except (OSError, ValueError) as error:
        raise BadSettings("mail_dkim") from error
    return DkimKey(mail.dkim_selector, pem)
