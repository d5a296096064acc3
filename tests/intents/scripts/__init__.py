"""The scripts, in the order of the table."""

from tests.intents.scripts import (  # noqa: F401, I001 - each puts its scripts into the table, in this order
    arriving,
    disputing,
    paying,
    plans,
    solving,
    special,
    person,
    seeing,
    rights,
    words,
)
