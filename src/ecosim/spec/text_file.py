"""The text of a file the user named, or a SpecError that says why it cannot be had."""

import re
import stat
from pathlib import Path

from ..errors import Fault, Place, SpecError, system_reason
from ..wording import Words, meant, nearest

LARGEST_FILE_BYTES = 256 * 1024

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Characters that belong in no scenario: controls, exotic line ends, byte-order marks, halves of pairs."""

LINE_END = r"\r\n?|\n"
_UTF16 = Words("UTF-16", " UTF-16")
_MARKS = {
    b"\xef\xbb\xbf": Words("UTF-8 with a byte-order mark", "带 BOM 的 UTF-8"),
    b"\xff\xfe": _UTF16,
    b"\xfe\xff": _UTF16,
}
_GIVE_A_PATH = Words("Give the path of a .yaml file", "请给出 .yaml 文件的路径")
_DELETE_IT = Words("Delete it", "请删除")


def refusal(place: Place | str, message: Words, remedy: Words) -> SpecError:
    """A SpecError with one fault."""
    return SpecError([Fault(place, message, remedy)])


def contents(path: Path) -> bytes:
    """The bytes of an ordinary file, at most one more than allowed. Raises SpecError if it cannot be read."""
    here = Place(str(path))
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            remedy = Words("Name a scenario file inside it, such as baseline.yaml", "请写出其中的情景文件，如 baseline.yaml")
            raise refusal(here, Words("this is a folder", "这是文件夹"), remedy)
        if not stat.S_ISREG(kind):
            raise refusal(here, Words("this is not an ordinary file", "这不是普通文件"), _GIVE_A_PATH)
        with path.open("rb") as file:
            return file.read(LARGEST_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise refusal(here, Words("there is no such file", "没有这个文件"), _similar_files(path)) from error
    except OSError as error:
        reason = system_reason(error)
        message = Words(f"the file cannot be read ({reason})", f"无法读取文件（{reason.zh}）")
        raise refusal(here, message, Words("Check its permissions", "请检查文件权限")) from error
    except ValueError as error:
        message = Words(f"this is not a path ({error})", "这不是路径")
        raise refusal(Place(repr(str(path))), message, _GIVE_A_PATH) from error


def _similar_files(path: Path) -> Words:
    present = sorted(other.name for other in path.parent.glob("[!.]*.yaml")) if path.parent.is_dir() else []
    if not present:
        message = f"The folder {path.parent} holds no .yaml file; check the path"
        return Words(message, f"文件夹 {path.parent} 中没有 .yaml 文件；请检查路径")
    close = nearest(path.name, present)
    if close:
        return meant(close)
    return Words(f"The folder holds {', '.join(present[:8])}", f"文件夹中有 {'、'.join(present[:8])}")


def decoded(raw: bytes, file: str) -> str:
    """UTF-8 bytes as text. Raises SpecError for other encodings, unprintable characters and oversize."""
    if len(raw) > LARGEST_FILE_BYTES:
        most = LARGEST_FILE_BYTES // 1024
        remedy = Words("A scenario is a page of text; remove what does not belong to it", "情景只需一页文字；请删去无关内容")
        raise refusal(Place(file), Words(f"the file is larger than {most} kB", f"文件大于 {most} kB"), remedy)
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            remedy = Words(
                "Save it as plain 'UTF-8' (in Notepad: Save as, Encoding: UTF-8 without BOM)",
                "请存为不带 BOM 的 UTF-8（记事本：另存为，编码选 UTF-8）",
            )
            raise refusal(Place(file, 1), Words(f"the file is saved as {encoding}", f"文件编码为{encoding.zh}"), remedy)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = len(re.findall(LINE_END.encode(), raw[: error.start])) + 1
        byte, offset = f"{raw[error.start]:#04x}", error.start
        message = Words(f"byte {byte} at offset {offset} is not UTF-8", f"第 {offset} 字节（{byte}）不是 UTF-8")
        remedy = Words("Save the file as UTF-8 (it may be GBK)", "请把文件另存为 UTF-8（它可能是 GBK）")
        raise refusal(Place(file, line), message, remedy) from error
    strange = UNPRINTABLE.search(text)
    if strange:
        before = re.split(LINE_END, text[: strange.start()])
        code = f"U+{ord(strange.group()):04X}"
        place = Place(file, len(before), len(before[-1]) + 1)
        raise refusal(place, Words(f"there is an unprintable character {code}", f"有不可见字符 {code}"), _DELETE_IT)
    return text
