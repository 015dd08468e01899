"""The shapes of what offices say: strict, closed, bounded. A wrong type is never bent into a right one."""

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
from pydantic_core import ErrorDetails

from workflows import uscc as codes
from workflows.errors import Fault
from workflows.plain import composed, day_of, is_line, said_back
from workflows.words import Text

EARLIEST = date(1949, 10, 1)
LONGEST_LINE = 400


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
    day = day_of(value) if isinstance(value, str) else None
    if day is None:
        raise _Said(Text("写作 2019-01-02", "write 2019-01-02"), "date_bad")
    if day < EARLIEST:
        raise _Said(Text("早于1949年10月1日", "earlier than 1949-10-01"), "value_bad")
    return day


def _kept(value: object) -> object:
    """Composed before it is measured: a few letters grow, and a column is only so wide."""
    return composed(value, LONGEST_LINE) if isinstance(value, str) else value


def _plain(value: str) -> str:
    if not is_line(value):
        raise _Said(Text("含有不能使用的字符", "it holds characters that may not be used"))
    return value.strip()


def _named(value: str) -> str:
    value = _plain(value)
    if not value:
        raise _Said(Text("不能为空", "it may not be empty"))
    return value


def _each_once(codes: list[str]) -> list[str]:
    if len(codes) != len(set(codes)):
        raise _Said(Text("同一代码写了两次", "the same code stands there twice"))
    return codes


Uscc: TypeAlias = Annotated[str, BeforeValidator(_code)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
Name: TypeAlias = Annotated[
    str, BeforeValidator(_kept), StringConstraints(min_length=1, max_length=200), AfterValidator(_named)
]
Line: TypeAlias = Annotated[
    str, BeforeValidator(_kept), StringConstraints(max_length=LONGEST_LINE), AfterValidator(_plain)
]
Word: TypeAlias = Annotated[
    str, BeforeValidator(_kept), StringConstraints(max_length=40), AfterValidator(_plain)
]
Kind: TypeAlias = Annotated[
    str, BeforeValidator(_kept), StringConstraints(max_length=80), AfterValidator(_plain)
]
Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]
Place: TypeAlias = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{9}|[0-9]{12})$")]


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
    expected_on: Day | None = None


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


class Merged(Ended):
    """This enterprise went into another: one that stood before, or a new one (吸收合并, 新设合并)."""

    into: Uscc | None = None

    @model_validator(mode="after")
    def _another(self) -> "Merged":
        if self.into == self.uscc:
            raise _Said(Text("不能并入自己", "an enterprise cannot merge into itself"))
        return self


class Split(Ended):
    """This enterprise was divided; where it goes on beside the new ones, it stands among them (存续分立, 解散分立)."""

    into: Annotated[list[Uscc], Field(max_length=20), AfterValidator(_each_once)] | None = None


class Reported(_Shape):
    """A department tells of an enterprise that it knows: the tax, labour or economic office."""

    uscc: Uscc
    name: Name
    type: Kind | None = None
    division: Place | None = None
    address: Line | None = None
    industry: Word | None = None
    headcount: Count | None = None
    note: Line | None = None


SHAPES: dict[str, type[_Shape]] = {
    "registry.registered": Registered,
    "registry.prenotified": Prenotified,
    "registry.changed": Changed,
    "registry.suspended": Ended,
    "registry.resumed": Ended,
    "registry.deregistered": Ended,
    "registry.revoked": Ended,
    "registry.merged": Merged,
    "registry.split": Split,
    "registry.reported": Reported,
}

_WRONG: dict[str, Text] = {
    "string_type": Text("应为文字", "it must be text"),
    "int_type": Text(
        "应为整数（不要加引号，也不能是true/false）",
        "it must be a whole number, without quotation marks, not true or false",
    ),
    "int_from_float": Text("应为整数", "it must be a whole number"),
    "bool_type": Text("应为true或false", "it must be true or false"),
    "list_type": Text("应为JSON数组", "it must be a JSON array"),
    "too_long": Text("最多{max_length}项", "at most {max_length} items"),
    "string_too_long": Text("最多{max_length}个字", "at most {max_length} characters"),
    "string_too_short": Text("不能为空", "it may not be empty"),
    "string_pattern_mismatch": Text("应为6位、9位或12位数字", "it must have 6, 9 or 12 digits"),
    "greater_than_equal": Text("不能小于{ge}", "it may not be less than {ge}"),
    "less_than_equal": Text("不能大于{le}", "it may not be more than {le}"),
    "value_error": Text(
        "含有不能使用的字符（控制字符或方向控制符）",
        "it holds characters that may not be used (control or direction marks)",
    ),
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


def what_is_wrong(first: ErrorDetails) -> Text:
    """Pydantic's finding as a sentence for the person who sent it; never what he sent."""
    return _WRONG.get(first["type"], _OTHER).filled(**first.get("ctx", {}))


def _fault(error: ValidationError, where: str) -> Fault:
    first = error.errors(include_url=False, include_input=False)[0]
    loc = [str(part) for part in first["loc"] if not str(part).startswith(("function-", "nullable"))]
    if first["type"] == "extra_forbidden":
        loc[-1] = said_back(loc[-1])
    name = ".".join([where, *loc])
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
    why = what_is_wrong(first)
    return Fault("value_bad", field=name, name=name, zh=why.zh, en=why.en)
