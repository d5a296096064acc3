"""Keys: what is encrypted opens only with its key and for its purpose, and nothing shows a key."""

import stat
from pathlib import Path

import pytest

from core.store.secrets import (
    Key,
    Secrets,
    SecretsMissing,
    load_secrets,
    new_key,
    new_token,
    parse,
    rotate_file,
    salted,
)

NUMBER = "198112289841"


def test_what_is_encrypted_opens_for_its_purpose_only(keys: Secrets) -> None:
    sealed = keys.encrypt(NUMBER, "number")
    assert NUMBER.encode() not in sealed
    assert keys.encrypt(NUMBER, "number") != sealed
    assert keys.decrypt(sealed, "number") == NUMBER
    with pytest.raises(SecretsMissing):
        keys.decrypt(sealed, "account")
    with pytest.raises(SecretsMissing):
        keys.decrypt(sealed[:-1] + bytes([sealed[-1] ^ 1]), "number")
    with pytest.raises(SecretsMissing, match="no key named k1"):
        parse(new_key("k2")).decrypt(sealed, "number")


def test_an_older_key_still_reads_and_finds_while_the_newest_writes() -> None:
    old, new = new_key("k1"), new_key("k2")
    before, both = parse(old), parse(f"{new},{old}")
    sealed = before.encrypt(NUMBER, "number")
    assert both.decrypt(sealed, "number") == NUMBER
    assert not both.is_newest(sealed)
    assert both.is_newest(both.encrypt(NUMBER, "number"))
    assert before.find_by(NUMBER, "number") in both.find_any(NUMBER, "number")
    assert both.find_by(NUMBER, "number") != before.find_by(NUMBER, "number")
    assert both.seal_holds("x", before.seal("x"))
    assert not both.seal_holds("y", before.seal("x"))


def test_outside_production_a_key_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    first = load_secrets(tmp_path, {}, production=False)
    path = tmp_path / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = first.encrypt(NUMBER, "number")
    assert load_secrets(tmp_path, {}, production=False).decrypt(sealed, "number") == NUMBER
    newer = rotate_file(tmp_path)
    assert [key.name for key in newer.keys] == ["k2", "k1"]
    assert newer.decrypt(sealed, "number") == NUMBER


def test_who_runs_already_reads_and_finds_by_a_key_that_came_later(tmp_path: Path) -> None:
    running = load_secrets(tmp_path, {}, production=False)
    before = running.find_by(NUMBER, "number")
    rotated = rotate_file(tmp_path)
    assert running.decrypt(rotated.encrypt(NUMBER, "number"), "number") == NUMBER
    assert running.find_any(NUMBER, "number") == (rotated.find_by(NUMBER, "number"), before)
    assert rotated.is_newest(running.encrypt(NUMBER, "number"))
    (tmp_path / "keys.json").unlink()
    assert [key.name for key in running.keys] == ["k2", "k1"]


def test_production_needs_its_keys_from_the_environment(tmp_path: Path) -> None:
    with pytest.raises(SecretsMissing):
        load_secrets(tmp_path, {}, production=True)
    assert not (tmp_path / "keys.json").exists()
    assert load_secrets(tmp_path, {"SCHYSST_KEYS": new_key("p1")}, production=True).keys[0].name == "p1"


@pytest.mark.parametrize(
    "text",
    ["k1:short", "nokey", f"{new_key('a')},{new_key('a')}", "a b:c"],
    ids=["short", "no key", "two of a name", "bad name"],
)
def test_a_bad_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)


def test_keys_hide_themselves(keys: Secrets) -> None:
    assert "finds" not in repr(keys)
    assert repr(Key.derive("k", b"x" * 32)).startswith("<")


def test_tokens_and_salted_hashes() -> None:
    assert len(new_token()) == 32
    assert new_token() != new_token()
    assert salted("text", "salt") != salted("text", "other")
