"""Somebody presses every button that they find: no dead end, a person and a way back everywhere, room on a phone."""

import logging
import random

import pytest

from core import words
from tests.dialogs.talk import Said, WebTalk
from tests.dialogs.test_golden import identified
from tests.services.world import World

PRESSES = 160
BUTTONS_MAX = 6
SCREEN_MAX = 800
SEED = 7


def labels(*names: str) -> frozenset[str]:
    """Buttons in every language: somebody who walks around changes theirs too."""
    return frozenset(words.text(lang, f"btn.{name}") for lang in words.languages() for name in names)


#: The overview itself has the way on instead of a way back; a payment that runs is taken back.
WAYS_BACK = labels("back", "home", "menu", "more", "language", "cancel_payment")
PERSON = labels("person", "leave_queue")
COPIED = labels("copy_ocr", "copy_amount", "copy_bankgiro")


def dead_end(shown: Said) -> str | None:
    """What is missing on a screen, if anything."""
    if not WAYS_BACK.intersection(shown.buttons):
        return "no way back"
    if not PERSON.intersection(shown.buttons) and len(shown.buttons) > 1:
        return "no person"
    if len(shown.buttons) > BUTTONS_MAX:
        return "too many choices"
    return "too long" if len(shown.text) > SCREEN_MAX else None


@pytest.mark.parametrize("lang", words.languages())
async def test_a_walk_through_all_screens_meets_no_dead_end(
    world: World, lang: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    talk, dice = await identified(world, lang), random.Random(SEED)
    pressed: dict[tuple[str, str], int] = {}
    seen: set[str] = set()
    for _ in range(PRESSES):
        shown = await talk.last()
        here = shown.text.partition("\n")[0]
        seen.add(here)
        assert dead_end(shown) is None, (dead_end(shown), shown)
        label = await next_choice(talk, shown, here, pressed, dice)
        if label is None:
            await talk.command("/start")
            continue
        pressed[here, label] = pressed.get((here, label), 0) + 1
        await talk.press(label)
        assert not caplog.records, (here, label, caplog.text)
    assert len(seen) > 20, seen


async def next_choice(
    talk: WebTalk, shown: Said, here: str, pressed: dict[tuple[str, str], int], dice: random.Random
) -> str | None:
    """The choice that was made least often here; links leave the conversation and are not pressed."""
    outside = set(await talk.links())
    open_choices = [label for label in shown.buttons if label not in outside | COPIED]
    return min(open_choices, key=lambda label: (pressed.get((here, label), 0), dice.random()), default=None)
