"""Sweden's dunning policies, phase 1: one row a step, read from the top (design 4)."""

from core.policy import From, Policy, Step, StepForm, Wait, bank_days, days

DOCUMENT, QUESTION = StepForm.DOCUMENT, StepForm.QUESTION

PHASE_1 = (
    Step(
        "reminder",  # betalningspåminnelse, no inkassoåtgärd
        counted_from=From.DUE,
        wait=days(1),
        days_to_pay=8,
        form=DOCUMENT,
        costs=("reminder",),
        basis="lag (1981:739) 2, 4 §§",
        creditors_choice=True,
    ),
    Step(
        "demand",  # inkassokrav
        counted_from=From.LAST_DEADLINE,
        wait=bank_days(2),  # so that payments under way arrive
        first_from=From.REGISTRATION,
        first_wait=days(0),
        days_to_pay=10,
        days_after_receipt=4,
        form=DOCUMENT,
        costs=("late_compensation", "demand"),
        basis="inkassolagen 5 §, lag (1981:739) 4, 4 a §§",
    ),
    Step(
        "final_notice",  # sista brevet
        counted_from=From.LAST_DEADLINE,
        wait=days(1),
        days_to_pay=8,
        form=DOCUMENT,
        costs=(),
        basis="inkassolagen 4 § (god inkassosed)",
    ),
    Step(
        "decision",  # borgenären väljer nästa steg
        counted_from=From.LAST_DEADLINE,
        wait=days(1),
        days_to_pay=None,
        form=QUESTION,
        costs=(),
        basis="the creditor's choice",
    ),
    # The creditor is reminded 7, 21 and 60 days after the question.
    Step("decision_reminder_1", From.LAST_STEP, days(7), None, QUESTION, (), "the creditor's choice"),
    Step("decision_reminder_2", From.LAST_STEP, days(14), None, QUESTION, (), "the creditor's choice"),
    Step("decision_reminder_3", From.LAST_STEP, days(39), None, QUESTION, (), "the creditor's choice"),
)

#: By the name that a case stores.
POLICIES = {"SE": Policy("SE", PHASE_1)}


def table() -> str:
    """The rows as a table for ARCHITECTURE.md."""
    lines = ["| step | at the earliest | time to pay | form | costs | legal basis |", "|---|---|---|---|---|---|"]
    for step in PHASE_1:
        pay = f"{step.days_to_pay} days" if step.days_to_pay else "none"
        if step.days_after_receipt:
            pay += f", at least {step.days_after_receipt} banking days from presumed receipt"
        costs = ", ".join(step.costs) or "none"
        lines.append(f"| {step.kind} | {_earliest(step)} | {pay} | {step.form} | {costs} | {step.basis} |")
    return "\n".join(lines)


def _earliest(step: Step) -> str:
    said = _count(step.wait, step.counted_from)
    if step.first_from and step.first_wait is not None:
        said += f"; as the first step: {_count(step.first_wait, step.first_from)}"
    return said


def _count(wait: Wait, since: From) -> str:
    return f"{wait} after {since}" if wait.number else f"at {since}"
