"""The Twilio client against the sandbox, over real HTTP on localhost, and the readers of what Twilio brings."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from bot.sandbox.sms import Faults
from core.party import Hidden
from core.ports import ProviderBusy, ProviderDown, ProviderRefused, ProviderUnknown, SmsGateway, SmsState
from core.providers.sms import SmsAccount
from core.providers.sms_twilio import PER_SECOND, TwilioClient, arrived, report
from tests.providers.sms_world import OURS, THEIRS, World, gateway


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with gateway("twilio", "/sandbox/twilio/") as made:
        yield made


@pytest.fixture
async def client(world: World) -> AsyncIterator[TwilioClient]:
    async with TwilioClient(world.account) as made:
        yield made


def test_the_signature_is_the_one_of_twilio_s_own_example() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert RequestValidator("12345").compute_signature(url, params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_a_message_goes_out_and_signed_calls_come_back(world: World, client: TwilioClient) -> None:
    reference = await client.send(THEIRS, "Påminnelse: 10 € & mera")
    world.sandbox.write(THEIRS, "Vad är det här?\nÅäö +46")
    await world.sandbox.calls_made()
    assert [one.text for one in world.sandbox.thread(THEIRS) if not one.incoming] == ["Påminnelse: 10 € & mera"]
    assert [(one.reference, one.state) for one in world.desk.reports] == [
        (reference, SmsState.SENT),
        (reference, SmsState.DELIVERED),
    ]
    [heard] = world.desk.heard
    assert (heard.gateway, heard.sender, heard.receiver) == ("twilio", THEIRS, OURS)
    assert heard.text == "Vad är det här?\nÅäö +46"


@pytest.mark.parametrize(
    ("to", "text", "code"), [("0701740605", "Hej", "dead"), (THEIRS, " ", "21602"), (THEIRS, "a" * 1_601, "21617")]
)
async def test_the_sandbox_refuses_what_twilio_refuses(client: TwilioClient, to: str, text: str, code: str) -> None:
    with pytest.raises(ProviderRefused) as refused:
        await client.send(to, text)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("change", "code"),
    [({"secret": Hidden("x")}, "20003"), ({"user": "AC2"}, "20003"), ({"number": "A name too long"}, "21212")],
)
async def test_a_wrong_account_or_sender_ails_no_message(world: World, change: dict[str, str], code: str) -> None:
    account: SmsAccount = replace(world.account, **change)  # type: ignore[arg-type]
    async with TwilioClient(account) as client:
        with pytest.raises(ProviderDown, match=code):
            await client.send(THEIRS, "Hej")


async def test_whoever_said_stop_to_twilio_gets_nothing_until_they_say_start(
    world: World, client: TwilioClient
) -> None:
    world.sandbox.write(THEIRS, "stop")
    with pytest.raises(ProviderRefused) as refused:
        await client.send(THEIRS, "Hej")
    assert refused.value.code == "stopped"
    world.sandbox.write(THEIRS, "Start")
    assert await client.send(THEIRS, "Hej")
    await world.sandbox.calls_made()


async def test_a_fixed_line_is_dead_at_the_door_and_an_unknown_phone_by_its_report(
    world: World, client: TwilioClient
) -> None:
    world.sandbox.unreachable.add(THEIRS)
    await client.send(THEIRS, "Hej")
    await world.sandbox.calls_made()
    last = world.desk.reports[-1]
    assert (last.state, last.code, last.dead) == (SmsState.FAILED, "30005", True)
    world.sandbox.refused.add(THEIRS)
    with pytest.raises(ProviderRefused, match="dead"):
        await client.send(THEIRS, "Hej")


async def test_a_lost_answer_is_found_in_the_list_and_only_for_the_same_words(world: World) -> None:
    world.sandbox.faults = Faults(lose_answers=1)
    since = world.clock.machine_now()
    async with TwilioClient(world.account) as client:
        with pytest.raises(ProviderUnknown):
            await client.send(THEIRS, "Hej då")
        assert await client.sent_before(THEIRS, "Hej då", since) == world.sandbox.said[0].id
        assert await client.sent_before(THEIRS, "Hej", since) is None
    assert len(world.sandbox.said) == 1


async def test_who_asks_too_often_is_told_to_wait(world: World, client: TwilioClient) -> None:
    world.sandbox.faults = Faults(busy=1, retry_after="7")
    with pytest.raises(ProviderBusy) as busy:
        await client.send(THEIRS, "Hej")
    assert busy.value.retry_after_s == 7
    assert await client.send(THEIRS, "Hej")


@pytest.mark.parametrize(
    ("status", "code", "state", "dead"),
    [
        ("sent", "", SmsState.SENT, False),
        ("read", "", SmsState.DELIVERED, False),
        ("undelivered", "30003", SmsState.FAILED, False),
        ("undelivered", "30006", SmsState.FAILED, True),
        ("failed", "", SmsState.FAILED, False),
    ],
)
def test_only_some_failures_mean_that_a_number_is_dead(status: str, code: str, state: SmsState, dead: bool) -> None:
    told = report({"MessageSid": "SM1", "MessageStatus": status, "ErrorCode": code})
    assert told is not None
    assert (told.state, told.code, told.dead) == (state, code, dead)


def test_what_still_waits_at_twilio_is_no_news_and_what_is_no_report_is_none() -> None:
    assert report({"MessageSid": "SM1", "MessageStatus": "queued"}) is None
    with pytest.raises(ValueError):
        report({"MessageSid": "SM1"})
    with pytest.raises(ValueError):
        arrived({"MessageSid": "SM1", "From": "Telia", "To": OURS, "Body": "Hej"})


def test_the_client_is_a_gateway_and_takes_one_message_a_second() -> None:
    account = SmsAccount("https://api.twilio.com/", "AC1", Hidden("x"), OURS, "https://a.example/", PER_SECOND)
    client: SmsGateway = TwilioClient(account)
    assert (client.name, client.per_second) == ("twilio", 1.0)
