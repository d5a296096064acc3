"""What became of the claims, read from the tables and the print folder, against what was lawful."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.store.database import dialect, rows
from core.store.dialect import load_json
from tests.scale.lawful import Invoice, Letter, letters

LETTERS = ("reminder", "demand", "final_notice")
Looked = Callable[[date], date]


@dataclass(frozen=True)
class Found:
    """A case as the tables have it. ``keys`` are those of its documents, with their day."""

    ocr: str
    references: tuple[str, ...]
    steps: tuple[Letter, ...]
    keys: Mapping[str, date]


async def found() -> dict[str, Found]:
    """Every case by the first of its invoice numbers."""
    references: dict[int, list[str]] = {}
    for row in await rows("SELECT case_id, reference FROM claims ORDER BY id"):
        references.setdefault(row["case_id"], []).append(row["reference"])
    notices = {row["key"]: row for row in await rows("SELECT * FROM notices")}
    taken: dict[int, list[Any]] = {}
    for row in await rows("SELECT case_id, on_date, data FROM facts WHERE kind = 'step_taken' ORDER BY case_id, seq"):
        taken.setdefault(row["case_id"], []).append(row)
    cases = {}
    for row in await rows("SELECT id, ocr FROM cases ORDER BY id"):
        steps = taken.get(row["id"], [])
        names = tuple(references[row["id"]])
        keys = {load_json(step["data"])["key"]: _day(step["on_date"]) for step in steps}
        documents = {key: on for key, on in keys.items() if notices[key]["form"] == "document"}
        cases[names[0]] = Found(row["ocr"], names, tuple(_step(step, notices) for step in steps), documents)
    return cases


def _step(row: Mapping[str, Any], notices: Mapping[str, Any]) -> Letter:
    data = load_json(row["data"])
    deadline = date.fromisoformat(data["deadline"]) if data["deadline"] else None
    total = load_json(notices[data["key"]]["data"])["total_ore"]
    return Letter(data["step"], _day(row["on_date"]), deadline, tuple(map(tuple, data["costs"])), total)


async def judge(
    cases: Mapping[str, tuple[Invoice, ...]], handed_over: date, until: date, looked: Looked = lambda day: day
) -> list[str]:
    """What is not as it should be, one sentence each; empty when every letter was right."""
    have = await found()
    wrong = [f"{name} is no case" for name in cases.keys() ^ have.keys()]
    for name in cases.keys() & have.keys():
        case = have[name]
        if case.references != tuple(invoice.reference for invoice in cases[name]):
            wrong.append(f"{name} holds {case.references}")
        right = tuple(letters(cases[name], handed_over, until, looked))
        wrong += [f"{case.ocr}: {is_} should be {should}" for is_, should in _unlike(case.steps, right)]
    return [*wrong, *await _unsaid(), *await _fees()]


def _unlike(have: tuple[Letter, ...], right: tuple[Letter, ...]) -> list[tuple[Letter | None, Letter | None]]:
    pairs = ((at(have, number), at(right, number)) for number in range(max(len(have), len(right))))
    return [(is_, should) for is_, should in pairs if is_ != should]


def at(steps: tuple[Letter, ...], number: int) -> Letter | None:
    return steps[number] if number < len(steps) else None


async def _unsaid() -> list[str]:
    """Documents that did not leave exactly once on their day, and whatever was withdrawn, failed or unknown."""
    wrong = [
        f"{row['key']} is {row['state']}, issued on {row['issued_on']}"
        for row in await rows(
            "SELECT * FROM notices WHERE (form = 'document' AND (state <> 'sent' OR issued_on <> on_date))"
            " OR state NOT IN ('sent', 'kept')"
        )
    ]
    issued = Counter(
        load_json(row["data"])["key"] for row in await rows("SELECT data FROM facts WHERE kind = 'notice_issued'")
    )
    documents = Counter(row["key"] for row in await rows("SELECT key FROM notices WHERE form = 'document'"))
    sent = await rows("SELECT notice_id FROM attempts WHERE channel = 'letter' AND outcome = 'sent'")
    if issued != documents or len(sent) != len(documents):
        wrong.append(f"{sum(issued.values())} issued and {len(sent)} sent of {sum(documents.values())} documents")
    return wrong


async def _fees() -> list[str]:
    """Each kind of cost once a case, in the facts and in the book alike."""
    in_facts = Counter[tuple[int, str]]()
    for row in await rows("SELECT case_id, data FROM facts WHERE kind = 'step_taken'"):
        in_facts.update((row["case_id"], kind) for kind, _ in load_json(row["data"])["costs"])
    in_book = Counter(
        (row["case_id"], row["debit"].removeprefix("case:"))
        for row in await rows("SELECT case_id, debit FROM transfers WHERE credit = 'fees:pending'")
    )
    twice = [f"case {case}: {kind} {times} times" for (case, kind), times in in_facts.items() if times > 1]
    return twice if in_facts == in_book else [*twice, "costs in the facts and in the book differ"]


def printed(folder: Path) -> dict[str, date]:
    """The letters of a print folder by key, with their day. A key twice, or a line without its file, is an error."""
    found: dict[str, date] = {}
    for manifest in sorted(folder.glob("*/manifest.jsonl")):
        for line in map(json.loads, manifest.read_text("utf-8").splitlines()):
            assert line["key"] not in found, f"{line['key']} was printed twice"
            assert (manifest.parent / line["file"]).stat().st_size == line["bytes"]
            found[line["key"]] = date.fromisoformat(manifest.parent.name)
    return found


def _day(value: Any) -> date:
    day = dialect().read_day(value)
    assert day is not None
    return day
