"""The print folder: each letter once, and a manifest that is true after a crash."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from bot.channels import letter
from bot.channels.letter import MANIFEST, Postage, Printed, PrintFolder, file_name
from tests.fakes import FakeClock

DAY = date(2025, 7, 23)
KEY = "10000180:demand:1"
PDF = b"%PDF-1.7 a letter"


@pytest.fixture
def folder(tmp_path: Path) -> PrintFolder:
    return PrintFolder(tmp_path, FakeClock())


def put(folder: PrintFolder, key: str = KEY, pdf: bytes = PDF) -> Printed:
    return folder.put(DAY, key, pdf, pages=2, case="10000180", postage=Postage.LETTER)


def lines(tmp_path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (tmp_path / "2025-07-23" / MANIFEST).read_text().splitlines()]


def pdfs(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "2025-07-23").glob("*.pdf"))


def test_a_letter_lies_in_the_folder_of_its_day(folder: PrintFolder, tmp_path: Path) -> None:
    printed = put(folder)
    assert (tmp_path / "2025-07-23" / "10000180-demand-1.pdf").read_bytes() == PDF
    (line,) = lines(tmp_path)
    assert line["key"] == KEY
    assert line["sha256"] == hashlib.sha256(PDF).hexdigest() == printed.sha256
    assert (line["pages"], line["bytes"], line["case"], line["postage"]) == (2, len(PDF), "10000180", "letter")


def test_the_same_key_is_the_same_letter(folder: PrintFolder, tmp_path: Path) -> None:
    assert put(folder) == put(folder, pdf=b"something else")
    assert put(PrintFolder(tmp_path, FakeClock())) == put(folder)
    assert len(lines(tmp_path)) == 1
    assert (tmp_path / "2025-07-23" / "10000180-demand-1.pdf").read_bytes() == PDF


def test_a_letter_that_the_print_house_took_is_not_written_again(folder: PrintFolder, tmp_path: Path) -> None:
    put(folder)
    (tmp_path / "2025-07-23" / "10000180-demand-1.pdf").unlink()
    put(PrintFolder(tmp_path, FakeClock()))
    assert pdfs(tmp_path) == []
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize("where", ["_append", "_reveal"])
def test_a_crash_half_way_leaves_one_letter_after_the_next_try(
    where: str, folder: PrintFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "10000180:reminder:1")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(letter, where, crash)
        with pytest.raises(KeyboardInterrupt):
            put(folder)
    put(PrintFolder(tmp_path, FakeClock()))
    assert pdfs(tmp_path) == ["10000180-demand-1.pdf", "10000180-reminder-1.pdf"]
    assert [line["key"] for line in lines(tmp_path)] == ["10000180:reminder:1", KEY]
    assert not list((tmp_path / "2025-07-23").glob(".*.part"))


def test_a_begun_letter_is_finished_by_whoever_reads_the_day(
    folder: PrintFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(letter, "_reveal", crash)
        with pytest.raises(KeyboardInterrupt):
            put(folder)
    assert pdfs(tmp_path) == []
    (printed,) = PrintFolder(tmp_path, FakeClock()).printed(DAY)
    assert printed.key == KEY
    assert pdfs(tmp_path) == ["10000180-demand-1.pdf"]


def test_a_letter_is_taken_back_before_it_is_printed(folder: PrintFolder, tmp_path: Path) -> None:
    put(folder)
    put(folder, "10000181:demand:1")
    assert folder.take_back(DAY, KEY)
    assert pdfs(tmp_path) == ["10000181-demand-1.pdf"]
    assert [line["key"] for line in lines(tmp_path)] == ["10000181:demand:1"]
    assert not folder.take_back(DAY, KEY)
    assert not folder.take_back(date(2025, 7, 24), KEY)


def test_what_is_printed_cannot_be_taken_back(folder: PrintFolder, tmp_path: Path) -> None:
    put(folder)
    (tmp_path / "2025-07-23" / "10000180-demand-1.pdf").unlink()
    assert not folder.take_back(DAY, KEY)
    assert len(lines(tmp_path)) == 1


@pytest.mark.parametrize(("where", "left"), [("_rewrite", 1), ("unlink", 0)])
def test_a_crash_while_taking_back_leaves_the_letter_whole_or_gone(
    where: str, left: int, folder: PrintFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Path if where == "unlink" else letter, where, crash)
        with pytest.raises(KeyboardInterrupt):
            folder.take_back(DAY, KEY)
    assert len(PrintFolder(tmp_path, FakeClock()).printed(DAY)) == left
    assert len(pdfs(tmp_path)) == len(lines(tmp_path)) == left


def test_a_torn_line_is_dropped(folder: PrintFolder, tmp_path: Path) -> None:
    put(folder)
    manifest = tmp_path / "2025-07-23" / MANIFEST
    manifest.write_bytes(manifest.read_bytes() + b'{"key": "10000180:fin')
    (printed,) = PrintFolder(tmp_path, FakeClock()).printed(DAY)
    assert printed.key == KEY
    put(folder, "10000180:final_notice:1")
    assert [line["key"] for line in lines(tmp_path)] == [KEY, "10000180:final_notice:1"]


def test_two_writers_see_each_others_letters(tmp_path: Path) -> None:
    one, other = PrintFolder(tmp_path, FakeClock()), PrintFolder(tmp_path, FakeClock())
    put(one, "a:1")
    put(other, "b:1")
    put(one, "b:1", b"twice")
    put(one, "c:1")
    put(other, "a:1", b"twice")
    assert [line["key"] for line in lines(tmp_path)] == ["a:1", "b:1", "c:1"]


def test_a_day_without_letters_is_empty(folder: PrintFolder, tmp_path: Path) -> None:
    assert folder.printed(DAY) == ()
    assert not (tmp_path / "2025-07-23").exists()


def test_different_keys_have_different_files_inside_the_folder() -> None:
    keys = ["a:b", "a-b", "a/b", "../a", "å:1", "a b"]
    names = [file_name(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert not any("/" in name for name in names)


def test_the_manifest_names_nobody(folder: PrintFolder, tmp_path: Path) -> None:
    put(folder)
    allowed = {"key", "file", "sha256", "pages", "bytes", "case", "postage", "written_at"}
    assert {name for line in lines(tmp_path) for name in line} == allowed
