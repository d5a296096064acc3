"""Settings from the environment, checked once at start. Production refuses what only a demo may have."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENTS = ("demo", "test", "production")


class BadSettings(ValueError):
    """The environment does not describe an installation that may start. The message says which name to mend."""


@dataclass(frozen=True, slots=True)
class SwishSettings:
    """Swish's commerce API: its base URL, our number, and the files of the client certificate."""

    base_url: str
    certificate: Path
    key: Path
    authority: Path | None


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
    agency_file: Path

    @property
    def production(self) -> bool:
        return self.env == "production"

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
        raise BadSettings(f"SCHYSST_ENV must be one of {', '.join(ENVIRONMENTS)}")
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
        telegram_token=env.get("TELEGRAM_TOKEN") or None,
        telegram_api=env.get("TELEGRAM_API") or None,
        telegram_webhook_secret=env.get("TELEGRAM_WEBHOOK_SECRET") or None,
        swish=_swish(env),
        agency_file=Path(env.get("SCHYSST_AGENCY", str(home / "agency.json"))),
    )
    _check_production(settings, env)
    return settings


def _port(text: str) -> int:
    if not text.isdigit() or not 0 <= int(text) < 65536:
        raise BadSettings("PORT must be a number from 0 to 65535")
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


def _check_production(settings: Settings, env: Mapping[str, str]) -> None:
    if not settings.production:
        return
    if settings.swish is None:
        raise BadSettings("SWISH_CERTIFICATE is missing: production refuses the sandbox")
    if not settings.public_url.startswith("https://"):
        raise BadSettings("PUBLIC_URL must begin with https:// in production")
    if not env.get("SCHYSST_KEYS"):
        raise BadSettings("SCHYSST_KEYS is missing: production refuses keys that it would make itself")
    if not settings.agency_file.exists():
        raise BadSettings("SCHYSST_AGENCY must name a file that describes the agency")
