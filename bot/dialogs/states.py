"""The table of contents: every screen by its name in the map (conversations 2); ``dispute.tell`` is `Dispute.tell`.

State names are stored with half-done dialogs: a name that has been shipped is kept.
"""

from typing import Final

from aiogram.fsm.state import State, StatesGroup


class Start(StatesGroup):
    main = State()


class Id(StatesGroup):
    code = State()
    where = State()
    page = State()
    resume = State()
    none = State()


class Error(StatesGroup):
    code = State()
    locked = State()
    link = State()


class Cases(StatesGroup):
    main = State()


class Case(StatesGroup):
    main = State()


class Owe(StatesGroup):
    main = State()


class Next(StatesGroup):
    main = State()


class Pay(StatesGroup):
    main = State()
    part = State()
    check = State()
    swish = State()
    swish_qr = State()
    bank = State()
    bank_qr = State()
    unknown = State()
    error = State()


class Paid(StatesGroup):
    tell = State()
    done = State()


class Wrong(StatesGroup):
    main = State()
    more = State()


class Dispute(StatesGroup):
    tell = State()
    done = State()


class Help(StatesGroup):
    main = State()
    person = State()
    advice = State()


class Files(StatesGroup):
    waiting = State()
    main = State()
    letter = State()


class More(StatesGroup):
    main = State()
    complain = State()


class Person(StatesGroup):
    wait = State()
    closed = State()
    asked = State()


class Verify(StatesGroup):
    ask = State()
    genuine = State()
    not_ours = State()
    altered = State()


class NotMe(StatesGroup):
    done = State()
    why = State()


class Language(StatesGroup):
    main = State()


class Stop(StatesGroup):
    ask = State()
    done = State()


class Unsure(StatesGroup):
    main = State()
    confirm = State()


class Work(StatesGroup):
    """Where members of staff and of creditors are when they are not writing a command."""

    main = State()
    payment = State()
    release = State()
    reject = State()


#: Shown only to somebody who has proved who they are; after half an hour of silence they are left.
IDENTIFIED: Final = frozenset({Cases, Case, Owe, Next, Pay, Paid, Wrong, Dispute, Help, Files, More})
