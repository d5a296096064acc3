"""How hard a text is to read (LIX): words per sentence and per cent of words over six letters."""

import re

_LINK = re.compile(r"https?://\S+|\S+@\S+|\b\S+\.(?:se|example)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def lix(text: str) -> tuple[int, float, float]:
    """Number of words, LIX, and words a sentence.

    Numbers, codes and links are no words; a sentence ends at ``. ! ? :`` or line end.
    """
    sentences = words = long = 0
    for sentence in re.split(r"[.!?:؟۔](?=\s|$)|\n", _LINK.sub("", text)):
        found = [word for token in sentence.split() if not re.search(r"\d", token) for word in _WORD.findall(token)]
        if found:
            sentences += 1
            words += len(found)
            long += sum(len(word) > 6 for word in found)
    if not words:
        return 0, 0.0, 0.0
    return words, words / sentences + 100 * long / words, words / sentences
