"""Commands about settlement notes: the check asks nothing of the house, and names what was altered."""

from pathlib import Path

from core.note_check import sealed
from tests import test_command_line as terminal
from tests.core.test_settlement_note import FULL, altered
from tests.test_command_line import Run

#: The terminal's own, as fixtures of this file.
schysst, book = terminal.schysst, terminal.book


def test_a_note_is_computed_again_without_any_house(schysst: Run, tmp_path: Path) -> None:
    note = tmp_path / "note.json"
    note.write_text(sealed(FULL), "utf-8")
    broken = str(tmp_path / "no" / "such")
    said = schysst("note-check", str(note), DATABASE_URL="nonsense://", SCHYSST_HOME=broken)
    assert said.code == 0
    assert said.out.startswith("The note is right. Transfers: ")
    note.write_text(sealed(altered(("cases", 0, "lines", 1, "amounts", "vat_ore"), 1)), "utf-8")
    said = schysst("note-check", str(note))
    assert said.code == 1
    assert "cases[0].lines[1].amounts.vat_ore: it says" in said.out
    told = schysst("note-check", str(note), "--json").json
    assert [wrong["where"] for wrong in told["wrong"]] == ["cases[0].lines[1].amounts.vat_ore"]  # type: ignore[attr-defined]
    note.write_text("{}", "utf-8")
    assert schysst("note-check", str(note)).code == 2
    assert schysst("note-check", broken).code == 2


def test_what_notes_say_of_a_creditor_is_set(schysst: Run, book: list[str]) -> None:
    said = schysst("note-details", "559999-0016", "--address", "Storgatan 1, 111 22 Stockholm", "--names", "yes")
    assert said.code == 0
    assert "address Storgatan 1, 111 22 Stockholm, VAT no. -, debtors' names on notes: yes" in said.out
    assert schysst("note-details", "559999-0016", "--vat", "SE559999001601").out.count("Storgatan 1") == 1
    assert schysst("verify").code == 0
