"""The command line as its users meet it: real processes, a home of their own, an embedded database."""

import csv
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from stdnum import luhn

from core.rules import se
from tests import house

CALENDAR = se.pack().calendar


def schysst(home: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "SCHYSST_HOME": str(home), "SCHYSST_ENV": "test", "LANG": "en_GB.UTF-8", "PORT": "0"}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=house.ROOT,
        env=environment,
        timeout=300,
        check=False,
    )


def claims_file(rows: int, bad: int, today: date) -> str:
    """A file with unlike debtors, due dates and terms; the last ``bad`` rows have one fault each."""
    text = io.StringIO()
    names = (
        "creditor_number creditor_name debtor_number debtor_name street postcode city invoice_no invoice_date ground"
        " due_date amount kind reminder_fee_agreed_on"
    ).split()
    writer = csv.DictWriter(text, names, delimiter=";")
    writer.writeheader()
    for number in range(rows):
        due = today - timedelta(days=number % 25)
        row = {
            "creditor_number": "559999-0016",
            "creditor_name": "Norrhjul AB",
            "debtor_number": _person(number),
            "debtor_name": f"Påhittad Person {number}",
            "street": f"Storgatan {number}",
            "postcode": "903 26",
            "city": "Umeå",
            "invoice_no": f"F{number}",
            "invoice_date": (due - timedelta(days=30)).isoformat(),
            "ground": "service av cykel i våras",
            "due_date": due.isoformat(),
            "amount": f"{500 + number},50",
            "kind": "consumer",
            "reminder_fee_agreed_on": "yes" if number % 2 else "no",
        }
        if number >= rows - bad:
            row |= _FAULTS[number % len(_FAULTS)]
        writer.writerow(row)
    return text.getvalue()


_FAULTS = (
    {"amount": "noll"},
    {"debtor_number": "811228-9842"},
    {"due_date": "2025-02-30"},
    {"ground": "tjänst"},
    {"creditor_number": "559999-0017"},
)


def _person(number: int) -> str:
    """A personal number of somebody grown up; birth numbers 980 to 999 belong to nobody."""
    born = date(1950, 1, 1) + timedelta(days=number // 20)
    base = f"{born:%y%m%d}{980 + number % 20}"
    return f"{born:%Y%m%d}-{980 + number % 20}{luhn.calc_check_digit(base)}"


@pytest.mark.parametrize(
    ("amount", "due", "through", "ore"),
    [
        ("10000", "2024-12-01", "2025-01-31", 19_179),
        ("4750,50", "2022-05-31", "2025-09-30", 170_647),
        ("1000", "2025-06-30", "2025-07-01", 27),
    ],
)
def test_interest_gives_the_worked_numbers(tmp_path: Path, amount: str, due: str, through: str, ore: int) -> None:
    answer = schysst(tmp_path, "interest", amount, "--due", due, "--through", through, "--json")
    assert answer.returncode == 0
    told = json.loads(answer.stdout)
    assert told["interest_ore"] == ore
    assert sum(part["interest_ore"] for part in told["segments"]) == ore


def test_interest_past_the_table_is_refused_in_words(tmp_path: Path) -> None:
    answer = schysst(tmp_path, "interest", "1000", "--due", "2030-01-01", "--through", "2031-01-01")
    assert answer.returncode == 1
    assert "schysst:" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("words", [("interest", "x", "--due", "2025-01-01", "--through", "2025-02-01"), ("fly",), ()])
def test_wrong_usage_is_exit_code_two(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert schysst(tmp_path, *words).returncode == 2


def test_a_file_with_bad_rows_keeps_the_good_ones_and_the_same_file_adds_nothing(tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text(claims_file(60, 10, date(2026, 11, 2)))
    first = schysst(tmp_path, "import", str(claims), "--json")
    told = json.loads(first.stdout)
    assert (first.returncode, told["accepted"], told["already"], told["refused"]) == (1, 50, 0, 10)
    assert len({error["line"] for error in told["errors"]}) == 10
    assert all(error["column"] and error["message"] for error in told["errors"])
    again = json.loads(schysst(tmp_path, "import", str(claims), "--json").stdout)
    assert (again["accepted"], again["already"], again["refused"]) == (0, 50, 10)


def test_half_a_year_of_a_file_of_claims(tmp_path: Path) -> None:
    """Every letter once, on its lawful day, at most one fee a letter; the books balance and nothing is wrong."""
    today = date.today()  # noqa: DTZ011 - the program's own clock begins here
    claims = tmp_path / "claims.csv"
    claims.write_text(claims_file(40, 0, today))
    assert json.loads(schysst(tmp_path, "import", str(claims), "--json").stdout)["accepted"] == 40
    ticked = schysst(tmp_path, "tick", "--until", (today + timedelta(days=182)).isoformat())
    assert ticked.returncode == 0, ticked.stderr
    wrong = schysst(tmp_path, "verify")
    assert (wrong.returncode, wrong.stdout) == (0, "")
    lines = [
        (folder.name, json.loads(line))
        for folder in sorted((tmp_path / "print").iterdir())
        for line in (folder / "manifest.jsonl").read_text().splitlines()
    ]
    assert all(CALENDAR.is_banking_day(date.fromisoformat(day)) for day, _ in lines)
    assert len(lines) == len({line["key"] for _, line in lines})
    kinds = Counter((line["case"], line["key"].split(":")[1]) for _, line in lines)
    assert set(kinds.values()) == {1}
    assert len({case for case, _ in kinds}) == 40
    assert {kind for _, kind in kinds} == {"reminder", "demand", "final_notice"}
    for ocr in {case for case, _ in kinds}:
        stated = json.loads(schysst(tmp_path, "statement", ocr, "--json").stdout) if ocr.endswith("0") else None
        if stated:
            fees = Counter(line["cost"] for line in stated["lines"] if line["kind"] == "cost")
            assert all(count == 1 for count in fees.values())
            assert sum(line["amount_ore"] for line in stated["lines"]) == stated["total_ore"]


def test_production_refuses_what_only_a_demo_may_have(tmp_path: Path) -> None:
    environment = {**os.environ, "SCHYSST_HOME": str(tmp_path), "SCHYSST_ENV": "production"}
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "verify"],
        capture_output=True,
        text=True,
        cwd=house.ROOT,
        env=environment,
        check=False,
    )
    assert answer.returncode == 2
    assert "SWISH_CERTIFICATE" in answer.stderr
