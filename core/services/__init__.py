"""Use cases, one module per noun: load, decide, save. Every one of them checks who asks."""
