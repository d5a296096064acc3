"""An installation as the command line makes and keeps it: its files, its keys, its rates, and what it does not open."""

import json
import os
import stat
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.config import BadSettings, read_settings
from core.store.secrets import parse
from tests import house
from tests.services.test_intake import file_of, row


def schysst(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = {"SCHYSST_HOME": str(home), "SCHYSST_ENV": "test", "LC_ALL": "en_GB.UTF-8", "PORT": "0"}
    inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SCHYSST_KEYS")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        capture_output=True,
        text=True,
        cwd=house.ROOT,
        env={**inherited, **ours, **settings},
        timeout=300,
        check=False,
    )


def test_a_home_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert schysst(home, "migrate").returncode == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for file in home.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name


def test_a_new_key_is_one_that_production_takes(tmp_path: Path) -> None:
    answer = schysst(tmp_path / "home", "new-key", "k7", SCHYSST_ENV="production")
    assert answer.returncode == 0, answer.stderr
    assert parse(answer.stdout.strip()).keys[0].name == "k7"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"SCHYSST_KEYS": "abc"},
        {"DATABASE_URL": "mysql://x"},
        {"DATABASE_URL": "postgres://nobody@127.0.0.1:9/none"},
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line(tmp_path: Path, settings: dict[str, str]) -> None:
    answer = schysst(tmp_path, "verify", **settings)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.startswith("schysst: ")
    assert answer.stderr.count("\n") == 1


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
def test_a_number_that_is_none_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = schysst(tmp_path, *words)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr


def test_interest_counts_with_the_rates_that_were_confirmed(tmp_path: Path) -> None:
    asked = ("interest", "36500", "--due", "2026-12-31", "--through", "2027-06-30", "--json")
    assert schysst(tmp_path / "home", *asked).returncode == 1
    assert not (tmp_path / "home").exists()
    confirm = ("rates", "confirm", "2027-01-01", "-0,50", "--source", "SFS 2027:1")
    assert schysst(tmp_path / "home", *confirm).returncode == 0
    told = json.loads(schysst(tmp_path / "home", *asked).stdout)
    assert [(part["rate_bp"], part["provisional"]) for part in told["segments"]] == [(750, False)]
    assert told["interest_ore"] == 3_650_000 * 750 // 10_000 * 181 // 365


def test_a_provisional_rate_is_told(tmp_path: Path) -> None:
    asked = ("interest", "1000", "--due", "2026-06-29", "--through", "2026-07-02")
    told = json.loads(schysst(tmp_path, *asked, "--json").stdout)
    assert [part["provisional"] for part in told["segments"]] == [False, True]
    assert "provisional" in schysst(tmp_path, *asked).stdout


def test_the_answer_to_a_file_names_what_was_not_read_and_what_differs(tmp_path: Path) -> None:
    claims, again = tmp_path / "claims.csv", tmp_path / "again.csv"
    due = date.today() - timedelta(days=10)  # noqa: DTZ011 - the program's own clock begins here
    data = file_of(row("1", due=due.isoformat()), row("2", due=due.isoformat())).decode()
    head, *rows = data.replace("2025-05-30", (due - timedelta(days=30)).isoformat()).splitlines()
    claims.write_text("\n".join([f"{head};Säljare", *(f"{line};Kim" for line in rows)]))
    told = json.loads(schysst(tmp_path / "home", "import", str(claims), "--json").stdout)
    assert (told["accepted"], told["ignored"], told["notes"]) == (2, ["Säljare"], [])
    again.write_text("\n".join([head, rows[0].replace("1000,00", "900,00"), rows[1].replace("Bergsgatan", "Ågatan")]))
    answer = schysst(tmp_path / "home", "import", str(again), "--json")
    told = json.loads(answer.stdout)
    assert (answer.returncode, told["already"], told["refused"]) == (1, 1, 1)
    assert [(error["line"], error["code"]) for error in told["errors"]] == [(2, "differs")]
    assert [(note["line"], note["code"]) for note in told["notes"]] == [(3, "person_differs")]
    assert "Note, line 3: street" in schysst(tmp_path / "home", "import", str(again)).stdout


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
