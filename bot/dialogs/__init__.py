"""Conversations, one a file. `states` is their table of contents; `building` gives them all to a dispatcher.

Nothing is imported here: a command that only needs a wording starts without any chat.
"""
