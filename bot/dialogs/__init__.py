"""Conversations, one a file. `states` is their table of contents; `build_dialogs` gives them all to a dispatcher."""

from aiogram_dialog import Dialog

from bot.dialogs import (
    case,
    channels,
    complain,
    desk,
    help,
    identify,
    language,
    letters,
    more,
    mydata,
    notme,
    owe,
    paid,
    pay,
    person,
    plan,
    representatives,
    start,
    timeline,
    unsure,
    verify,
    work,
    wrong,
)


def build_dialogs() -> tuple[Dialog, ...]:
    """All conversations, new each time: a dialog belongs to one dispatcher. The busy ones come first."""
    return (
        case.build_case(),
        owe.build_owe(),
        pay.build_pay(),
        start.build_start(),
        identify.build_id(),
        owe.build_next(),
        letters.build_files(),
        timeline.build_timeline(),
        case.build_cases(),
        wrong.build_wrong(),
        wrong.build_dispute(),
        paid.build_paid(),
        help.build_help(),
        plan.build_plan(),
        person.build_person(),
        unsure.build_unsure(),
        more.build_more(),
        more.build_stop(),
        channels.build_channels(),
        complain.build_complain(),
        mydata.build_mydata(),
        representatives.build_representatives(),
        verify.build_verify(),
        notme.build_notme(),
        language.build_language(),
        start.build_error(),
        work.build_work(),
        desk.build_desk(),
    )
