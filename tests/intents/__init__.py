"""Every intent as a conversation that is really driven: on each channel, in each language, and kept as it was said.

``python -m tests.intents`` writes the recordings in ``docs/conversations`` and the table ``docs/intents.md`` anew;
``python -m tests.intents NAME ...`` only those that are named.
"""
