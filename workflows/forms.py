"""A step's form: its JSON Schema for machines and pages, and the check of what came back, in sentences.

The two are made from the same `Field`, so a form that fits its schema is not refused by the check.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from workflows.definition import Facts, Field, Step
from workflows.errors import Fault
from workflows.events import Scalar
from workflows.words import Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"

#: Divisions below the case's own that a `town` field may name: (code, name) pairs, from the office's directory.
Towns = Sequence[tuple[str, str]]

_WANTED: dict[str, Text] = {
    "integer": Text("整数", "a whole number"),
    "text": Text("文字", "text"),
    "date": Text("日期，写作2019-01-02", "a date such as 2019-01-02"),
    "yes_no": Text("是或否（true/false）", "true or false"),
    "choice": Text("选项之一", "one of the choices"),
    "town": Text("乡镇街道代码", "the code of a town"),
}


def schema(step: Step, *, today: date, towns: Towns = ()) -> dict[str, object]:
    """JSON Schema 2020-12 of the step's fields: every property with its title, its limits and an example that fits."""
    offered = [field for field in step.fields if field.kind != "town" or towns]
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in offered if field.required],
        "properties": {field.name: _property(field, today, towns) for field in offered},
    }


def check(step: Step, given: Mapping[str, object], *, today: date, towns: Towns = ()) -> Facts:
    """The fields as facts, or a Fault that names the field. Nothing is guessed and no type is bent."""
    known = {field.name: field for field in step.fields}
    for name in given:
        if name not in known:
            raise Fault("field_unknown", field=_printable(name), name=_printable(name))
    facts: dict[str, Scalar] = {}
    for field in step.fields:
        value = given.get(field.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required and (field.kind != "town" or towns):
                raise Fault("field_missing", field=field.name, zh=field.label.zh, en=field.label.en)
            continue
        facts[field.name] = _checked(field, value, today, towns)
    return facts


def _property(field: Field, today: date, towns: Towns) -> dict[str, object]:
    about: dict[str, object] = {"title": field.label.zh, "x-title-en": field.label.en}
    match field.kind:
        case "integer":
            about |= {
                "type": "integer",
                "minimum": field.minimum,
                "maximum": field.maximum,
                "examples": [field.example],
            }
        case "yes_no":
            about |= {"type": "boolean", "examples": [field.example]}
        case "date":
            low, high = _window(field, today)
            example = today + timedelta(days=_offset(field.example))
            about |= {
                "type": "string",
                "format": "date",
                "examples": [example.isoformat()],
                "formatMinimum": low.isoformat(),
                "formatMaximum": high.isoformat(),
            }
        case "choice":
            values = [choice.value for choice in field.choices]
            labels = {choice.value: choice.label.as_dict() for choice in field.choices}
            about |= {"type": "string", "enum": values, "x-labels": labels, "examples": [field.example]}
        case "town":
            labels = {code: {"zh": name, "en": name} for code, name in towns}
            about |= {"type": "string", "enum": list(labels), "x-labels": labels, "examples": [towns[0][0]]}
        case "text":
            longest = _longest(field)
            about |= {"type": "string", "pattern": r"\S", "maxLength": longest, "examples": [field.example]}
    return about


def _checked(field: Field, value: object, today: date, towns: Towns) -> Scalar:
    zh, en = field.label.zh, field.label.en
    wanted = _WANTED[field.kind]
    wrong = Fault("field_type", field=field.name, zh=zh, en=en, want_zh=wanted.zh, want_en=wanted.en)
    if field.kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong
        if not field.minimum <= value <= field.maximum:
            raise Fault("field_range", field=field.name, zh=zh, en=en, low=field.minimum, high=field.maximum)
        return value
    if field.kind == "yes_no":
        if not isinstance(value, bool):
            raise wrong
        return value
    if not isinstance(value, str):
        raise wrong
    if field.kind == "date":
        return _checked_date(field, value, today, wrong)
    if field.kind == "choice" and value not in {choice.value for choice in field.choices}:
        raise Fault(
            "field_choice",
            field=field.name,
            zh=zh,
            en=en,
            choices="、".join(one.value for one in field.choices),
        )
    if field.kind == "town" and value not in {code for code, _ in towns}:
        raise Fault(
            "field_choice",
            field=field.name,
            zh=zh,
            en=en,
            choices="、".join(code for code, _ in towns) or "—",
        )
    if len(value) > _longest(field):
        raise Fault("field_length", field=field.name, zh=zh, en=en, high=_longest(field))
    if not is_plain(value):
        raise Fault("field_text", field=field.name, zh=zh, en=en)
    return unicodedata.normalize("NFC", value)


def _checked_date(field: Field, value: str, today: date, wrong: Fault) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise wrong from None
    low, high = _window(field, today)
    if day.isoformat() != value:  # 20190102 and 2019-W01-3 name days too, but not as we write them
        raise wrong
    if not low <= day <= high:
        raise Fault("field_date", field=field.name, zh=field.label.zh, en=field.label.en, low=low, high=high)
    return value


def is_plain(value: str) -> bool:
    """No control characters (but line breaks), no direction marks, no lone surrogates: nothing that can hide or break.

    >>> is_plain("越北镇\\n联合工会"), is_plain("a\\u202eb"), is_plain("a\\x00")
    (True, False, False)
    """
    return value.isprintable() or all(
        char in "\n\r\t" or unicodedata.category(char) not in ("Cc", "Cs", "Cf") for char in value
    )


def _printable(name: str) -> str:
    return "".join(char for char in name[:60] if char.isprintable()) or "?"


def _longest(field: Field) -> int:
    return min(field.maximum, 2000)


def _offset(example: Scalar) -> int:
    return example if isinstance(example, int) else 0


def _window(field: Field, today: date) -> tuple[date, date]:
    return today + timedelta(days=field.minimum), today + timedelta(days=field.maximum)
