"""What an unquoted word of a scenario file means: YAML 1.2 core scalars, `30_000_000`, and nothing else."""

import re

from ..wording import Words

LONGEST_NUMBER = 40
"""Characters; more digits than this are a slip of the hand, and would be slow to convert."""

_INTEGER = re.compile(r"[-+]?[0-9]+(?:_[0-9]+)*")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_OTHER_BASE = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_WIDE_COLON_KEY = re.compile(r"\s*(?:- +)*[A-Za-z_][\w.]*\s*：")
_WIDE_SIGN = re.compile("[，；：｛｝［］]")
_NOTHING = ("", "~", "null", "Null", "NULL")
_TRUE, _FALSE = ("true", "True", "TRUE"), ("false", "False", "FALSE")


def plain_value(text: str) -> object:
    """The value of an unquoted scalar: None, bool, int, float or the text itself."""
    if text in _NOTHING:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.lower().replace(".", ""))
    return text


def number_fault(text: str) -> tuple[Words, Words] | None:
    """What is wrong with the way a number is written, and the remedy; None if nothing is."""
    if _OTHER_BASE.fullmatch(text):
        message = Words(f"{text[:40]} is not a decimal number", f"{text[:40]} 不是十进制数")
        return message, Words("Write it in decimal digits", "请用十进制数字书写")
    if len(text) > LONGEST_NUMBER and _DECIMAL.fullmatch(text):
        message = Words(f"the number {text[:12]}... has {len(text)} characters", f"数字 {text[:12]}... 有 {len(text)} 个字符")
        return message, Words(f"Use at most {LONGEST_NUMBER}", f"请不超过 {LONGEST_NUMBER} 个")
    return None


def has_wide_colon_key(line: str) -> bool:
    """Whether a line begins `word：`, with a full-width colon, which was surely meant as a key."""
    return _WIDE_COLON_KEY.match(line) is not None


def wide_sign(line: str) -> str:
    """The first full-width comma, colon or bracket of a line before its comment; "" if it has none."""
    found = _WIDE_SIGN.search(line.split(" #")[0])
    return found.group() if found else ""
