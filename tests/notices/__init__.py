"""Every notice to a debtor in every channel and language, as it is read: `python -m tests.notices` writes it down."""
