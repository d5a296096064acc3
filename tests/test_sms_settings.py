"""The SMS gateway of an installation, as its environment describes it."""

import pytest

from bot.config import BadSettings, read_settings
from bot.house import sms_gateway
from core.providers.sms_elks import ElksClient
from core.providers.sms_kannel import KannelClient
from core.providers.sms_twilio import TwilioClient

ELKS = {"SMS_GATEWAY": "46elks", "SMS_NUMBER": "070-174 06 99", "SMS_USER": "u1", "SMS_SECRET": "geheim"}


def settings(**more: str) -> dict[str, str]:
    return {"SCHYSST_ENV": "test", "PUBLIC_URL": "https://schysst.example", **more}


@pytest.mark.parametrize(
    ("env", "client", "per_second"),
    [
        (ELKS, ElksClient, 10.0),
        (ELKS | {"SMS_GATEWAY": "Twilio"}, TwilioClient, 1.0),
        (ELKS | {"SMS_GATEWAY": "kannel", "SMS_URL": "http://127.0.0.1:13013"}, KannelClient, 10.0),
        (ELKS | {"SMS_PER_SECOND": "0.5"}, ElksClient, 0.5),
        ({}, ElksClient, 10.0),
    ],
)
def test_the_gateway_is_the_one_that_is_named_or_the_sandbox(
    env: dict[str, str], client: type, per_second: float
) -> None:
    made = sms_gateway(read_settings(settings(**env)), "path")
    assert isinstance(made, client)
    assert made.per_second == per_second


def test_a_number_is_read_as_people_write_it_and_the_secret_hides_itself() -> None:
    sms = read_settings(settings(**ELKS)).sms
    assert sms is not None
    assert sms.number == "+46701740699"
    assert "geheim" not in f"{sms} {sms.secret}"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"SMS_GATEWAY": "pigeon"}, "sms_gateway"),
        ({"SMS_SECRET": ""}, "sms_lacks"),
        ({"SMS_GATEWAY": "kannel"}, "sms_lacks"),
        ({"SMS_NUMBER": "Schysst"}, "sms_number"),
        ({"SMS_URL": "http://gateway.example/"}, "sms_url"),
        ({"SMS_PER_SECOND": "0"}, "sms_per_second"),
        ({"SMS_PER_SECOND": "fast"}, "sms_per_second"),
    ],
)
def test_a_gateway_that_is_half_described_is_told(change: dict[str, str], code: str) -> None:
    with pytest.raises(BadSettings) as bad:
        read_settings(settings(**ELKS) | change)
    assert bad.value.code == code
