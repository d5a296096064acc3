"""What people lay beside a matter: taken by what it is, drawn anew, kept under lock, seen by few, erased for good."""

import hashlib
import io
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from core.errors import NotAllowed, NotFound, Refusal
from core.evidence import FILE_MAX, Kind, clean_name
from core.party import Actor, Role
from core.services import evidence
from core.store import audit, tasks
from core.store.evidence import EvidenceRow
from core.store.evidence_folder import EvidenceDisk
from core.store.secrets import SecretsMissing, new_key, parse
from tests.services.world import CLERK, ERIK, SOLROS, World, debtor, invoice, member

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(width: int = 400, height: int = 300, *, turned: bool = False, form: str = "JPEG") -> bytes:
    """A picture as a phone takes it: with the place, the maker, and perhaps lying on its side."""
    exif = Image.Exif()
    exif[MAKER] = "Telefonmakaren"
    exif[GPS] = {1: "N", 2: (59.0, 19.0, 30.0)}
    if turned:
        exif[ORIENTATION] = 6
    out = io.BytesIO()
    Image.effect_noise((width, height), 40).convert("RGB").save(out, form, exif=exif)
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few octets that says it is enormous."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


async def stream(body: bytes, size: int = 64 * 1024) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def send(world: World, actor: Actor, case_id: int, body: bytes, name: str = "cykel.jpg") -> EvidenceRow:
    return await evidence.add(world.house, actor, case_id, "dispute:1", name, stream(body))


async def test_a_picture_is_kept_upright_and_without_where_it_was_taken(world: World) -> None:
    case = await world.sara()
    sent = photo(4000, 1000, turned=True)
    row = await send(world, debtor(case), case.id, sent, "C:\\Bilder\\..\\cy\u202ekel.JPEG")
    assert (row.name, row.mime, row.sent_by) == ("cykel.jpg", "image/jpeg", debtor(case).label)
    assert row.received_sha256 == hashlib.sha256(sent).hexdigest()
    kept = await evidence.read(world.house, debtor(case), row.id)
    assert hashlib.sha256(kept.body).hexdigest() == row.sha256 != row.received_sha256
    assert b"Telefonmakaren" not in kept.body
    with Image.open(io.BytesIO(kept.body)) as picture:
        assert not picture.getexif()
        assert picture.size == (750, 3000)


async def test_a_pdf_is_kept_byte_for_byte_and_marked_when_it_acts(world: World) -> None:
    case = await world.sara()
    row = await send(world, debtor(case), case.id, PDF, "kvitto")
    assert (await evidence.read(world.house, debtor(case), row.id)).body == PDF
    assert (row.name, row.mime, row.acts) == ("kvitto.pdf", "application/pdf", False)
    acting = PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/JavaScript/JS(x)>>")
    assert (await send(world, debtor(case), case.id, acting, "b.pdf")).acts


async def test_the_same_file_twice_is_one(world: World) -> None:
    case = await world.sara()
    first = await send(world, debtor(case), case.id, photo(form="PNG"))
    [row] = await evidence.of_matter(world.house, debtor(case), case.id, "dispute:1")
    again = photo(form="PNG")
    assert (await send(world, debtor(case), case.id, again)).id != first.id  # noise: another picture
    assert (await send(world, debtor(case), case.id, again)).id > row.id
    assert len(await evidence.of_case(world.house, debtor(case), case.id)) == 2


HOSTILE = {
    "nothing": (b"", "file_empty"),
    "a page": (b"<html><script>alert(1)</script>", "file_kind"),
    "a program named as a picture": (b"MZ\x90\x00" + bytes(400), "file_kind"),
    "an archive with a PDF in it": (b"PK\x03\x04" + PDF, "file_kind"),
    "a phone's own format": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(100), "file_heic"),
    "a film": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(100), "file_kind"),
    "a picture cut short": (photo()[:900], "file_broken"),
    "a picture in name only": (b"\xff\xd8\xff" + b"<script>" * 50, "file_broken"),
    "a PDF cut short": (PDF[:40], "file_broken"),
    "a bomb": (bomb(8_000), "file_pixels"),
    "a larger bomb": (bomb(40_000), "file_pixels"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_is_no_picture_and_no_pdf_is_refused(world: World, what: str) -> None:
    body, code = HOSTILE[what]
    case = await world.sara()
    with pytest.raises(Refusal) as no:
        await send(world, debtor(case), case.id, body)
    assert no.value.code == code
    assert not await evidence.of_case(world.house, debtor(case), case.id)


async def test_a_picture_that_is_also_an_archive_is_only_a_picture_afterwards(world: World) -> None:
    case = await world.sara()
    row = await send(world, debtor(case), case.id, photo() + b"PK\x03\x04<script>alert(1)</script>")
    assert b"<script>" not in (await evidence.read(world.house, debtor(case), row.id)).body


async def test_a_stream_is_cut_where_it_grows_too_long(world: World) -> None:
    case, read = await world.sara(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1024 * 1024
            yield bytes(1024 * 1024)

    with pytest.raises(Refusal) as no:
        await evidence.add(world.house, debtor(case), case.id, "dispute:1", "x.jpg", endless())
    assert (no.value.code, no.value.facts) == ("file_big", {"size": 11, "limit": 10})
    assert read <= FILE_MAX + 1024 * 1024


async def test_ten_files_are_enough_for_one_matter(world: World) -> None:
    case = await world.sara()
    for number in range(10):
        await send(world, debtor(case), case.id, PDF + b"%%EOF" + bytes([number]))
    with pytest.raises(Refusal, match="file_many"):
        await send(world, debtor(case), case.id, PDF)


async def test_who_sees_what(world: World) -> None:
    case = await world.sara()
    other = await world.case(ERIK, SOLROS, invoice("77"))
    theirs = await send(world, debtor(case), case.id, PDF)
    paid = await evidence.add(world.house, debtor(case), case.id, "paid:2", "k.pdf", stream(PDF))
    assert (await evidence.read(world.house, member(case), theirs.id)).body == PDF
    assert (await evidence.read(world.house, CLERK, paid.id)).body == PDF
    assert [row.id for row in await evidence.of_case(world.house, member(case), case.id)] == [theirs.id]
    for actor, id in ((member(case), paid.id), (member(other), theirs.id), (debtor(other), theirs.id)):
        with pytest.raises(NotFound):
            await evidence.read(world.house, actor, id)
    with pytest.raises(NotAllowed):
        await send(world, member(case), case.id, PDF)
    with pytest.raises(NotAllowed):
        await evidence.add(world.house, debtor(case), case.id, "answer:1", "x.pdf", stream(PDF))
    answer = await evidence.add(world.house, member(case), case.id, "answer:1", "x.pdf", stream(PDF))
    assert (await evidence.read(world.house, debtor(case), answer.id)).body == PDF
    actions = [entry.action for entry in await audit.entries(audit.case_chain(case.id))]
    assert actions.count("evidence.read") == 3


async def test_erasure_takes_the_body_and_the_name_and_leaves_the_hash(world: World) -> None:
    case = await world.sara()
    row = await send(world, debtor(case), case.id, PDF)
    elsewhere = await evidence.add(world.house, debtor(case), case.id, "paid:2", "k.pdf", stream(PDF))
    await evidence.erase(world.house, debtor(case), row.id)
    await evidence.erase(world.house, debtor(case), row.id)
    with pytest.raises(Refusal, match="file_erased"):
        await evidence.read(world.house, debtor(case), row.id)
    assert (await evidence.read(world.house, debtor(case), elsewhere.id)).body == PDF
    assert (await send(world, debtor(case), case.id, PDF, "igen.pdf")).id == row.id
    assert (await evidence.read(world.house, debtor(case), row.id)).row.name == "igen.pdf"


async def test_a_drafts_files_belong_to_what_came_of_it(world: World) -> None:
    case = await world.sara()
    await evidence.add(world.house, debtor(case), case.id, "draft:7", "k.pdf", stream(PDF))
    await evidence.move(world.house, debtor(case), case.id, "draft:7", "dispute:1")
    assert [row.name for row in await evidence.of_matter(world.house, CLERK, case.id, "dispute:1")] == ["k.pdf"]


async def test_a_stranger_asks_about_a_picture_and_a_person_looks(world: World) -> None:
    chat_id = await world.chat()
    answer_by = await evidence.ask_about_picture(world.house, chat_id, "sms.png", stream(photo(form="PNG")))
    await evidence.ask_about_picture(world.house, chat_id, "sms.pdf", stream(PDF))
    first, second = await tasks.open_tasks(kind="verify.picture")
    assert (first.case_id, first.due_on, first.data["chat"]) == (None, answer_by, chat_id)
    assert (await evidence.read(world.house, CLERK, second.data["evidence"])).body == PDF
    stranger = Actor(Role.DEBTOR, 1)
    with pytest.raises(NotFound):
        await evidence.read(world.house, stranger, second.data["evidence"])


async def test_bodies_lie_encrypted_and_move_to_a_new_key(tmp_path: Path) -> None:
    old = new_key("k1")
    disk, key = EvidenceDisk(tmp_path, parse(old)), "ab" * 32
    await disk.put(key, b"private")
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert b"private" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    both = EvidenceDisk(tmp_path, parse(f"{new_key('k2')},{old}"))
    assert (await both.reencrypt(), await both.reencrypt()) == (1, 0)
    assert await both.get(key) == b"private"
    with pytest.raises(SecretsMissing):
        await disk.get(key)
    with pytest.raises(ValueError, match="no key"):
        await disk.get("../../etc/passwd")
    await both.remove(key)
    await both.remove(key)


@pytest.mark.parametrize(
    ("sent", "kind", "kept"),
    [
        ("", Kind.JPEG, "foto.jpg"),
        ("../../etc/passwd", Kind.PDF, "passwd.pdf"),
        ("kvitto.pdf.exe", Kind.PDF, "kvitto.pdf.pdf"),
        ("fil\x00\r\nSet-Cookie: a=b.png", Kind.PNG, "filSet-Cookie a=b.png"),
        ("Skärmbild 2025-07-31.png", Kind.JPEG, "Skärmbild 2025-07-31.jpg"),
        ("å" * 400, Kind.PNG, "å" * 116 + ".png"),
    ],
)
def test_names_are_shown_without_tricks(sent: str, kind: Kind, kept: str) -> None:
    assert clean_name(sent, kind) == kept


def test_a_row_hides_its_name_when_printed() -> None:
    row = replace(EMPTY, name="min diagnos.pdf")
    assert "diagnos" not in repr(row)


EMPTY = EvidenceRow(
    *(1, None, None, "verify:1", "chat:1", "", "application/pdf", 0, "", "", False, None),
    created_at=None,  # type: ignore[arg-type]
    erased_on=None,
)
