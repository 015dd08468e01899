"""A CloudEvent as it must be before anything else looks at it. The SDK would invent a missing id; we refuse (STACK fact 4)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.intake.shapes import fit
from workflows.errors import Fault
from workflows.events import REGISTRY_EVENTS, canonical
from workflows.plain import is_line, moment_of, said_back

#: Attributes that carriers add on the way; they are not what the office said.
_CARRIERS = frozenset({"traceparent", "tracestate"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event from outside, checked. `raw` is its canonical form, `digest` what makes two the same."""

    source: str
    id: str
    type: str
    event: str
    data: Mapping[str, Any]
    raw: bytes
    digest: bytes

    @property
    def case_key(self) -> str:
        """Events of one enterprise are applied in order; a pre-notice has no code yet and stands by its own name."""
        code = self.data.get("uscc")
        return str(code) if code else f"{self.source}#{self.data['reference']}"


def check(said: object, *, today: date) -> Envelope:
    """The envelope, or a Fault naming the attribute or field that is wrong."""
    if not isinstance(said, dict):
        raise Fault(
            "envelope_bad", field="", name="JSON", zh="应为一个JSON对象", en="it must be one JSON object"
        )
    for name in ("specversion", "id", "source", "type"):
        if name not in said:
            raise Fault("envelope_missing", field=name, name=name)
        _word(name, said[name])
    if said["specversion"] != "1.0":
        raise Fault(
            "envelope_bad", field="specversion", name="specversion", zh="应为1.0", en="it must be 1.0"
        )
    event = REGISTRY_EVENTS.get(said["type"])
    if event is None:
        raise Fault("type_unknown", field="type")
    for name, value in said.items():
        if name != "data":
            _attribute(name, value)
    _instant(said.get("time"), today)
    if "data" not in said:
        raise Fault("envelope_missing", field="data", name="data")
    data = fit(event, said["data"])
    _not_in_the_future(data, today)
    raw = canonical(said)
    same = canonical({name: value for name, value in said.items() if name not in _CARRIERS})
    return Envelope(said["source"], said["id"], said["type"], event, data, raw, hashlib.sha256(same).digest())


def _word(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise Fault("envelope_bad", field=name, name=name, zh="应为文字", en="it must be text")
    if not 0 < len(value) <= 200 or not is_line(value) or not value.strip():
        raise Fault(
            "envelope_bad",
            field=name,
            name=name,
            zh="应为1至200个可见字符",
            en="it must have 1 to 200 visible characters",
        )


def _attribute(name: str, value: object) -> None:
    if not (name.isascii() and name.isalnum() and name == name.lower() and len(name) <= 60):
        shown = said_back(name)
        raise Fault(
            "envelope_bad",
            field=shown,
            name=shown,
            zh="属性名只能用小写字母和数字",
            en="attribute names are lower-case letters and digits",
        )
    if name == "datacontenttype" and value != "application/json":
        raise Fault(
            "envelope_bad", field=name, name=name, zh="应为application/json", en="it must be application/json"
        )
    if isinstance(value, str):
        if len(value) > 400 or not is_line(value):
            raise Fault(
                "envelope_bad",
                field=name,
                name=name,
                zh="太长或含有不能使用的字符",
                en="it is too long or holds characters that may not be used",
            )
    elif isinstance(value, int) and not -(2**31) <= value < 2**31:  # a CloudEvents Integer, or true and false
        raise Fault(
            "envelope_bad",
            field=name,
            name=name,
            zh="整数应在-2147483648到2147483647之间",
            en="a whole number lies between -2147483648 and 2147483647",
        )
    elif value is not None and not isinstance(value, int):
        raise Fault(
            "envelope_bad",
            field=name,
            name=name,
            zh="应为文字、整数或真假值",
            en="it must be text, a whole number or true/false",
        )


def _instant(value: object, today: date) -> None:
    if value is None:
        return
    moment = moment_of(value) if isinstance(value, str) else None
    if moment is None:
        raise Fault(
            "envelope_bad",
            field="time",
            name="time",
            zh="应写作 2019-01-02T09:30:00+08:00",
            en="write 2019-01-02T09:30:00+08:00",
        )
    if moment.date() > today + timedelta(days=1):  # a day's grace for zones and clocks
        raise Fault("date_future", field="time", name="time")


def _not_in_the_future(data: Mapping[str, Any], today: date) -> None:
    for name in ("registered_on", "effective_on"):
        day = data.get(name)
        if isinstance(day, date) and day > today:
            raise Fault("date_future", field=f"data.{name}", name=f"data.{name}")
