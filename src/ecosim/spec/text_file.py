"""The text of a file the user named, or a SpecError that says why it cannot be had."""

import difflib
import re
import stat
from pathlib import Path

from ..errors import Fault, Place, SpecError

LARGEST_FILE_BYTES = 256 * 1024

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that belong in no scenario: controls, exotic line ends, byte-order marks, halves of pairs."""

LINE_END = r"\r\n?|\n"
_MARKS = {b"\xef\xbb\xbf": "UTF-8 with a byte-order mark", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def refusal(place: Place, message: str, remedy: str) -> SpecError:
    """A SpecError with one fault."""
    return SpecError([Fault(place, message, remedy)])


def contents(path: Path) -> bytes:
    """The bytes of an ordinary file, at most one more than allowed. Raises SpecError if it cannot be read."""
    here = Place(str(path))
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            raise refusal(here, "this is a folder", "Name a scenario file inside it, such as baseline.yaml")
        if not stat.S_ISREG(kind):
            raise refusal(here, "this is not an ordinary file", "Give the path of a .yaml file")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise refusal(here, "there is no such file", _similar_files(path)) from error
    except OSError as error:
        raise refusal(here, f"the file cannot be read ({error.strerror})", "Check its permissions") from error
    except ValueError as error:
        raise refusal(Place(repr(str(path))), f"this is not a path ({error})", "Give the path of a .yaml file") from error


def _similar_files(path: Path) -> str:
    present = sorted(other.name for other in path.parent.glob("*.yaml")) if path.parent.is_dir() else []
    if not present:
        return f"The folder {path.parent} holds no .yaml file; check the path"
    close = difflib.get_close_matches(path.name, present, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"The folder holds {', '.join(present[:8])}"


def decoded(raw: bytes, file: str) -> str:
    """UTF-8 bytes as text. Raises SpecError for other encodings, unprintable characters and oversize."""
    if len(raw) > LARGEST_FILE_BYTES:
        raise refusal(
            Place(file),
            f"the file is larger than {LARGEST_FILE_BYTES // 1024} kB",
            "A scenario is a page of text; remove what does not belong to it",
        )
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            raise refusal(
                Place(file, 1),
                f"the file is saved as {encoding}",
                "Save it as plain 'UTF-8' (in Notepad: Save as, Encoding: UTF-8 without BOM)",
            )
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(LINE_END.encode(), raw[: error.start])) + 1
        raise refusal(
            Place(file, line),
            f"byte {raw[error.start]:#04x} at offset {error.start} is not UTF-8",
            "Save the file as UTF-8 (it may be GBK)",
        ) from error
    strange = UNPRINTABLE.search(text)
    if strange:
        before = re.split(LINE_END, text[: strange.start()])
        raise refusal(
            Place(file, len(before), len(before[-1]) + 1),
            f"there is an unprintable character U+{ord(strange.group()):04X}",
            "Delete it",
        )
    return text
