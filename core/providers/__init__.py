"""The third parties that we call: one file for each."""
