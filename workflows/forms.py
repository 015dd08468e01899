"""The form of a step or an opening: its JSON Schema for machines and pages, and the check of what came back, in sentences.

The two are made from the same `Field`, so a form that fits its schema is not refused by the check.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from workflows import uscc
from workflows.definition import Facts, Field, Situation, Step
from workflows.errors import Fault
from workflows.events import Scalar
from workflows.personal import has_number
from workflows.plain import composed, day_of, is_plain, said_back
from workflows.words import Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Fielded(Protocol):
    """Whatever is filled in: a step, an opening, an official paper."""

    @property
    def fields(self) -> tuple[Field, ...]: ...


#: What a field may name, as (code, name) pairs from the office's directory: divisions for a `town`, files for a `link`.
Listed = Sequence[tuple[str, str]]
Towns = Listed
#: The files a `link` may name, by the subject they are about.
Files = Mapping[str, Listed]
NO_FILES: Files = {}
NOTHING: Facts = {}
#: A sentence names no more choices than this.
SHOWN = 10

_WANTED: dict[str, Text] = {
    "integer": Text("整数", "a whole number"),
    "text": Text("文字", "text"),
    "date": Text("日期，写作2019-01-02", "a date such as 2019-01-02"),
    "yes_no": Text("是或否（true/false）", "true or false"),
    "choice": Text("选项之一", "one of the choices"),
    "town": Text("乡镇街道代码", "the code of a town"),
    "link": Text("案卷号", "the number of a file"),
    "code": Text("18位统一社会信用代码", "a unified social credit code of 18 characters"),
}
#: A code that is right in form, for each kind of holder: what a form shows as its example.
_EXAMPLE_CODES = {"81": "81220204MA00000152"}


def schema(
    act: Fielded, *, today: date, towns: Towns = (), files: Files = NO_FILES, suggested: Facts = NOTHING
) -> dict[str, object]:
    """JSON Schema 2020-12 of the form's fields: every property with its title, its limits and an example that fits.

    `suggested` are examples made from what is on file; they go before the fields' own."""
    offered = [
        field for field in act.fields if field.kind not in ("town", "link") or _listed(field, towns, files)
    ]
    return {
        "$schema": DIALECT,
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in offered if field.required],
        "properties": {
            field.name: _property(field, today, _listed(field, towns, files))
            | ({"examples": [suggested[field.name]]} if field.name in suggested else {})
            for field in offered
        },
    }


def examples(
    act: Fielded, *, today: date, towns: Towns = (), files: Files = NO_FILES, suggested: Facts = NOTHING
) -> dict[str, Any]:
    """The form filled in by its own examples, as a stranger's client would. `Any`: JSON."""
    asked: Any = schema(act, today=today, towns=towns, files=files, suggested=suggested)["properties"]
    return {name: about["examples"][0] for name, about in asked.items()}


def suggestions(step: Step, situation: Situation) -> Facts:
    """The examples that the step makes out of what is on file, for the fields that its form has."""
    if step.suggests is None:
        return NOTHING
    made = step.suggests(situation)
    return {field.name: made[field.name] for field in step.fields if field.name in made}


def nothing_to_choose(act: Fielded, files: Files) -> Text | None:
    """Why a form that must name another file cannot be filled in yet: there is none of that kind in the county."""
    for field in act.fields:
        if field.kind == "link" and field.required and field.to is not None and not files.get(field.to.name):
            return Text(
                "本县区还没有{zh}可选，请先发起设立。",
                "There is no {en} in this county to choose from; propose one first.",
            ).filled(zh=field.to.label.zh, en=field.to.label.en)
    return None


def check(
    act: Fielded,
    given: Mapping[str, object],
    *,
    today: date,
    towns: Towns = (),
    files: Files = NO_FILES,
    where: str = "",
) -> Facts:
    """The fields as facts, or a Fault that names the field (as `where` holds it). Nothing is guessed and no type is bent."""
    try:
        return _facts(act, given, today, towns, files)
    except Fault as fault:
        fault.field = f"{where}{fault.field}"
        raise


def _facts(act: Fielded, given: Mapping[str, object], today: date, towns: Towns, files: Files) -> Facts:
    known = {field.name: field for field in act.fields}
    for name in given:
        if name not in known:
            raise Fault("field_unknown", field=said_back(name), name=said_back(name))
    facts: dict[str, Scalar] = {}
    for field in act.fields:
        value = given.get(field.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if field.required and (field.kind != "town" or towns):
                raise Fault("field_missing", field=field.name, zh=field.label.zh, en=field.label.en)
            continue
        facts[field.name] = _checked(field, value, today, _listed(field, towns, files))
    return facts


def _listed(field: Field, towns: Towns, files: Files) -> Listed:
    if field.kind == "link" and field.to is not None:
        return files.get(field.to.name, ())
    return towns if field.kind == "town" else ()


def _property(field: Field, today: date, listed: Listed) -> dict[str, object]:
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
        case "town" | "link":
            labels = {code: {"zh": name, "en": name} for code, name in listed}
            about |= {"type": "string", "enum": list(labels), "x-labels": labels, "examples": [listed[0][0]]}
        case "code":
            about |= {"type": "string", "minLength": 18, "maxLength": 18, "examples": [_example_code(field)]}
        case "text":
            longest = _longest(field)
            about |= {"type": "string", "pattern": r"\S", "maxLength": longest, "examples": [field.example]}
    return about


def _checked(field: Field, value: object, today: date, listed: Listed) -> Scalar:
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
    if field.kind in ("town", "link") and value not in {code for code, _ in listed}:
        raise Fault(
            "field_choice",
            field=field.name,
            zh=zh,
            en=en,
            choices=_some(listed),
        )
    if field.kind == "code":
        return _checked_code(field, value)
    kept = composed(value, _longest(field))
    if max(len(value), len(kept)) > _longest(field):  # a few letters grow when they are composed
        raise Fault("field_length", field=field.name, zh=zh, en=en, high=_longest(field))
    if not is_plain(kept):
        raise Fault("field_text", field=field.name, zh=zh, en=en)
    if has_number(kept):
        raise Fault("field_number", field=field.name, zh=zh, en=en)
    return kept


def _some(listed: Listed) -> str:
    """The first few of what may be chosen, as people and machines know them."""
    shown = "、".join(f"{code} {name}" for code, name in listed[:SHOWN])
    return (shown + (" …" if len(listed) > SHOWN else "")) or "—"


def _checked_code(field: Field, value: str) -> str:
    try:
        code = uscc.check(value)
    except uscc.UsccFault as wrong:
        raise Fault("uscc_bad", field=field.name, zh=wrong.text.zh, en=wrong.text.en) from wrong
    if field.prefixes and not code.startswith(field.prefixes):
        heads = "、".join(field.prefixes)
        raise Fault(
            "uscc_bad",
            field=field.name,
            zh=f"这里的代码应以{heads}开头",
            en=f"a code here begins with {heads}",
        )
    return code


def _example_code(field: Field) -> str:
    """The field's own example, or one that is right in form; 91 stands for any enterprise."""
    if isinstance(field.example, str) and field.example:
        return field.example
    return next(
        (code for head, code in _EXAMPLE_CODES.items() if head in field.prefixes), "91220204MA00000151"
    )


def _checked_date(field: Field, value: str, today: date, wrong: Fault) -> str:
    day = day_of(value)
    if day is None:
        raise wrong
    low, high = _window(field, today)
    if not low <= day <= high:
        raise Fault("field_date", field=field.name, zh=field.label.zh, en=field.label.en, low=low, high=high)
    return value


def _longest(field: Field) -> int:
    return min(field.maximum, 2000)


def _offset(example: Scalar) -> int:
    return example if isinstance(example, int) else 0


def _window(field: Field, today: date) -> tuple[date, date]:
    return today + timedelta(days=field.minimum), today + timedelta(days=field.maximum)
