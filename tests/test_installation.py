"""An installation as the command line makes and keeps it: its files, its keys, its rates, and what it does not open."""

import json
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.config import BadSettings, read_settings
from core.store.secrets import parse
from tests import house
from tests import test_command_line as terminal
from tests.scale.program import Program
from tests.services.test_intake import file_of, row
from tests.test_command_line import Run, Said

#: The terminal's own, which has a home with a database.
ready = terminal.schysst


@pytest.fixture
def schysst(ready: Run, home: Path) -> Run:
    """Runs a command in this process, in a home that is not there yet."""

    def run(*words: str, **settings: str) -> Said:
        return ready(*words, **{"SCHYSST_HOME": str(home), **settings})

    return run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "new"


def test_a_home_is_its_owners_alone(home: Path) -> None:
    """In a process of its own: nobody has told this one to keep its files to itself."""
    assert Program(home)("migrate").returncode == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for file in home.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_new_key_is_one_that_production_takes(schysst: Run, home: Path) -> None:
    answer = schysst("new-key", "k7", SCHYSST_ENV="production")
    assert answer.code == 0, answer.err
    assert parse(answer.out.strip()).keys[0].name == "k7"
    assert not home.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"SCHYSST_KEYS": "abc"},
        {"DATABASE_URL": "mysql://x"},
        {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"},
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line(schysst: Run, home: Path, settings: dict[str, str]) -> None:
    home.mkdir()
    answer = schysst("verify", **settings)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("schysst: ")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("interest", "1000", "--due", "2025-01-01", "--through", "2025-02-01", "--rate", "abc"),
        ("interest", "1000", "--due", "2025-01-01", "--through", "2025-02-01", "--rate", "8,005"),
        ("interest", "1000", "--due", "2025-01-01", "--through", "2025-02-01", "--rate", "-1"),
        ("rates", "confirm", "2026-07-01", "abc", "--source", "x"),
        ("new-key", "k:1"),
    ],
)
def test_a_number_that_is_none_is_wrong_usage(schysst: Run, words: tuple[str, ...]) -> None:
    assert schysst(*words).code == 2


def test_interest_counts_with_the_rates_that_were_confirmed(schysst: Run, home: Path) -> None:
    asked = ("interest", "36500", "--due", "2026-12-31", "--through", "2027-06-30", "--json")
    assert schysst(*asked).code == 1
    assert not home.exists()
    assert schysst("rates", "confirm", "2027-01-01", "-0,50", "--source", "SFS 2027:1").code == 0
    told = json.loads(schysst(*asked).out)
    assert [(part["rate_bp"], part["provisional"]) for part in told["segments"]] == [(750, False)]
    assert told["interest_ore"] == 3_650_000 * 750 // 10_000 * 181 // 365


def test_a_provisional_rate_is_told(schysst: Run) -> None:
    asked = ("interest", "1000", "--due", "2026-06-29", "--through", "2026-07-02")
    told = json.loads(schysst(*asked, "--json").out)
    assert [part["provisional"] for part in told["segments"]] == [False, True]
    assert "provisional" in schysst(*asked).out


def test_the_answer_to_a_file_names_what_was_not_read_and_what_differs(schysst: Run, tmp_path: Path) -> None:
    claims, again = tmp_path / "claims.csv", tmp_path / "again.csv"
    due = date.today() - timedelta(days=10)  # noqa: DTZ011 - the program's own clock begins here
    data = file_of(row("1", due=due.isoformat()), row("2", due=due.isoformat())).decode()
    head, *rows = data.replace("2025-05-30", (due - timedelta(days=30)).isoformat()).splitlines()
    claims.write_text("\n".join([f"{head};Säljare", *(f"{line};Kim" for line in rows)]))
    told = json.loads(schysst("import", str(claims), "--json").out)
    assert (told["accepted"], told["ignored"], told["notes"]) == (2, ["Säljare"], [])
    again.write_text("\n".join([head, rows[0].replace("1000,00", "900,00"), rows[1].replace("Bergsgatan", "Ågatan")]))
    answer = schysst("import", str(again), "--json")
    told = json.loads(answer.out)
    assert (answer.code, told["already"], told["refused"]) == (1, 1, 1)
    assert [(error["line"], error["code"]) for error in told["errors"]] == [(2, "differs")]
    assert [(note["line"], note["code"]) for note in told["notes"]] == [(3, "person_differs")]
    assert "Note, line 3: street" in schysst("import", str(again)).out


PRODUCTION = {"SCHYSST_ENV": "production", "PUBLIC_URL": "https://inkasso.example", "SCHYSST_KEYS": "k1:x"}


def test_production_wants_its_certificate_files_readable(tmp_path: Path) -> None:
    certificate = tmp_path / "swish.pem"
    bankid, root = tmp_path / "bankid.p12", tmp_path / "root.pem"
    bankid.write_text("")
    root.write_text("")
    ours = {"BANKID_CERTIFICATE": str(bankid), "BANKID_AUTHORITY": str(root)}
    settings = {**PRODUCTION, **ours, "SCHYSST_AGENCY": str(house.ROOT / "docs" / "agency.example.json")}
    with pytest.raises(BadSettings) as refused:
        read_settings({**settings, "SWISH_CERTIFICATE": str(certificate)})
    assert (refused.value.code, refused.value.facts["name"]) == ("file", "SWISH_CERTIFICATE")
    certificate.write_text("")
    assert read_settings({**settings, "SWISH_CERTIFICATE": str(certificate)}).production
    with pytest.raises(BadSettings) as refused:
        read_settings({**settings, "SWISH_CERTIFICATE": str(certificate), "SWISH_AUTHORITY": str(tmp_path / "no.pem")})
    assert refused.value.facts["name"] == "SWISH_AUTHORITY"


def test_production_wants_bankid_with_its_root_and_tells_numbers_to_nobody_in_the_open(tmp_path: Path) -> None:
    swish = tmp_path / "swish.pem"
    swish.write_text("")
    settings = {**PRODUCTION, "SWISH_CERTIFICATE": str(swish)}
    for more, code in (
        ({}, "bankid"),
        ({"BANKID_CERTIFICATE": "us.p12"}, "bankid_authority"),
        ({"BANKID_CERTIFICATE": "us.p12", "BANKID_AUTHORITY": "root.pem"}, "file"),
        ({"BANKID_CERTIFICATE": "a", "BANKID_AUTHORITY": "b", "BANKID_URL": "http://bankid.example/"}, "https"),
        ({"REGISTER_URL": "http://register.example/"}, "https"),
    ):
        with pytest.raises(BadSettings) as refused:
            read_settings({**settings, **more})
        assert refused.value.code == code


def test_a_register_is_reached_below_its_address_and_its_token_stays_hidden() -> None:
    settings = read_settings({"REGISTER_URL": "https://register.example/v1", "REGISTER_TOKEN": "secret"})
    assert settings.register is not None
    assert settings.register.base_url == "https://register.example/v1/"
    assert "secret" not in repr(settings.register)


@pytest.mark.parametrize("token", ["bad", "bad:token", "123", "123:a b"])
def test_a_token_that_is_none_is_refused_at_once(token: str) -> None:
    with pytest.raises(BadSettings, match="telegram_token"):
        read_settings({"TELEGRAM_TOKEN": token})


def test_the_page_on_settings_names_the_redis_that_we_tried() -> None:
    project = (house.ROOT / "pyproject.toml").read_text("utf-8")
    named = (house.ROOT / "README.md").read_text("utf-8").partition("pip install redis")[2].partition("`")[0]
    assert named
    assert f'"redis{named}"' in project
