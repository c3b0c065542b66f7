"""The command line's own words: which language they are in, what typer says of a line it cannot read, and its help."""

import locale
import os
import re
from collections.abc import Sequence
from typing import Any, cast

from ecosim.errors import Fault, SpecError
from ecosim.wording import Language, Words, told

LANGUAGES = ("zh", "en")
LANGUAGE_VARIABLE = "ECOSIM_LANG"

SAYINGS = (
    (r"No such option:? '?(?P<what>[^\s']+?)'?\.?(?: \(?(?:Did you mean|Possible options:) (?P<near>[^)?]+)[)?]*)?", "没有选项 {what}"),
    (r"No such command '(?P<what>.*?)'\.(?: Did you mean (?P<near>.+)\?)?", "没有命令 '{what}'"),
    (r"Missing (?:argument|option) '(?P<what>.+)'\..*", "缺少 {what}"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((?P<what>.+)\)", "多出了 {what}"),
    (r"Option '?(?P<what>.+?)'? requires an argument\.?", "选项 {what} 后面缺少值"),
    (r"Option '?(?P<what>.+?)'? does not take a value\.?", "选项 {what} 不带值"),
)
"""A whole sentence of typer's -> its Chinese."""

PAGE = {
    "Usage: ": "用法：", "Options:": "选项：", "Arguments:": "参数：", "Commands:": "命令：",
    "Show this message and exit.": "显示本帮助并退出。", "[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]...",
    "[required]": "[必填]", "[default: ": "[默认 ",
}  # fmt: skip
"""A word of typer's on a page of help -> its Chinese."""

KINDS = {"integer": Words("a whole number", "整数"), "boolean": Words("true or false", "true 或 false")}
"""A word in typer's complaint about a value -> what the value should be."""


def language_of(words: Sequence[str]) -> tuple[list[str], Language]:
    """The command line without --lang, and the language it, the environment or the locale asks for.

    Raises SpecError for a language that is not there.
    """
    left, chosen, place = [], os.environ.get(LANGUAGE_VARIABLE, ""), LANGUAGE_VARIABLE
    waiting = False
    for word in words:
        if waiting:
            chosen, place, waiting = word, "--lang", False
        elif word == "--lang":
            waiting = True
        elif word.startswith("--lang="):
            chosen, place = word.partition("=")[2], "--lang"
        else:
            left.append(word)
    if waiting:
        chosen, place = "", "--lang"
    if waiting or (chosen and chosen not in LANGUAGES):
        message = Words(f"{chosen!r} is no language of this program", f"本程序没有语言 {chosen!r}")
        raise SpecError([Fault(place, message, Words("Write zh or en", "请写 zh 或 en"))])
    return left, cast(Language, chosen or locale_language())


def locale_language() -> Language:
    """Chinese where the environment is."""
    spoken = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if (spoken or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def usage_text(error: Any, words: Sequence[str], language: Language) -> str:
    """One line for a usage error: what is wrong, and which --help says what is right. words: the command line."""
    command = error.ctx.command_path if error.ctx is not None else "ecosim"
    see = Words(f"See '{command} --help'", f"用法见 '{command} --help'")
    option = getattr(getattr(error, "param", None), "opts", [""])[0]
    wanted = next((wanted for word, wanted in KINDS.items() if word in error.format_message()), None)
    value = _value_of(option, words)
    if value is not None and wanted is not None:
        said = Words(f"{option} is {value!r}: it should be {wanted}", f"{option} 为 {value!r}：应为{wanted.zh}")
    else:
        said = _translated(error.format_message().strip())
    return told(Words(f"{said}{'' if said.endswith(('.', '?')) else '.'} {see}", f"{said.zh}。{see.zh}"), language)


def _value_of(option: str, words: Sequence[str]) -> str | None:
    """What a command line gives for an option; None if it gives nothing."""
    glued = (word.partition("=")[2] for word in words if option and word.startswith(f"{option}="))
    return words[words.index(option) + 1] if option in words[:-1] else next(glued, None)


def _translated(said: str) -> Words:
    for pattern, chinese in SAYINGS:
        found = re.fullmatch(pattern, said)
        if found:
            near = found.groupdict().get("near")
            return Words(said, chinese.format(what=found["what"]) + (f"，是否想写 {near}" if near else ""))
    return Words(said, f"命令行无法识别：{said}")


def speak_chinese(command: Any) -> None:
    """Have help in Chinese: of each text of a command, its options and its subcommands what follows the English, and typer's own words."""
    english = command.get_help
    command.get_help = lambda context: _page(english(context))
    for described in (command, *command.params):
        if getattr(described, "help", None):
            described.help = _chinese(described.help)
    for inner in getattr(command, "commands", {}).values():
        speak_chinese(inner)


def _page(text: str) -> str:
    """A page of help with typer's words in Chinese."""
    for english, chinese in PAGE.items():
        text = text.replace(english, chinese)
    return text


def _chinese(text: str) -> str:
    """The text from its first Chinese character on; all of it if it has none."""
    begin = next((place for place, sign in enumerate(text) if sign >= "\u4e00"), 0)
    return text[begin:]
