"""The outside world on localhost: the same wire as the real parties, and a switch to make each of them misbehave.

Never part of production; the wiring refuses it there.
"""
