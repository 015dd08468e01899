"""The judge of every answer: never 5xx; a refusal is a problem in two languages that names code and field, repeats nothing of
what was sent and tells nothing of how we are built."""

import json
import re
from collections import Counter
from typing import Any

from api.headers import HEADERS
from tests.fuzz.wire import Answer, Sent
from workflows.errors import CATALOGUE

#: Stands in much of what is sent, and never in a refusal.
CANARY = "漏Ж7341"

#: Faults of one thing among those that were sent; the others are of the request as a whole, or of what is on file.
OF_A_FIELD = frozenset(
    [
        "field_missing",
        "field_unknown",
        "field_type",
        "field_range",
        "field_length",
        "field_choice",
        "field_date",
        "field_text",
        "json_duplicate_key",
        "envelope_missing",
        "type_unknown",
        "uscc_bad",
        "uscc_missing",
        "date_bad",
        "date_future",
        "division_unknown",
        "source_unknown",
        "evidence_unknown",
        "evidence_missing",
        "document_kind",
        "body_unasked",
    ]
)
#: What only somebody inside would say.
INSIDE = re.compile(
    r'Traceback|File "|\.py\b|sqlalchemy|psycopg|sqlite|pydantic|starlette|fastapi|<class|object at 0x', re.I
)
CHINESE = re.compile("[\u4e00-\u9fff]")
MEMBERS = {"type", "title", "status", "detail", "code", "field", "message", "trace_id"}


class Judge:
    """Keeps count of what was answered, and of every complaint."""

    def __init__(self) -> None:
        self.answers: Counter[str] = Counter()
        self.complaints: list[str] = []

    def __call__(self, sent: Sent, answer: Answer) -> None:
        code = _code(answer)
        self.answers[f"{answer.status} {code}".strip()] += 1
        for why in _wrong(sent, answer):
            self.complaints.append(f"{why}\n  {sent}\n  {answer.status} {answer.body[:400]!r}")
            print(self.complaints[-1], flush=True)

    @property
    def cases(self) -> int:
        return self.answers.total()

    def told(self) -> dict[str, Any]:
        """The figures, by status and by code. `Any`: JSON."""
        by_status: Counter[str] = Counter()
        for name, times in self.answers.items():
            by_status[name[:3]] += times
        return {
            "cases": self.cases,
            "by_status": dict(sorted(by_status.items())),
            "by_code": dict(self.answers.most_common()),
        }


def _wrong(sent: Sent, answer: Answer) -> list[str]:
    wrong = [
        f"{name} is {answer.headers.get(name.lower())}"
        for name, value in HEADERS.items()
        if answer.headers.get(name.lower()) != value
    ]
    if answer.status >= 500:
        wrong.append("an answer of 5xx")
    if answer.status < 400:
        return wrong
    text = answer.body.decode("utf-8", "replace")
    if _keeps_what_was_typed(sent, answer):
        if "<script>alert" in text:
            wrong.append("what was typed breaks out of its field")
    elif CANARY in text or CANARY.encode("unicode_escape").decode() in text:
        wrong.append("the input is said back")
    if INSIDE.search(text):
        wrong.append("it tells how we are built")
    if sent.method == "HEAD":
        return wrong
    if answer.headers.get("content-type", "").startswith("text/html"):
        return wrong + (
            [] if _is_a_page(sent) and CHINESE.search(text) else ["a page where a problem should stand"]
        )
    return wrong + _wrong_problem(answer)


def _wrong_problem(answer: Answer) -> list[str]:
    if answer.headers.get("content-type") != "application/problem+json":
        return [f"no problem but {answer.headers.get('content-type')}"]
    told = json.loads(answer.body)
    if set(told) != MEMBERS:
        return [f"members {sorted(told)}"]
    wrong = []
    if told["code"] not in CATALOGUE or told["status"] != answer.status:
        wrong.append("an unknown code, or another status")
    zh, en = told["message"]["zh"], told["message"]["en"]
    if (
        not CHINESE.search(zh)
        or not en
        or told["detail"] not in (zh, en)
        or not re.fullmatch("[0-9a-f]{16}", told["trace_id"])
    ):
        wrong.append("not in two languages, or without its number")
    if told["code"] in OF_A_FIELD and not told["field"]:
        wrong.append("no field named")
    if answer.status in (429, 503) and "retry-after" not in answer.headers:
        wrong.append("not said when to come back")
    return wrong


def _keeps_what_was_typed(sent: Sent, answer: Answer) -> bool:
    """A form of a page that is refused is shown again with what was typed in it: to who sent it, and to nobody else."""
    html = answer.headers.get("content-type", "").startswith("text/html")
    return html and sent.method == "POST" and any(name == "Cookie" for name, _ in sent.headers)


def _is_a_page(sent: Sent) -> bool:
    return not sent.path.startswith(("/api/", "/static/"))


def _code(answer: Answer) -> str:
    if answer.headers.get("content-type") != "application/problem+json":
        return ""
    try:
        return str(json.loads(answer.body)["code"])
    except (ValueError, KeyError):
        return ""
