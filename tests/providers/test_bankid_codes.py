"""What a person is shown while BankID runs: QR texts against BankID's own sample, start links, recommended messages."""

import pytest

from core import words
from core.bankid_codes import desktop_link, message_of, message_of_error, qr_text, start_link
from core.party import Hidden
from core.ports import IdentityState, IdentityStatus, ProviderDown, ProviderRefused, ProviderUnknown

TOKEN = Hidden("67df3917-fa0d-44e5-b327-edcc928297f8")
SECRET = Hidden("d28db9a7-4cde-429e-a983-359be676944c")
PENDING, FAILED = IdentityStatus.PENDING, IdentityStatus.FAILED


@pytest.mark.parametrize(
    ("second", "seal"),
    [
        (0, "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8"),
        (1, "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2"),
        (2, "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3"),
    ],
)
def test_the_qr_moves_each_second_as_in_bankids_sample(second: int, seal: str) -> None:
    assert qr_text(TOKEN, SECRET, second) == f"bankid.67df3917-fa0d-44e5-b327-edcc928297f8.{second}.{seal}"


def test_a_phone_comes_back_to_the_page_and_a_computer_stays_on_it() -> None:
    page = "https://schysst.example/bankid/n?x=1&y=2"
    assert start_link(TOKEN, page) == (
        "https://app.bankid.com/?autostarttoken=67df3917-fa0d-44e5-b327-edcc928297f8"
        "&redirect=https%3A%2F%2Fschysst.example%2Fbankid%2Fn%3Fx%3D1%26y%3D2"
    )
    assert desktop_link(TOKEN, page) == ("bankid:///?autostarttoken=67df3917-fa0d-44e5-b327-edcc928297f8&redirect=null")


def test_in_the_sandbox_every_device_opens_the_person_page() -> None:
    app = "http://127.0.0.1:8080/sandbox/bankid"
    links = {make(TOKEN, "http://127.0.0.1:8080/", app) for make in (start_link, desktop_link)}
    assert [link.startswith(f"{app}?autostarttoken=") for link in links] == [True]


@pytest.mark.parametrize(
    ("status", "hint", "by_qr", "here"),
    [
        (PENDING, "outstandingTransaction", "rfa1", "rfa13"),
        (PENDING, "noClient", "rfa1", "rfa13"),
        (PENDING, "started", "rfa15", "rfa14b"),
        (PENDING, "userMrtd", "rfa23", "rfa23"),
        (PENDING, "userSign", "rfa9", "rfa9"),
        (PENDING, "invented tomorrow", "rfa21", "rfa21"),
        (FAILED, "expiredTransaction", "rfa8", "rfa8"),
        (FAILED, "certificateErr", "rfa16", "rfa16"),
        (FAILED, "userCancel", "rfa6", "rfa6"),
        (FAILED, "cancelled", "rfa3", "rfa3"),
        (FAILED, "startFailed", "rfa17b", "rfa17a"),
        (FAILED, "invented tomorrow", "rfa22", "rfa22"),
    ],
)
def test_each_hint_has_its_recommended_message(status: IdentityStatus, hint: str, by_qr: str, here: str) -> None:
    state = IdentityState(status, hint)
    found = (message_of(state, by_qr=True), message_of(state, by_qr=False))
    assert found == (f"bankid.{by_qr}", f"bankid.{here}")
    assert all(len(words.text(lang, key)) <= 500 for key in found for lang in ("sv", "en"))


def test_a_computer_may_have_a_card_reader_and_the_end_needs_no_words() -> None:
    started = IdentityState(PENDING, "started")
    assert message_of(started, by_qr=False, on_computer=True) == "bankid.rfa14a"
    assert message_of(IdentityState(IdentityStatus.COMPLETE), by_qr=True) == ""


def test_a_question_that_failed_has_its_message_too() -> None:
    assert message_of_error(ProviderRefused("alreadyInProgress")) == "bankid.rfa4"
    for error in (ProviderRefused("invalidParameters"), ProviderDown("maintenance"), ProviderUnknown("x")):
        assert message_of_error(error) == "bankid.rfa5"
