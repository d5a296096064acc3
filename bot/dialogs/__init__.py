"""Conversations, one a file. `states` is their table of contents."""
