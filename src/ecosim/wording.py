"""Texts in two languages: English is the text itself, its Chinese goes with it to whoever shows it.

    Words("there is no such file", "没有这个文件")

Whoever prints asks `told(text, language)`. Code that knows nothing of languages sees English.
"""

import difflib
from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic_core import PydanticCustomError

Language = Literal["zh", "en"]
LONGEST_LIST = 40
"""Up to this many known words are listed in a message."""


class Words(str):
    """A text in English that carries its Chinese in `zh`."""

    zh: str

    def __new__(cls, en: str, zh: str) -> Self:
        """English first, as everywhere."""
        words = super().__new__(cls, en)
        words.zh = zh
        return words

    def __reduce__(self) -> tuple[Any, ...]:
        """Copies and pickles keep the Chinese."""
        return Words, (str(self), self.zh)


def same(text: str) -> Words:
    """Words that are the same in both languages: a name, a number, a list of keys."""
    return Words(text, text)


def told(text: object, language: Language) -> str:
    """A text in the reader's language; what has no Chinese stays as it is."""
    return text.zh if language == "zh" and isinstance(text, Words) else str(text)


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, or "" if none is like it."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return close[0] if close else ""


def meant(close: str, meaning: Words | None = None) -> Words:
    """Asks whether a known word was meant, and says what it stands for."""
    if not meaning:
        return Words(f"Did you mean {close!r}?", f"是否想写 {close!r}？")
    return Words(f"Did you mean {close!r} ({meaning})?", f"是否想写 {close!r}（{meaning.zh}）？")


def suggestion(word: str, known: Iterable[str]) -> Words:
    """What to write instead of a word that is not known: the nearest one, or the first of those there are."""
    listed = list(known)
    close = nearest(word, listed)
    if close:
        return meant(close)
    more = len(listed) - LONGEST_LIST
    shown = listed[:LONGEST_LIST]
    if more <= 0:
        return Words(f"Known are {', '.join(shown)}", f"可用的有 {'、'.join(shown)}")
    return Words(f"Known are {', '.join(shown)} and {more} more", f"可用的有 {'、'.join(shown)}，另有 {more} 个")


def refused(message: Words, remedy: Words | None = None) -> PydanticCustomError:
    """An error of validation, a ValueError, that may say what to write instead."""
    return PydanticCustomError("refused", "{message}", {"message": message} | ({"remedy": remedy} if remedy else {}))
