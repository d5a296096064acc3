"""The agency as a file describes it: whole, with numbers that can be right."""

import json
from pathlib import Path

import pytest

from bot.agency_file import read_agency
from bot.config import BadSettings
from core import words
from tests import house

EXAMPLE = house.ROOT / "docs" / "agency.example.json"
URL = "https://inkasso.example"


def changed(tmp_path: Path, **change: str | None) -> Path:
    path = tmp_path / "agency.json"
    path.write_text(json.dumps(json.loads(EXAMPLE.read_text("utf-8")) | change), "utf-8")
    return path


def refusal(path: Path) -> tuple[str, str]:
    with pytest.raises(BadSettings) as refused:
        read_agency(path, URL)
    for lang in words.languages():
        assert words.text(lang, f"settings.{refused.value.code}", **refused.value.facts)
    return refused.value.code, refused.value.facts.get("fields", "")


def test_the_example_is_an_agency() -> None:
    agency = read_agency(EXAMPLE, URL)
    assert (agency.number, agency.bankgiro, agency.swish) == ("5599990032", "9912346", "1231181189")
    assert (agency.iban, agency.public_url) == ("SE3550000000054910000003", URL)
    payouts = (agency.own_account, agency.payout_format, agency.bank_profile, agency.f_tax)
    assert payouts == ("bg:50501055", "001.001.09", "nordea", True)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("number", "559999-0033"),
        ("vat", "SE559999003301"),
        ("bankgiro", "991-2347"),
        ("swish", "123 118 11 88"),
        ("swish", "070-123 45 67"),
        ("iban", "SE36 5000 0000 0549 1000 0003"),
    ],
)
def test_a_number_that_cannot_be_right_is_refused(tmp_path: Path, name: str, wrong: str) -> None:
    assert refusal(changed(tmp_path, **{name: wrong})) == ("agency_wrong", name)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    assert refusal(changed(tmp_path, phone="", bic=None)) == ("agency_lacks", "bic, phone")


@pytest.mark.parametrize("text", ["[]", "{", ""])
def test_what_is_no_agency_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "agency.json").write_text(text)
    assert refusal(tmp_path / "agency.json") == ("agency_unreadable", "")


def test_who_collects_their_own_claims_needs_no_licence(tmp_path: Path) -> None:
    assert "2 §" in read_agency(changed(tmp_path, licence=""), URL).licence


def test_how_our_bank_is_asked_to_pay_is_read_and_checked(tmp_path: Path) -> None:
    said = changed(tmp_path, own_account="5050-1055", payout_format="001.001.09", bank_profile="seb")
    agency = read_agency(said, URL)
    assert (agency.own_account, agency.payout_format, agency.bank_profile) == ("bg:50501055", "001.001.09", "seb")
    wrong = changed(tmp_path, own_account="5050-1056", bank_profile="other")
    assert refusal(wrong) == ("agency_wrong", "own_account, bank_profile")


def test_a_bank_that_wants_every_town_wants_ours(tmp_path: Path) -> None:
    assert read_agency(changed(tmp_path, bank_profile="swedbank"), URL).bank_profile == "swedbank"
    nowhere = changed(tmp_path, bank_profile="swedbank", address="Skeppargatan 4, Umeå")
    assert refusal(nowhere) == ("agency_wrong", "address")
    assert read_agency(changed(tmp_path, address="Skeppargatan 4, Umeå"), URL).address == "Skeppargatan 4, Umeå"
