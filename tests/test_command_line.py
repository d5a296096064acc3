"""The command line as its users meet it: what commands print, what they refuse, and how they say so."""

import io
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from core.files.claim_columns import columns_doc
from tests import house
from tests.scale import file
from tests.scale.program import Program

TODAY = date.today()  # noqa: DTZ011 - the program's own clock begins here


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        told: dict[str, object] = json.loads(self.out)
        return told


Run = Callable[..., Said]


@pytest.fixture
def schysst(
    tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs a command in this process, in a home of its own; whatever it raises fails the test."""
    (tmp_path / "home").mkdir()
    shutil.copy(sqlite_template, tmp_path / "home" / "schysst.db")
    for name in ("DATABASE_URL", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "SCHYSST_KEYS", "SCHYSST_AGENCY"):
        monkeypatch.delenv(name, raising=False)
    here = {"SCHYSST_HOME": str(tmp_path / "home"), "SCHYSST_ENV": "test", "LANG": "en_GB.UTF-8", "PORT": "0"}

    def run(*words: str, stdin: bytes = b"", **environment: str) -> Said:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["schysst", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            for name, value in {**here, **environment}.items():
                patch.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Said(ended.value.code, said.out, said.err)

    return run


@pytest.fixture
def book(schysst: Run, tmp_path: Path) -> list[str]:
    """A dozen claims handed over today; the OCR numbers of their cases, which come in order."""
    path = tmp_path / "claims.csv"
    path.write_text(file.as_csv(file.claims(12, TODAY)), "utf-8")
    assert schysst("import", str(path)).code == 0
    with sqlite3.connect(tmp_path / "home" / "schysst.db") as connection:
        found = [ocr for (ocr,) in connection.execute("SELECT ocr FROM cases ORDER BY id")]
    connection.close()
    return found


# Interest


@pytest.mark.parametrize(
    ("amount", "due", "through", "ore"),
    [
        ("10000", "2024-12-01", "2025-01-31", 19_179),
        ("4750,50", "2022-05-31", "2025-09-30", 170_647),
        ("1000", "2025-06-30", "2025-07-01", 27),
        ("1000", "2025-07-01", "2025-07-01", 0),
    ],
)
def test_interest_gives_the_worked_numbers(schysst: Run, amount: str, due: str, through: str, ore: int) -> None:
    said = schysst("interest", amount, "--due", due, "--through", through, "--json")
    told = json.loads(said.out)
    assert (said.code, told["interest_ore"]) == (0, ore)
    assert sum(part["interest_ore"] for part in told["segments"]) == ore


def test_interest_reads_as_a_sum(schysst: Run) -> None:
    said = schysst("interest", "10000", "--due", "2024-12-01", "--through", "2025-01-31", LANG="sv_SE.UTF-8")
    assert said.out.replace("\xa0", " ").splitlines() == [
        "2 till 31 december 2024  30 dagar  12 %   98,36",
        "1 till 31 januari 2025   31 dagar  11 %   93,43",
        "Ränta                                    191,79",
    ]


# Statements, rates, creditors, invitations, the outbox, keys


def test_a_statement_reads_as_on_paper(schysst: Run, book: list[str]) -> None:
    said = schysst("statement", book[0])
    assert said.code == 0
    assert said.out.startswith(f"Case {book[0]}, on behalf of Norrhjul AB\n")
    assert "Invoice F0-0 (principal)" in said.out
    assert "Behandling" in said.out or "behandling" in said.out
    assert said.out.count("=" * 20) > 0
    assert max(map(len, said.out.splitlines())) <= 90


def test_a_statement_adds_up_and_knows_other_days(schysst: Run, book: list[str]) -> None:
    later = (TODAY + timedelta(days=30)).isoformat()
    now, then = (schysst("statement", book[5], "--json", *on).json for on in ((), ("--on", later)))
    for told in (now, then):
        assert sum(line["amount_ore"] for line in told["lines"]) == told["total_ore"]  # type: ignore[attr-defined]
    assert then["on"] == later
    assert then["total_ore"] > now["total_ore"]  # type: ignore[operator]
    spaced = schysst("statement", f"{book[5][:4]} {book[5][4:]}", "--json").json
    assert spaced == now


def test_rates_are_shown_and_confirmed(schysst: Run) -> None:
    shown = json.loads(schysst("rates", "--json").out)
    newest = shown[-1]
    assert newest["status"] == "provisional"
    said = schysst("rates", "confirm", newest["from"], "2,00", "--source", "SFS 2026:1")
    assert said.code == 0
    assert "rebuild" in said.out
    assert json.loads(schysst("rates", "--json").out)[-1]["status"] == "confirmed"
    assert schysst("rebuild").code == 0


def test_a_creditor_chooses(schysst: Run, book: list[str]) -> None:
    assert "yes" in schysst("creditor", "559999-0016").out
    told = schysst("creditor", "559999-0016", "--reminder", "no", "--reminder-after", "10", "--json").json
    assert (told["number"], told["reminder"], told["reminder_after_days"]) == ("5599990016", False, 10)


def test_an_invitation_is_a_link_and_a_line_for_telegram(schysst: Run, book: list[str]) -> None:
    for words in (("staff", "invite", "Karin"), ("creditor-invite", "559999-0016", "Ingrid")):
        link, start, told = schysst(*words).out.splitlines()
        assert link.partition("/c/")[2] == start.removeprefix("/start ")
        assert "7 days" in told
    told = schysst("creditor-invite", "559999-0016", "Ingrid", "--email", "ekonomi@norrhjul.example").out
    assert "From now on ekonomi@norrhjul.example gets what Ingrid is told" in told


def test_the_outbox_counts_and_names(schysst: Run, book: list[str]) -> None:
    told = schysst("outbox", "--json").json
    counts, notices = told["counts"], told["notices"]
    assert counts["queued"] == len(book)  # type: ignore[index]
    assert {notice["kind"] for notice in notices} == {"creditor.registered"}  # type: ignore[attr-defined]
    assert f"{book[0]}:registered" in schysst("outbox").out


def test_keys_are_changed_and_people_still_found(schysst: Run, book: list[str], tmp_path: Path) -> None:
    before = (tmp_path / "home" / "keys.json").read_text()
    assert schysst("rotate-keys").code == 0
    assert (tmp_path / "home" / "keys.json").read_text() != before
    again = schysst("import", str(tmp_path / "claims.csv"), "--json").json
    assert (again["accepted"], again["already"]) == (0, 12)
    verified = schysst("verify")
    assert (verified.code, verified.out) == (0, "")


def test_a_new_home_is_made_by_whichever_command_comes_first(schysst: Run, tmp_path: Path) -> None:
    for command in ("rotate-keys", "outbox"):
        assert schysst(command, SCHYSST_HOME=str(tmp_path / command)).code == 0


# Files


def test_bad_rows_are_named_each_with_its_reason(schysst: Run) -> None:
    rows = file.as_csv(file.claims(40, TODAY), bad=20).encode()
    said = schysst("import", "-", "--json", stdin=rows)
    told = said.json
    assert (said.code, told["accepted"], told["already"], told["refused"]) == (1, 40, 0, 20)
    assert [error["code"] for error in told["errors"]] == [code for _, code in file.FAULTS]  # type: ignore[attr-defined]
    assert len({error["message"] for error in told["errors"]}) == 19  # type: ignore[attr-defined]
    again = schysst("import", "-", "--json", stdin=rows).json
    assert (again["accepted"], again["already"], again["refused"]) == (0, 40, 20)


def test_a_template_is_a_file_to_start_from(schysst: Run) -> None:
    template = schysst("import", "--template").out
    assert schysst("import", "-", stdin=template.encode()).code == 0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        ("borgenär;kund\n".encode("utf-16"), "The file is UTF-16."),
        (b"a;" * 3_000_000, "The first row must hold the names of the columns."),
        (b"x" * 20_000_001, "The file is larger than 20 MB."),
        (b"\xff\xd8;\xe5\xe4\n1;2\n", "The first row must hold the names of the columns."),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(schysst: Run, data: bytes, reason: str) -> None:
    said = schysst("import", "-", stdin=data)
    assert said.code == 1
    assert f"Line 1: {reason}" in said.out
    assert "Refused: 1." in said.out


def test_a_file_that_cannot_be_read_is_wrong_usage(schysst: Run, tmp_path: Path) -> None:
    for name in (str(tmp_path / "missing.csv"), str(tmp_path), f"{tmp_path}/{'x' * 300}"):
        said = schysst("import", name)
        assert (said.code, said.out) == (2, "")
        assert said.err.startswith(f"schysst: Cannot read {name}")
    assert schysst("import").code == 2


# What is wrong, in words


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("statement", "10000180"), 1, "There is no such case here."),
        (("statement", "x" * 5_000), 1, "There is no such case here."),
        (("statement", "\x00"), 1, "There is no such case here."),
        (("statement", "1", "--on", "9999-12-31"), 2, "not a date such as 2026-03-02"),
        (("tick", "--until", "2020-01-01"), 1, "Time only goes forward."),
        (("tick", "--until", "Easter"), 2, "not a date such as 2026-03-02"),
        (("interest", "x", "--due", "2025-01-01", "--through", "2025-02-01"), 2, "not an amount in kronor"),
        (("interest", "-5", "--due", "2025-01-01", "--through", "2025-02-01"), 2, "not an amount in kronor"),
        (("interest", "5", "--due", "2030-01-01", "--through", "2031-01-01"), 1, "The rate for that half-year"),
        (("interest", "5", "--due", "2025-01-01", "--through", "2025-02-01", "--rate", "much"), 2, "not a percentage"),
        (("rates", "confirm"), 2, "rates confirm DATE PERCENT"),
        (("rates", "confirm", "2027-01-01", "abc", "--source", "x"), 2, "not a percentage"),
        (("rates", "confirm", "2027-01-02", "2", "--source", "x"), 1, "1 January or 1 July"),
        (("creditor", "1"), 1, "There is no such company here."),
        (("creditor-invite", "1", "Ingrid"), 1, "There is no such company here."),
        (("staff", "invite", ""), 1, "Write a name of at most 60 characters."),
        (("staff", "invite", "x" * 3_000), 1, "Write a name of at most 60 characters."),
        (("run", "--roles", "cook"), 2, "takes web, worker or both"),
        (("run", "--demo"), 2, "--demo needs SCHYSST_ENV=demo."),
        (("fly",), 2, "invalid choice"),
        ((), 2, "required"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(schysst: Run, words: tuple[str, ...], code: int, said: str) -> None:
    answer = schysst(*words)
    assert answer.code == code
    assert answer.out == ""
    assert said in answer.err


def test_the_terminals_language_is_spoken(schysst: Run) -> None:
    assert "Det finns inget sådant ärende" in schysst("statement", "1", LANG="sv_SE.UTF-8").err
    assert "Det finns inget sådant ärende" in schysst("statement", "1", LC_ALL="C.UTF-8", LANG="sv").err
    assert "There is no such case" in schysst("statement", "1", LANG="fi_FI.UTF-8").err
    assert "inget datum" in schysst("tick", "--until", "i morgon", LANGUAGE="sv:en").err


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SCHYSST_ENV": "party"}, "SCHYSST_ENV must be one of"),
        ({"PORT": "http"}, "PORT must be a number"),
        ({"SCHYSST_HOME": "/dev/null/home"}, "SCHYSST_HOME /dev/null/home cannot be used"),
        ({"SCHYSST_KEYS": "abc"}, "The keys cannot be read."),
        ({"SCHYSST_KEYS": "k1:AAAA"}, "The keys cannot be read."),
        ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL must name"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL must name"),
        ({"DATABASE_URL": "sqlite:///missing/folder/x.db"}, "The database file cannot be opened."),
        ({"DATABASE_URL": "sqlite:///dev"}, "The database file cannot be opened."),
        ({"DATABASE_URL": "postgres://u:p@127.0.0.1:1/x"}, "The database server does not let us in."),
        ({"SCHYSST_AGENCY": "/dev/null"}, "SCHYSST_AGENCY is no readable JSON file."),
        ({"SCHYSST_ENV": "production"}, "SWISH_CERTIFICATE is missing."),
    ],
)
def test_an_installation_that_cannot_start_says_what_to_mend(
    schysst: Run, environment: dict[str, str], said: str
) -> None:
    answer = schysst("verify", **environment)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_a_locked_database_is_said_to_be_locked(schysst: Run, tmp_path: Path) -> None:
    assert schysst("migrate").code == 0
    path = tmp_path / "home" / "schysst.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    said = schysst("staff", "invite", "Karin", DATABASE_URL=f"sqlite://{path}?busy_timeout=50")
    connection.close()
    assert said.code == 1
    assert "Another program has the database locked." in said.err


def test_a_database_of_other_keys_is_not_read(schysst: Run, book: list[str], tmp_path: Path) -> None:
    (tmp_path / "home" / "keys.json").unlink()
    said = schysst("statement", book[0])
    assert said.code == 2
    assert "The database was written with other keys." in said.err


def test_a_file_that_is_no_database_ends_the_process(tmp_path: Path) -> None:
    """In a process of its own: a connection that is not closed would keep it alive."""
    (tmp_path / "schysst.db").write_bytes(b"no database" * 400)
    answer = Program(tmp_path)("verify")
    assert answer.returncode == 2
    assert answer.stderr == "schysst: The database file is no SQLite database.\n"


def test_a_command_starts_without_a_chat() -> None:
    """The chat's libraries take seconds to load, which nobody waits for who asks for a number."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import bot.commands, sys; print('aiogram' in sys.modules)"],
        cwd=house.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.strip() == "False"


def test_the_page_about_claims_files_is_that_of_the_code() -> None:
    assert columns_doc() in (house.ROOT / "docs" / "claims.md").read_text("utf-8")
