"""One file per channel; `base` is the contract that all of them keep."""
