"""The table of contents: every screen by its name in the map (conversations 2); ``dispute.tell`` is `Dispute.tell`.

State names are stored with half-done dialogs: a name that has been shipped is kept.
"""

from typing import Final

from aiogram.fsm.state import State, StatesGroup

from bot.dialogs.states_matching import Matching as Matching


class Start(StatesGroup):
    main = State()


class Id(StatesGroup):
    code = State()
    where = State()
    page = State()
    resume = State()
    none = State()
    bankid = State()
    done = State()
    whom = State()
    waiting = State()
    company = State()
    login = State()


class Error(StatesGroup):
    code = State()
    locked = State()
    link = State()
    file = State()


class Cases(StatesGroup):
    main = State()


class Case(StatesGroup):
    main = State()


class Owe(StatesGroup):
    main = State()
    date = State()
    between = State()
    pdf = State()


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
    more = State()
    proof = State()
    done = State()


class Wrong(StatesGroup):
    main = State()
    more = State()
    other = State()


class Dispute(StatesGroup):
    tell = State()
    done = State()
    scope = State()
    part = State()
    part_done = State()
    add = State()
    withdraw = State()
    answer = State()
    cannot_pay = State()
    set_off = State()


class Objecting(StatesGroup):
    """An objection in somebody's own words that leaves a question: which case, or whose."""

    which = State()
    who = State()


class Help(StatesGroup):
    main = State()
    person = State()
    advice = State()


class Plan(StatesGroup):
    offers = State()
    own = State()
    refused = State()
    asked = State()
    terms = State()
    full = State()
    day = State()
    letter = State()
    code = State()
    done = State()
    running = State()
    budget = State()
    sign = State()
    move = State()
    end = State()


class Time(StatesGroup):
    ask = State()
    day = State()
    refused = State()
    done = State()
    promise = State()
    promised = State()


class Settle(StatesGroup):
    ask = State()
    day = State()
    check = State()
    asked = State()


class Hard(StatesGroup):
    main = State()
    done = State()
    interest = State()
    end = State()


class Special(StatesGroup):
    main = State()
    more = State()
    check = State()
    done = State()


class Files(StatesGroup):
    waiting = State()
    main = State()
    letter = State()
    posted = State()


class Refund(StatesGroup):
    """Which account money goes to that we owe somebody, and whether it goes back or counts where it is kept apart."""

    main = State()
    number = State()
    check = State()
    done = State()
    kept = State()
    take = State()
    count = State()


class Timeline(StatesGroup):
    main = State()
    item = State()


class More(StatesGroup):
    main = State()
    settings = State()
    complain = State()


class Channels(StatesGroup):
    main = State()
    hours = State()
    prefer = State()
    stop = State()


class Address(StatesGroup):
    main = State()
    told = State()


class Complain(StatesGroup):
    main = State()
    done = State()
    mine = State()
    one = State()


class MyData(StatesGroup):
    main = State()
    erase = State()
    erased = State()


class Representatives(StatesGroup):
    main = State()
    number = State()
    name = State()
    rights = State()
    until = State()
    check = State()
    end = State()
    done = State()


class Person(StatesGroup):
    wait = State()
    closed = State()
    asked = State()
    chat = State()


class Verify(StatesGroup):
    ask = State()
    genuine = State()
    not_ours = State()
    altered = State()
    picture = State()
    sent = State()


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
    calm = State()
    thanks = State()
    robot = State()


class Work(StatesGroup):
    """Where members of staff and of creditors are when they are not writing a command."""

    main = State()
    payment = State()
    release = State()
    reject = State()


class Desk(StatesGroup):
    """Staff at the queue: who waits, one matter, and what can be done about it."""

    queue = State()
    item = State()
    find = State()
    reply = State()
    hold = State()
    note = State()
    words = State()
    confirm = State()
    stats = State()
    found = State()


class DeskRefund(StatesGroup):
    """Staff look at money that goes back, before it leaves; of money of no case they find out where to."""

    main = State()
    account = State()
    check = State()
    off = State()


class Interest(StatesGroup):
    """Staff let interest stand still or fall, with the figures in front of them."""

    main = State()
    check = State()


class Judge(StatesGroup):
    """A creditor (or staff in its place) answers a dispute, a longer plan or an offer."""

    main = State()
    dispute = State()
    part = State()
    reason = State()
    documents = State()
    check = State()
    plan = State()
    plan_done = State()
    settlement = State()
    done = State()


class Notes(StatesGroup):
    """Settlement notes of a creditor: the list, and one."""

    main = State()
    note = State()


class Payouts(StatesGroup):
    """Staff pay creditors: what is due, a run, its approval, and an account that waits for a supervisor."""

    main = State()
    run = State()
    confirm = State()
    stop = State()
    lines = State()
    history = State()
    account = State()


class Balance(StatesGroup):
    """A creditor's own money: what is payable, where it goes and when."""

    main = State()
    account = State()
    check = State()
    days = State()
    weekday = State()
    monthday = State()
    least = State()


class Entries(StatesGroup):
    """A creditor (or staff in its place) tells of money that it got, or takes a claim back; staff undo a payment."""

    direct = State()
    direct_check = State()
    direct_done = State()
    credit = State()
    credit_part = State()
    credit_note = State()
    credit_check = State()
    credit_done = State()
    second = State()
    undo = State()
    undo_which = State()


class Money(StatesGroup):
    """Where everything about money is found: what waits for staff, what a creditor can see and tell of."""

    main = State()
    tasks = State()
    more = State()
    direct = State()
    credit = State()


class Kept(StatesGroup):
    """Staff decide about money that came and is kept apart."""

    main = State()
    words = State()
    check = State()
    send = State()


#: Shown only to somebody who has proved who they are; after half an hour of silence they are left.
IDENTIFIED: Final = frozenset(
    {
        *(Cases, Case, Owe, Next, Pay, Paid, Wrong, Dispute, Help, Files, More),
        *(Plan, Time, Settle, Hard, Timeline, Channels, MyData, Representatives, Objecting, Address, Refund),
    }
)
