"""The screens of staff at payments of the bank: a part of the table of contents (`states`)."""

from aiogram.fsm.state import State, StatesGroup


class Matching(StatesGroup):
    """Staff at the payments that found no case, and at those that found a wrong one."""

    main = State()
    entry = State()
    other = State()
    check = State()
    refund = State()
    own = State()
    fee = State()
    from_bank = State()
    done = State()
    booked = State()
    undo = State()
    back = State()
    payout = State()
    payout_check = State()
    part = State()
    part_check = State()
