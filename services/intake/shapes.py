"""The shapes of what registration offices say: strict, closed, bounded. A wrong type is never bent into a right one."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from services.directory import uscc as codes
from workflows.errors import Fault
from workflows.forms import is_plain
from workflows.words import Text

EARLIEST = date(1949, 10, 1)


class _Said(ValueError):
    """A sentence for the person who sent it, carried through pydantic."""

    def __init__(self, text: Text, code: str = "value_bad") -> None:
        super().__init__(text.en)
        self.text, self.code = text, code


def _code(value: object) -> object:
    if isinstance(value, bool | int | float):
        raise _Said(
            Text(
                "表格软件把代码变成了数字，请把该列设为文本",
                "a spreadsheet turned the code into a number; format the column as text",
            ),
            "uscc_bad",
        )
    if not isinstance(value, str):
        return value
    try:
        return codes.check(value)
    except codes.UsccFault as fault:
        raise _Said(fault.text, "uscc_bad") from None


def _day(value: object) -> object:
    if not isinstance(value, str) or len(value) != 10:
        raise _Said(Text("写作 2019-01-02", "write 2019-01-02"), "date_bad")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise _Said(Text("写作 2019-01-02", "write 2019-01-02"), "date_bad") from None
    if day < EARLIEST:
        raise _Said(Text("早于1949年10月1日", "earlier than 1949-10-01"), "value_bad")
    return day


def _plain(value: str) -> str:
    if not is_plain(value) or "\n" in value:
        raise _Said(Text("含有不能使用的字符", "it holds characters that may not be used"))
    return value.strip()


def _named(value: str) -> str:
    value = _plain(value)
    if not value:
        raise _Said(Text("不能为空", "it may not be empty"))
    return value


Uscc: TypeAlias = Annotated[str, BeforeValidator(_code)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Name: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_named)]
Line: TypeAlias = Annotated[str, StringConstraints(max_length=400), AfterValidator(_plain)]
Word: TypeAlias = Annotated[str, StringConstraints(max_length=40), AfterValidator(_plain)]
Kind: TypeAlias = Annotated[str, StringConstraints(max_length=80), AfterValidator(_plain)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Place: TypeAlias = Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{9}|\d{12})$")]


class _Shape(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Registered(_Shape):
    uscc: Uscc
    name: Name
    registered_on: Day
    type: Kind | None = None
    division: Place | None = None
    address: Line | None = None
    industry: Word | None = None
    headcount: Count | None = None
    prenotice: Word | None = None


class Prenotified(_Shape):
    reference: Word
    name: Name
    division: Place
    address: Line | None = None
    industry: Word | None = None
    expected_on: Annotated[str, BeforeValidator(_day)] | None = None


class Changed(_Shape):
    uscc: Uscc
    name: Name | None = None
    type: Kind | None = None
    division: Place | None = None
    address: Line | None = None
    industry: Word | None = None
    headcount: Count | None = None
    effective_on: Day | None = None

    @model_validator(mode="after")
    def _something(self) -> "Changed":
        if not self.model_fields_set - {"uscc", "effective_on"}:
            raise _Said(Text("没有说明变更了什么", "it does not say what changed"))
        return self


class Ended(_Shape):
    """Suspended, resumed, deregistered, revoked: which enterprise, since when, and why if the office says so."""

    uscc: Uscc
    effective_on: Day | None = None
    reason: Line | None = None


SHAPES: dict[str, type[_Shape]] = {
    "registry.registered": Registered,
    "registry.prenotified": Prenotified,
    "registry.changed": Changed,
    "registry.suspended": Ended,
    "registry.resumed": Ended,
    "registry.deregistered": Ended,
    "registry.revoked": Ended,
}

_WRONG: dict[str, Text] = {
    "string_type": Text("应为文字", "it must be text"),
    "int_type": Text(
        "应为整数（不要加引号，也不能是true/false）",
        "it must be a whole number, without quotation marks, not true or false",
    ),
    "int_from_float": Text("应为整数", "it must be a whole number"),
    "string_too_long": Text("太长", "it is too long"),
    "string_too_short": Text("不能为空", "it may not be empty"),
    "string_pattern_mismatch": Text("应为6位、9位或12位数字", "it must have 6, 9 or 12 digits"),
    "greater_than_equal": Text("太小", "it is too small"),
    "less_than_equal": Text("太大", "it is too large"),
    "model_type": Text("应为JSON对象", "it must be a JSON object"),
    "dict_type": Text("应为JSON对象", "it must be a JSON object"),
}
_OTHER = Text("填写不正确", "it is not filled in rightly")


def fit(event: str, data: object, *, where: str = "data") -> dict[str, Any]:
    """The data in the shape of its event, dates as dates; or a Fault naming the first wrong field. `Any`: pydantic's dump."""
    try:
        return SHAPES[event].model_validate(data).model_dump()
    except ValidationError as error:
        raise _fault(error, where) from None


def _fault(error: ValidationError, where: str) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    loc = [str(part) for part in first["loc"] if not str(part).startswith(("function-", "nullable"))]
    name = ".".join([where, *loc])[:80]
    name = name if name.isprintable() else where
    if first["type"] == "missing":
        return (
            Fault("uscc_missing", field=name)
            if loc[-1:] == ["uscc"]
            else Fault("envelope_missing", field=name, name=name)
        )
    if first["type"] == "extra_forbidden":
        return Fault("field_unknown", field=name, name=name)
    said = first.get("ctx", {}).get("error")
    if isinstance(said, _Said):
        if said.code == "date_bad":
            return Fault("date_bad", field=name, name=name)
        extra = {} if said.code == "uscc_bad" else {"name": name}
        return Fault(said.code, field=name, zh=said.text.zh, en=said.text.en, **extra)
    why = _WRONG.get(first["type"], _OTHER)
    return Fault("value_bad", field=name, name=name, zh=why.zh, en=why.en)
