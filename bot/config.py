"""Settings from the environment, checked once at start. Production refuses what only a demo may have."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from core.party import Hidden
from core.phone import e164
from core.providers.bankid import PRODUCTION_URL
from core.providers.sms import is_here

ENVIRONMENTS = ("demo", "test", "production")
SMS_GATEWAYS = ("46elks", "twilio", "kannel")
#: Files of the bank that staff send in the web chat, in MB of 1,048,576 octets. Nobody's are read beyond 200,000,000
#: octets (`core.files.xml_stream`).
BANK_FILE_MB = 50
BANK_FILE_MB_MAX = 190
#: How mail may travel to our server; in the open only to this machine.
SMTP_TLS = ("starttls", "tls", "plain")


class BadSettings(ValueError):
    """The environment does not describe an installation that may start.

    ``settings.<code>`` in the catalogue says which name to mend.
    """

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class SwishSettings:
    """Swish's commerce API: its base URL, our number, and the files of the client certificate."""

    base_url: str
    certificate: Path
    key: Path
    authority: Path | None

    @property
    def files(self) -> tuple[tuple[str, Path | None], ...]:
        """Each file by the name of its variable."""
        return (("SWISH_CERTIFICATE", self.certificate), ("SWISH_KEY", self.key), ("SWISH_AUTHORITY", self.authority))


@dataclass(frozen=True, slots=True, repr=False)
class BankIdSettings:
    """BankID's API: its base URL, our client certificate (PKCS#12 or PEM), and the root that BankID itself is under."""

    base_url: str
    certificate: Path
    key: Path | None
    password: Hidden
    authority: Path

    @property
    def files(self) -> tuple[tuple[str, Path | None], ...]:
        """Each file by the name of its variable."""
        return (
            ("BANKID_CERTIFICATE", self.certificate),
            ("BANKID_KEY", self.key),
            ("BANKID_AUTHORITY", self.authority),
        )


@dataclass(frozen=True, slots=True, repr=False)
class RegisterSettings:
    """The register of who may sign for an organisation."""

    base_url: str
    token: Hidden


@dataclass(frozen=True, slots=True, repr=False)
class SmsSettings:
    """The SMS gateway and our account there. ``number`` is ours, in E.164; an empty ``url`` is the gateway's own."""

    gateway: str
    number: str
    user: str
    secret: Hidden
    url: str
    per_second: float | None


@dataclass(frozen=True, slots=True, repr=False)
class MailSettings:
    """The server that takes our mail (SMTP), and where ours hands us what comes in (LMTP). ``sender`` is our address.

    ``tls`` is ``starttls``, ``tls`` or ``plain``; without ``dkim_key``, a file in PEM, the server signs.
    """

    host: str
    port: int
    tls: str
    user: str
    secret: Hidden
    sender: str
    dkim_key: Path | None
    dkim_selector: str
    lmtp_host: str
    lmtp_port: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Secrets are files or variables, never shown."""

    env: str
    home: Path
    database_url: str
    port: int
    host: str
    public_url: str
    redis_url: str | None
    telegram_token: str | None
    telegram_api: str | None
    telegram_webhook_secret: str | None
    swish: SwishSettings | None
    bankid: BankIdSettings | None
    register: RegisterSettings | None
    sms: SmsSettings | None
    mail: MailSettings | None
    agency_file: Path
    bank_file_mb: int = BANK_FILE_MB

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def evidence_folder(self) -> Path:
        return self.home / "evidence"

    @property
    def print_folder(self) -> Path:
        return self.home / "print"

    def __repr__(self) -> str:
        return f"Settings({self.env})"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises BadSettings."""
    env = dict(os.environ if environ is None else environ)
    kind = env.get("SCHYSST_ENV", "demo")
    if kind not in ENVIRONMENTS:
        raise BadSettings("env", allowed=", ".join(ENVIRONMENTS))
    home = Path(env.get("SCHYSST_HOME", "var")).absolute()
    port = _port(env.get("PORT", "8080"))
    settings = Settings(
        env=kind,
        home=home,
        database_url=env.get("DATABASE_URL") or f"sqlite://{home}/schysst.db",
        port=port,
        host=env.get("HOST", "127.0.0.1"),
        public_url=env.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        redis_url=env.get("REDIS_URL") or None,
        telegram_token=_telegram_token(env.get("TELEGRAM_TOKEN")),
        telegram_api=env.get("TELEGRAM_API") or None,
        telegram_webhook_secret=env.get("TELEGRAM_WEBHOOK_SECRET") or None,
        swish=_swish(env),
        bankid=_bankid(env),
        register=_register(env),
        sms=_sms(env),
        mail=_mail(env),
        agency_file=Path(env.get("SCHYSST_AGENCY", str(home / "agency.json"))),
        bank_file_mb=_bank_file_mb(env.get("BANK_FILE_MB", "")),
    )
    _check_production(settings, env)
    return settings


def _is_readable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.R_OK)


def _telegram_token(text: str | None) -> str | None:
    """``123456:AA…`` as BotFather gives it; whether it is the right one, Telegram says."""
    if text and not re.fullmatch(r"\d+:[\w-]+", text, re.ASCII):
        raise BadSettings("telegram_token")
    return text or None


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) < 65536:
        raise BadSettings("port")
    return int(text)


def _bank_file_mb(text: str) -> int:
    """How large a file of the bank may be that staff send in the web chat."""
    if not text:
        return BANK_FILE_MB
    if not text.isdecimal() or not 1 <= int(text) <= BANK_FILE_MB_MAX:
        raise BadSettings("bank_file_mb", most=str(BANK_FILE_MB_MAX))
    return int(text)


def _swish(env: Mapping[str, str]) -> SwishSettings | None:
    if not env.get("SWISH_CERTIFICATE"):
        return None
    return SwishSettings(
        base_url=env.get("SWISH_URL", "https://cpc.getswish.net/swish-cpcapi/api/"),
        certificate=Path(env["SWISH_CERTIFICATE"]),
        key=Path(env.get("SWISH_KEY", env["SWISH_CERTIFICATE"])),
        authority=Path(env["SWISH_AUTHORITY"]) if env.get("SWISH_AUTHORITY") else None,
    )


def _bankid(env: Mapping[str, str]) -> BankIdSettings | None:
    if not env.get("BANKID_CERTIFICATE"):
        return None
    if not env.get("BANKID_AUTHORITY"):
        raise BadSettings("bankid_authority")
    return BankIdSettings(
        base_url=_https(env, "BANKID_URL", PRODUCTION_URL),
        certificate=Path(env["BANKID_CERTIFICATE"]),
        key=Path(env["BANKID_KEY"]) if env.get("BANKID_KEY") else None,
        password=Hidden(env.get("BANKID_PASSWORD", "")),
        authority=Path(env["BANKID_AUTHORITY"]),
    )


def _register(env: Mapping[str, str]) -> RegisterSettings | None:
    if not env.get("REGISTER_URL"):
        return None
    return RegisterSettings(_https(env, "REGISTER_URL", ""), Hidden(env.get("REGISTER_TOKEN", "")))


def _sms(env: Mapping[str, str]) -> SmsSettings | None:
    """None without SMS_GATEWAY: a production without one has no SMS."""
    gateway = env.get("SMS_GATEWAY", "").lower()
    if not gateway:
        return None
    if gateway not in SMS_GATEWAYS:
        raise BadSettings("sms_gateway", allowed=", ".join(SMS_GATEWAYS))
    needed = ("SMS_NUMBER", "SMS_USER", "SMS_SECRET", *(["SMS_URL"] if gateway == "kannel" else []))
    if missing := [name for name in needed if not env.get(name)]:
        raise BadSettings("sms_lacks", names=", ".join(missing))
    number = e164(env["SMS_NUMBER"])
    if number is None:
        raise BadSettings("sms_number")
    url = env.get("SMS_URL", "")
    parts = urlsplit(url)
    if url and parts.scheme != "https" and not (parts.scheme == "http" and is_here(parts.hostname or "")):
        raise BadSettings("sms_url")
    return SmsSettings(
        gateway=gateway,
        number=number,
        user=env["SMS_USER"],
        secret=Hidden(env["SMS_SECRET"]),
        url=url.rstrip("/") + "/" if url else "",
        per_second=_per_second(env.get("SMS_PER_SECOND", ""), "sms_per_second"),
    )


def _mail(env: Mapping[str, str]) -> MailSettings | None:
    """None without SMTP_HOST: a production without one has no e-mail."""
    host = env.get("SMTP_HOST", "")
    if not host:
        return None
    if missing := [name for name in ("MAIL_FROM", "MAIL_LMTP_PORT") if not env.get(name)]:
        raise BadSettings("mail_lacks", names=", ".join(missing))
    tls = env.get("SMTP_TLS", "starttls").lower()
    if tls not in SMTP_TLS or (tls == "plain" and not is_here(host)):
        raise BadSettings("mail_tls")
    sender = env["MAIL_FROM"]
    if not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+", sender) or "inkasso" in sender.lower():
        raise BadSettings("mail_from")
    key, selector = env.get("DKIM_KEY", ""), env.get("DKIM_SELECTOR", "")
    if bool(key) != bool(selector):
        raise BadSettings("mail_dkim")
    return MailSettings(
        host=host,
        port=_port(env.get("SMTP_PORT", "465" if tls == "tls" else "587")),
        tls=tls,
        user=env.get("SMTP_USER", ""),
        secret=Hidden(env.get("SMTP_SECRET", "")),
        sender=sender,
        dkim_key=Path(key) if key else None,
        dkim_selector=selector,
        lmtp_host=env.get("MAIL_LMTP_HOST", "127.0.0.1"),
        lmtp_port=_port(env["MAIL_LMTP_PORT"]),
        per_second=_per_second(env.get("MAIL_PER_SECOND", ""), "mail_per_second") or 5.0,
    )


def _per_second(text: str, code: str) -> float | None:
    """Messages a second, whole or with a decimal point: ``0.5`` is one in two seconds."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text, re.ASCII) or float(text) == 0:
        raise BadSettings(code)
    return float(text)


def _https(env: Mapping[str, str], name: str, default: str) -> str:
    """The address of somebody who learns personal numbers from us: with a slash at its end, and never in the open."""
    url = env.get(name) or default
    if not url.startswith("https://"):
        raise BadSettings("https", name=name)
    return url.rstrip("/") + "/"


def _check_production(settings: Settings, env: Mapping[str, str]) -> None:
    if not settings.production:
        return
    if settings.swish is None:
        raise BadSettings("swish")
    if settings.bankid is None:
        raise BadSettings("bankid")
    for name, path in (*settings.swish.files, *settings.bankid.files):
        if path and not _is_readable(path):
            raise BadSettings("file", name=name, file=str(path))
    if not settings.public_url.startswith("https://"):
        raise BadSettings("public_url")
    if not env.get("SCHYSST_KEYS"):
        raise BadSettings("keys")
    if not settings.agency_file.exists():
        raise BadSettings("agency")
