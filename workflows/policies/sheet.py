"""One edition as a TOML sheet, read: every mistake is told by its file and its key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from importlib.resources.abc import Traversable
from typing import Any

from workflows.policies.bands import Bands, BandsFault
from workflows.policies.model import NATION, Edition, EditionFault, Setting, Value
from workflows.words import Text

_HEAD = Text(
    "文件开头的 [edition] 要写明 division、effective 和 title",
    "[edition] needs division, effective and title",
)
_DIVISION = Text("应为6位或9位区划代码", "must be a division of 6 or 9 digits")
_DAY = Text("只写日期，不写时刻", "must be a day, without a time")
_PENDING = Text("只能是 true 或 false", "is true or false")
_ENCODING = Text("不是UTF-8编码，请另存为UTF-8", "is not UTF-8; save it again as UTF-8")
_NO_ENTRY = Text(
    '要写成 {value = 值, source = "依据"}',
    'is not whole: write value and source, as {value = 8, source = "…"}',
)
_STRAY = Text(
    "有值的项下不能再写别的项：{names}", "has a value, so a key with a value cannot hold others: {names}"
)
_AGAIN = Text("写了两次，请只保留一次", "is written twice; keep one")
_NO_SOURCE = Text("没有写明依据（source）", "has no source")
_CHOICES = Text(
    "只有全国版可以列出可选的词（choices），且须包括所选的词",
    "cannot hold choices: only the national edition lists the words to choose from, its own among them",
)
_VALUE = Text(
    "应为数字、词、true 或 false、词的列表，或分段表",
    "must be a number, a word, true or false, a list of words, or a table of bands",
)
_NEGATIVE = Text("不能小于0", "must not be below 0")


def read_edition(text: str, *, where: str) -> Edition:
    """An edition from its TOML text; EditionFault names the file and the key that is wrong.

    What stands under [edition] beside the head is a value like any other, so a county's one line may follow its head.
    """
    raw = _toml(where, text)
    head = raw.pop("edition", None)
    if not isinstance(head, dict):
        raise EditionFault(where, "", _HEAD)
    division, effective, title = (head.pop(name, None) for name in ("division", "effective", "title"))
    pending = head.pop("applies_to_pending", False)
    if not (isinstance(division, str) and isinstance(effective, date) and isinstance(title, str)):
        raise EditionFault(where, "", _HEAD)
    if isinstance(effective, datetime):
        raise EditionFault(where, "effective", _DAY)
    if not re.fullmatch(r"[0-9]{6}([0-9]{3})?", division, re.ASCII):
        raise EditionFault(where, "division", _DIVISION)
    if not isinstance(pending, bool):
        raise EditionFault(where, "applies_to_pending", _PENDING)
    settings: dict[str, Setting] = {}
    for key, entry in (*_leaves(where, head), *_leaves(where, raw)):
        if key in settings:
            raise EditionFault(where, key, _AGAIN)
        value, source = _value(where, key, entry["value"]), _source(where, key, entry)
        choices = _choices(where, key, entry, national=division == NATION)
        settings[key] = Setting(key, value, source, division, effective, choices)
    return Edition(division, effective, title, pending, settings, where)


def read_folder(folder: Traversable) -> tuple[Edition, ...]:
    """Every edition in a folder, by file name. Whatever is not called *.toml is left alone."""
    sheets = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".toml") and not one.name.startswith(".")),
        key=lambda one: one.name,
    )
    return tuple(read_edition(_text(sheet), where=sheet.name) for sheet in sheets)


def _text(sheet: Traversable) -> str:
    try:
        return sheet.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise EditionFault(sheet.name, "", _ENCODING) from wrong


def _toml(where: str, text: str) -> dict[str, Any]:  # Any: TOML
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        place = re.search(r"line (\d+), column (\d+)", str(wrong))
        zh = f"第{place[1]}行第{place[2]}列附近" if place else "文件末尾"
        raise EditionFault(
            where, "", Text(f"{zh}写法有误，不是合法的TOML", f"not valid TOML: {wrong}")
        ) from wrong


def _leaves(
    where: str, raw: Mapping[str, object], prefix: str = ""
) -> Iterable[tuple[str, Mapping[str, object]]]:
    for name, entry in raw.items():
        key = prefix + name
        if not isinstance(entry, dict) or not entry:
            raise EditionFault(where, key, _NO_ENTRY)
        if "value" not in entry:
            yield from _leaves(where, entry, f"{key}.")
            continue
        stray = sorted(set(entry) - {"value", "source", "choices"})
        if stray:
            raise EditionFault(where, key, _STRAY.filled(names=", ".join(stray)))
        yield key, entry


def _value(where: str, key: str, value: object) -> Value:
    if isinstance(value, int) and value < 0:
        raise EditionFault(where, key, _NEGATIVE)
    if isinstance(value, int) or (isinstance(value, str) and value):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(str(one) for one in value)
    if isinstance(value, list) and all(_is_row(one) for one in value):
        try:
            return Bands(tuple((row[0], row[1], row[2]) for row in value))
        except BandsFault as wrong:
            raise EditionFault(where, key, wrong.text) from wrong
    raise EditionFault(where, key, _VALUE)


def _is_row(row: object) -> bool:
    """Three numbers; `type` because true is an int as well."""
    return isinstance(row, list) and len(row) == 3 and all(type(one) is int for one in row)


def _choices(where: str, key: str, entry: Mapping[str, object], *, national: bool) -> tuple[str, ...] | None:
    listed = entry.get("choices")
    if listed is None:
        return None
    words = isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    if not (national and isinstance(listed, list) and words and (not listed or entry["value"] in listed)):
        raise EditionFault(where, key, _CHOICES)
    return tuple(listed)


def _source(where: str, key: str, entry: Mapping[str, object]) -> str:
    source = entry.get("source")
    if not isinstance(source, str) or not source:
        raise EditionFault(where, key, _NO_SOURCE)
    return source
