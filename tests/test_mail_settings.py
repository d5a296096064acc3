"""The settings of e-mail: complete, never in the open, and a demo that has its own server."""

from pathlib import Path

import pytest

from bot.config import BadSettings, read_settings
from bot.mail_config import open_post
from core.store.secrets import Secrets
from tests.fakes import FakeClock

ENOUGH = {"SMTP_HOST": "smtp.example", "MAIL_FROM": "hej@schysst.example", "MAIL_LMTP_PORT": "8024"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"MAIL_FROM": ""}, "mail_lacks"),
        ({"MAIL_LMTP_PORT": ""}, "mail_lacks"),
        ({"MAIL_FROM": "hej@inkasso.example"}, "mail_from"),
        ({"MAIL_FROM": "Schysst"}, "mail_from"),
        ({"SMTP_TLS": "plain"}, "mail_tls"),
        ({"SMTP_TLS": "ssl3"}, "mail_tls"),
        ({"DKIM_KEY": "key.pem"}, "mail_dkim"),
        ({"MAIL_PER_SECOND": "fast"}, "mail_per_second"),
    ],
)
def test_what_cannot_be_is_told(changed: dict[str, str], code: str) -> None:
    with pytest.raises(BadSettings) as caught:
        read_settings({**ENOUGH, **changed})
    assert caught.value.code == code


def test_a_server_on_this_machine_may_be_spoken_to_in_the_open() -> None:
    mail = read_settings({**ENOUGH, "SMTP_HOST": "localhost", "SMTP_TLS": "plain", "SMTP_PORT": "25"}).mail
    assert mail is not None
    assert (mail.tls, mail.port, mail.per_second) == ("plain", 25, 5.0)


async def test_a_key_that_cannot_be_read_stops_the_start(tmp_path: Path, keys: Secrets, clock: FakeClock) -> None:
    settings = read_settings({**ENOUGH, "DKIM_KEY": str(tmp_path / "none.pem"), "DKIM_SELECTOR": "s1"})
    with pytest.raises(BadSettings):
        await open_post(settings, clock, keys).__aenter__()


async def test_a_demo_has_its_own_server_and_production_none(keys: Secrets, clock: FakeClock) -> None:
    async with open_post(read_settings({"SCHYSST_ENV": "test"}), clock, keys) as post:
        assert post is not None
        assert post.sandbox is not None
    with pytest.raises(BadSettings):
        read_settings({"SCHYSST_ENV": "production"})
