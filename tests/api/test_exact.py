"""A request says what is asked for, each thing once and nothing beside; text is kept in one form and hides nothing (S22)."""

import json
import unicodedata
from typing import Any

import pytest

from tests.builders import COUNTY, TOWN, Counter, assert_problem, registered
from tests.fuzz.ground import multipart

OFFICE, LOCAL = f"registry.{COUNTY}", f"union.{TOWN}"
PAPER: list[tuple[str, str | bytes, str | None]] = [
    ("kind", "union_application", None),
    ("file", "材料\n".encode(), "a.txt"),
]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("divison=220204", "divison"),  # a slip of the pen would have listed everything
        ("uscc=1&uscc=2", "uscc"),
        ("%E5%BC%A0%E4%B8%89=1", "?"),
    ],
)
def test_a_parameter_that_is_not_known_or_stands_there_twice_is_refused(
    counter: Counter, query: str, field: str
) -> None:
    assert (
        assert_problem(counter.get(LOCAL, f"/api/v1/cases?{query}"), 400, "parameter_bad")["field"] == field
    )


def test_the_language_may_be_asked_for_everywhere(counter: Counter) -> None:
    assert counter.get(LOCAL, "/api/v1/cases?lang=en").status_code == 200


def test_a_header_that_counts_stands_there_once(counter: Counter) -> None:
    for name in ("Content-Type", "Idempotency-Key", "ce-id", "Authorization"):
        headers = [*counter.headers(LOCAL).items(), (name, "x"), (name, "x")]
        answer = counter.client.get("/api/v1/cases", headers=headers)
        assert_problem(answer, 400, "parameter_bad")


def test_a_packed_body_is_refused(counter: Counter) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = counter.client.post("/api/v1/tokens", content=b"{}", headers=headers)
    assert assert_problem(answer, 415, "media_type")["field"] == "Content-Encoding"


def test_another_charset_than_utf_8_is_refused(counter: Counter) -> None:
    for media in ("application/json; charset=gb18030", "application/cloudevents+json; charset=utf-16"):
        path = "/api/v1/events" if "cloud" in media else "/api/v1/tokens"
        answer = counter.post(OFFICE, path, content=b"{}", headers={"Content-Type": media})
        assert_problem(answer, 400, "encoding_bad")


def test_what_takes_no_body_is_given_none(counter: Counter) -> None:
    answer = counter.post(LOCAL, "/api/v1/work-items/1/claim", json={"account": LOCAL})
    assert_problem(answer, 400, "body_unasked")
    assert_problem(counter.post(LOCAL, "/api/v1/work-items/1/claim", json={}), 404, "not_found")


@pytest.mark.parametrize(
    ("part", "code", "field"),
    [
        (("kind", "union_application", None), "parameter_bad", "kind"),
        (("other", "x", None), "field_unknown", "other"),
        (("张三", "x", None), "field_unknown", "?"),
        (("number", "船工发〔2026〕1号".encode("gb18030"), None), "encoding_bad", "number"),
        (("issued_on", "2026-W09-1", None), "date_bad", "issued_on"),
    ],
)
def test_a_form_holds_each_known_field_once_in_utf_8(
    counter: Counter, part: tuple[str, str | bytes, str | None], code: str, field: str
) -> None:
    content, media = multipart([*PAPER, part])
    answer = counter.post(
        LOCAL, "/api/v1/documents", content=content, headers={"Content-Type": media.decode()}
    )
    assert assert_problem(answer, 400, code)["field"] == field


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("ce-subject", "%ff"),
        ("ce-subject", "\u00e9"),
        ("ce-data", "{}"),
        ("ce-datacontenttype", "text/xml"),
        ("ce-id", "   "),
    ],
)
def test_an_attribute_in_a_header_is_percent_encoded_text(counter: Counter, header: str, value: str) -> None:
    said = registered()
    headers = {f"ce-{name}": said[name] for name in ("specversion", "id", "source", "type")}
    headers |= {header: value, "Content-Type": "application/json"}
    encoded = [(name.encode(), each.encode("latin-1")) for name, each in headers.items()]
    encoded += [(name.encode(), each.encode()) for name, each in counter.headers(OFFICE).items()]
    answer = counter.client.post("/api/v1/events", content=json.dumps(said["data"]).encode(), headers=encoded)
    assert assert_problem(answer, 400, "envelope_bad")["field"] in (header, header.removeprefix("ce-"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"time": "2026-W10-1T09:00:00+08:00"}, "envelope_bad"),
        ({"time": "2026-03-02 09:00:00+08:00"}, "envelope_bad"),
        ({"time": "0001-01-01T00:00:00+08:00"}, "envelope_bad"),
        ({"priority": 2**31}, "envelope_bad"),
        ({"subject": "a\tb"}, "envelope_bad"),
        ({"id": " \u3000"}, "envelope_bad"),
        ({"source": f"/registry/{COUNTY}/"}, "source_unknown"),  # a second spelling would be a second event
        ({"source": f"/registry.{COUNTY}"}, "source_unknown"),
    ],
)
def test_an_envelope_is_written_in_one_way(counter: Counter, change: dict[str, Any], code: str) -> None:
    assert_problem(counter.send(OFFICE, registered() | change), 400, code)


@pytest.mark.parametrize(
    "data",
    [
        {"registered_on": "2026-W09-1"},
        {"division": "２２０２０４"},
        {"name": "甲\t公司"},
        {"name": "甲\u2028公司"},
        {"name": "甲\u202e公司"},
        {"address": "\u0958" * 201},  # a letter that grows to two when it is composed
    ],
)
def test_what_an_office_says_fits_its_field(counter: Counter, data: dict[str, Any]) -> None:
    told = counter.send(OFFICE, registered(**data)).json()
    assert told["status"] == 400 and told["field"] == f"data.{next(iter(data))}"


def test_a_name_is_kept_composed(counter: Counter) -> None:
    name = unicodedata.normalize("NFD", "Café有限公司")
    counter.send(OFFICE, registered(name=name))
    counter.town.settle()
    (found,) = counter.get(f"union.{COUNTY}", "/api/v1/cases").json()["items"]
    assert found["enterprise"]["name"] == "Café有限公司" != name


@pytest.mark.parametrize(
    "as_of", ["2026-W10-1", "0001-01-01T00:00:00+23:59", "9999-12-31", "2026-03-02 09:00Z"]
)
def test_a_moment_outside_the_calendar_is_refused(counter: Counter, as_of: str) -> None:
    code = counter.town.enterprise()
    key = counter.case(LOCAL, code)["id"]
    answer = counter.get(LOCAL, f"/api/v1/cases/{key}/history", params={"as_of": as_of})
    assert assert_problem(answer, 400, "parameter_bad")["field"] == "as_of"


def test_a_fault_of_a_field_points_into_fields(counter: Counter) -> None:
    code = counter.town.enterprise()
    lead = counter.proceeding(LOCAL, code, "lead")
    path = f"/api/v1/proceedings/{lead['id']}/steps/survey"
    for fields, field in (
        ({"headcount": "60"}, "fields.headcount"),
        ({"headcuont": 60}, "fields.headcuont"),
        ({"张三": 60}, "fields.?"),
    ):
        told = counter.post(LOCAL, path, json={"fields": fields}).json()
        assert told["field"] == field
        assert "张三" not in json.dumps(told, ensure_ascii=False)
    told = counter.post(LOCAL, path, json={"fields": {}, "evidence": [7]}).json()
    assert told["field"] == "evidence.0" and "文字" in told["message"]["zh"]


def test_an_own_file_is_given_whole_whatever_part_is_asked_for(counter: Counter) -> None:
    for part in ("bytes=abc", "bytes=99999999-", "bytes=0-1"):
        assert counter.client.get("/static/gongjian.css", headers={"Range": part}).status_code == 200


def test_json_with_a_byte_order_mark_says_so(counter: Counter) -> None:
    assert_problem(counter.send(OFFICE, b"\xef\xbb\xbf" + json.dumps(registered()).encode()), 400, "json_bom")
