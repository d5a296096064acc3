"""Formats that are read and written: text in, values out, and the other way round. No disk, no database."""
